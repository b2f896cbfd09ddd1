// Adding pictures: files of one's own in small requests, one after the other, so that progress shows and one broken
// file stops nothing; or a folder of the service's machine, whose job is followed until it ends, across reloads too.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ADD_IMAGES, INDEX_FOLDER, JOB_STATUS, type Job, type Refusal } from './documents.ts';
import { type Send, type ServiceError, toServiceError } from './graphql-client.ts';
import { useService } from './service.ts';

const FILES_PER_REQUEST = 8;
const JOB_KEY = 'semblance-job';

export interface Additions {
  readonly total: number;
  readonly done: number;
  readonly added: number;
  readonly known: number;
  readonly refused: readonly Refusal[];
  readonly secondsLeft: number | null;
  readonly isRunning: boolean;
  readonly error: Pick<ServiceError, 'code' | 'message'> | undefined;
}

const NOTHING_YET: Additions = {
  total: 0,
  done: 0,
  added: 0,
  known: 0,
  refused: [],
  secondsLeft: null,
  isRunning: true,
  error: undefined,
};

export interface AddControls {
  /** Undefined until something was added. */
  readonly additions: Additions | undefined;
  addFiles(files: readonly File[]): void;
  addFolder(path: string): void;
  dismiss(): void;
}

/** `onChange` is called whenever the library has grown. */
export function useAdditions(onChange: () => void): AddControls {
  const send = useService();
  const [additions, setAdditions] = useState<Additions>();

  const follow = useCallback(
    async (work: (report: (state: Additions) => void) => Promise<void>) => {
      const report = (state: Additions) => {
        setAdditions(state);
        if (!state.isRunning) onChange();
      };
      try {
        await work(report);
      } catch (thrown) {
        const error = toServiceError(thrown);
        setAdditions((state) => ({ ...(state ?? NOTHING_YET), isRunning: false, error }));
        onChange();
      }
    },
    [onChange],
  );

  // A job that was under way when the page was reloaded is shown again.
  useEffect(() => {
    const id = sessionStorage.getItem(JOB_KEY);
    if (id !== null) void follow((report) => followJob(send, id, report));
  }, [send, follow]);

  return {
    additions,
    addFiles: useCallback((files) => void follow((report) => uploadAll(send, files, report)), [send, follow]),
    addFolder: useCallback(
      (path) =>
        void follow(async (report) => {
          report(NOTHING_YET);
          const { id } = (await send(INDEX_FOLDER, { path })).indexFolder;
          sessionStorage.setItem(JOB_KEY, id);
          await followJob(send, id, report);
        }),
      [send, follow],
    ),
    dismiss: useCallback(() => setAdditions(undefined), []),
  };
}

async function uploadAll(send: Send, files: readonly File[], report: (state: Additions) => void): Promise<void> {
  let state: Additions = { ...NOTHING_YET, total: files.length };
  report(state);
  for (let start = 0; start < files.length; start += FILES_PER_REQUEST) {
    const { outcomes } = (await send(ADD_IMAGES, { uploads: files.slice(start, start + FILES_PER_REQUEST) })).addImages;
    state = {
      ...state,
      done: state.done + outcomes.length,
      added: state.added + outcomes.filter(({ image, alreadyKnown }) => image !== null && !alreadyKnown).length,
      known: state.known + outcomes.filter(({ alreadyKnown }) => alreadyKnown).length,
      refused: [...state.refused, ...outcomes.flatMap(({ error }) => error ?? [])],
      isRunning: start + FILES_PER_REQUEST < files.length,
    };
    report(state);
  }
}

/** Asked for once, since a service that was started anew remembers no jobs; then told as it goes on. */
async function followJob(send: Send, id: string, report: (state: Additions) => void): Promise<void> {
  const { job } = await send(JOB_STATUS, { id });
  if (job !== null) report(fromJob(job));
  if (job?.state === 'RUNNING') {
    // Comes with the first job that is followed.
    const { jobProgress } = await import('./subscriptions.ts');
    await new Promise<void>((resolve, reject) => {
      jobProgress(id, {
        onData: (job) => report(fromJob(job)),
        onEnd: (error) => (error === undefined ? resolve() : reject(error)),
      });
    });
  }
  sessionStorage.removeItem(JOB_KEY);
}

function fromJob({ found, done, added, known, skipped, secondsLeft, state, error }: Job): Additions {
  return {
    total: found,
    done,
    added,
    known,
    refused: skipped,
    secondsLeft,
    isRunning: state === 'RUNNING',
    error: error ?? undefined,
  };
}
