// The service's jobs, live: asked for once, then each that runs is followed by its subscription. A page that is loaded
// again, or a connection that broke, finds what runs.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ServiceError, toServiceError } from '../graphql-client.ts';
import { useService } from '../service.ts';
import { jobProgress } from '../subscriptions.ts';
import { JOBS, TAKE_IN_FOLDER, type Work } from './documents.ts';

export interface Jobs {
  /** Running ones first, then the newest; undefined until they are known. */
  readonly jobs: readonly Work[] | undefined;
  /** False while the live connection is broken and made again. */
  readonly isConnected: boolean;
  readonly error: ServiceError | undefined;
  takeInFolder(path: string): Promise<void>;
}

export function useJobs(): Jobs {
  const send = useService();
  const [jobs, setJobs] = useState<readonly Work[]>();
  const [isConnected, setConnected] = useState(true);
  const [error, setError] = useState<ServiceError>();
  const followed = useRef(new Map<string, () => void>());

  const put = useCallback((job: Work) => {
    setJobs((jobs = []) => {
      const isKnown = jobs.some(({ id }) => id === job.id);
      return isKnown ? jobs.map((other) => (other.id === job.id ? job : other)) : [job, ...jobs];
    });
  }, []);

  const load = useCallback(async () => {
    try {
      const { jobs } = (await send(JOBS, {})).library;
      setJobs(jobs);
      setError(undefined);
    } catch (thrown) {
      setError(toServiceError(thrown));
    }
  }, [send]);

  useEffect(() => void load(), [load]);

  useEffect(() => {
    for (const { id, state } of jobs ?? []) {
      if (state !== 'RUNNING' || followed.current.has(id)) continue;
      const leave = jobProgress(id, {
        onData: put,
        onConnected: setConnected,
        onEnd(error) {
          followed.current.delete(id);
          // A service that was started anew remembers no jobs: what it knows now is the truth.
          if (error !== undefined) void load();
        },
      });
      followed.current.set(id, leave);
    }
  }, [jobs, put, load]);

  useEffect(() => {
    const { current } = followed;
    return () => {
      for (const leave of current.values()) leave();
      current.clear();
    };
  }, []);

  return {
    jobs,
    isConnected,
    error,
    takeInFolder: useCallback(
      async (path) => {
        setError(undefined);
        try {
          put((await send(TAKE_IN_FOLDER, { path })).indexFolder);
        } catch (thrown) {
          setError(toServiceError(thrown));
        }
      },
      [send, put],
    ),
  };
}
