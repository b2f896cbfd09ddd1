// The pictures of a view, page by page. A newer question drops the answer to an older one; what was there stays on
// screen until the new answer comes, so that nothing flickers while one types.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { View } from './address.ts';
import { fetchPage, type PicturePage } from './fetch-page.ts';
import { isAway, type ServiceError, toServiceError } from './graphql-client.ts';
import { useService } from './service.ts';

export interface Answer extends PicturePage {
  /** What was asked; may lag behind the page's view while a newer question is under way. */
  readonly view: View;
  readonly pages: number;
}

export interface Pictures {
  readonly answer: Answer | undefined;
  readonly isLoading: boolean;
  readonly error: ServiceError | undefined;
  loadMore(): void;
  reload(): void;
}

interface State {
  readonly answer: Answer | undefined;
  readonly isLoading: boolean;
  readonly error: ServiceError | undefined;
}

export function usePictures(view: View): Pictures {
  const send = useService();
  const [state, setState] = useState<State>({ answer: undefined, isLoading: true, error: undefined });
  const running = useRef<AbortController | null>(null);

  const load = useCallback(
    async (after: string | null) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setState(({ answer, error }) => ({
        answer,
        isLoading: true,
        // Said until there is an answer, so that the words do not flicker from one try to the next.
        error: error !== undefined && isAway(error) ? error : undefined,
      }));
      const outcome = await fetchPage(send, view, after, controller.signal).catch(toServiceError);
      if (controller.signal.aborted) return;
      setState(({ answer }) => {
        // A service that is away leaves the last answer standing; any other failure is one of the question itself.
        if (outcome instanceof Error)
          return { answer: after === null && !isAway(outcome) ? undefined : answer, isLoading: false, error: outcome };
        const next = after === null || answer === undefined ? { ...outcome, view, pages: 1 } : append(answer, outcome);
        return { answer: next, isLoading: false, error: undefined };
      });
    },
    [send, view],
  );

  useEffect(() => {
    void load(null);
    return () => running.current?.abort();
  }, [load]);

  const next = state.answer?.view === view ? state.answer.next : null;
  return {
    ...state,
    loadMore: useCallback(() => {
      if (next !== null) void load(next);
    }, [load, next]),
    reload: useCallback(() => void load(null), [load]),
  };
}

/** A picture may come twice where the library grew between two pages; the first place counts. */
function append(answer: Answer, page: PicturePage): Answer {
  const seen = new Set(answer.found.map(({ picture }) => picture.id));
  const fresh = page.found.filter(({ picture }) => !seen.has(picture.id));
  return {
    ...answer,
    found: [...answer.found, ...fresh],
    notices: page.notices,
    next: page.next,
    pages: answer.pages + 1,
  };
}
