// All that is being taken in, in one place for the whole page: files of one's own, and the service's jobs, each that runs
// followed by its subscription. A page that is loaded again, or a connection that broke, finds what runs.
import { createContext } from 'preact';
import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { type ServiceError, toServiceError } from '../graphql-client.ts';
import { useService } from '../service.ts';
import { JOBS, TAKE_IN_FOLDER, type Work } from './documents.ts';
import type { DroppedFiles } from './dropped-files.ts';
import { type UploadState, uploads } from './uploads.ts';

export interface WorkState {
  /** Undefined until files were added, and once that is put away. */
  readonly upload: UploadState | undefined;
  /** Newest first; undefined until they are known. */
  readonly jobs: readonly Work[] | undefined;
  /** Those that were begun in this window and not put away. */
  readonly begun: readonly Work[];
  /** False while the live connection is broken and made again. */
  readonly isConnected: boolean;
  readonly error: ServiceError | undefined;
  addFiles(given: Pick<DroppedFiles, 'files'> & Partial<DroppedFiles>): void;
  stopFiles(): void;
  dismissFiles(): void;
  addFolder(path: string): Promise<void>;
  dismissJob(id: string): void;
  /** Asks for the jobs that the service knows. */
  load(): Promise<void>;
}

/** Given by the page, taken by whatever shows work. */
export const WorkContext = createContext<WorkState | undefined>(undefined);

const BEGUN_KEY = 'semblance-jobs';

/** `onGrown` is called whenever something was taken in to its end. */
export function useWork(onGrown: () => void): WorkState {
  const send = useService();
  const [jobs, setJobs] = useState<readonly Work[]>();
  const [begun, setBegun] = useState(readBegun);
  const [isConnected, setConnected] = useState(true);
  const [error, setError] = useState<ServiceError>();
  const [, redraw] = useReducer((round: number) => round + 1, 0);
  const followed = useRef(new Map<string, () => void>());
  const grown = useRef(onGrown);
  grown.current = onGrown;

  const put = useCallback((job: Work) => {
    setJobs((jobs = []) => {
      const isKnown = jobs.some(({ id }) => id === job.id);
      return isKnown ? jobs.map((other) => (other.id === job.id ? job : other)) : [job, ...jobs];
    });
  }, []);
  const remember = useCallback((change: (ids: readonly string[]) => readonly string[]) => {
    setBegun((ids) => {
      const changed = change(ids);
      sessionStorage.setItem(BEGUN_KEY, JSON.stringify(changed));
      return changed;
    });
  }, []);
  const load = useCallback(async () => {
    try {
      setJobs((await send(JOBS, {})).library.jobs);
      setError(undefined);
    } catch (thrown) {
      setError(toServiceError(thrown));
    }
  }, [send]);

  useEffect(() => {
    if (begun.length > 0) void load();
    let wasRunning = uploads.state?.isRunning === true;
    return uploads.onChange(() => {
      const isRunning = uploads.state?.isRunning === true;
      if (wasRunning && !isRunning) grown.current();
      wasRunning = isRunning;
      redraw(undefined);
    });
  }, []);

  useEffect(() => {
    for (const { id, state } of jobs ?? []) {
      if (state !== 'RUNNING' || followed.current.has(id)) continue;
      let isWanted = true;
      let leave = () => {};
      followed.current.set(id, () => {
        isWanted = false;
        leave();
      });
      const end = (error?: ServiceError) => {
        followed.current.delete(id);
        grown.current();
        // A service that was started anew remembers no jobs: what it knows now is the truth.
        if (error !== undefined) void load();
      };
      // Comes with the first job that is followed.
      import('../subscriptions.ts').then(
        ({ jobProgress }) => {
          if (isWanted) leave = jobProgress(id, { onData: put, onConnected: setConnected, onEnd: end });
        },
        (thrown: unknown) => setError(toServiceError(thrown)),
      );
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
    upload: uploads.state,
    jobs,
    begun: (jobs ?? []).filter(({ id }) => begun.includes(id)),
    isConnected,
    error,
    addFiles: useCallback(
      ({ files, unreadable = [] }) =>
        uploads.add(
          send,
          files,
          unreadable.map((file) => ({ ...file, code: 'FILE_NOT_FOUND' })),
        ),
      [send],
    ),
    stopFiles: useCallback(() => uploads.stop(), []),
    dismissFiles: useCallback(() => uploads.dismiss(), []),
    addFolder: useCallback(
      async (path) => {
        setError(undefined);
        try {
          const job = (await send(TAKE_IN_FOLDER, { path })).indexFolder;
          remember((ids) => [...ids, job.id]);
          put(job);
        } catch (thrown) {
          setError(toServiceError(thrown));
        }
      },
      [send, put, remember],
    ),
    dismissJob: useCallback((id) => remember((ids) => ids.filter((other) => other !== id)), [remember]),
    load,
  };
}

function readBegun(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(sessionStorage.getItem(BEGUN_KEY) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
