// The state of the library, asked again and again while the page is visible: often while it grows, seldom otherwise.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { LIBRARY_STATUS, type Library } from './documents.ts';
import { isAway, type ServiceError, toServiceError } from './graphql-client.ts';
import { useService } from './service.ts';

const AWAY_MS = 1_500;
const BUSY_MS = 2_000;
const CALM_MS = 15_000;

export interface LibraryState {
  readonly library: Library | undefined;
  /** Pictures a second that came in between the last two looks. */
  readonly rate: number;
  /** Set while the service is away or still starting; it is asked again and again until it answers. */
  readonly away: ServiceError | undefined;
  refresh(): void;
}

/** While `isOpen` is false nothing is asked: a closed service is reported once, by what shows pictures. */
export function useLibrary(isOpen: boolean): LibraryState {
  const send = useService();
  const [state, setState] = useState<Omit<LibraryState, 'refresh'>>({
    library: undefined,
    rate: 0,
    away: undefined,
  });
  const [round, setRound] = useState(0);
  const last = useRef<{ readonly imageCount: number; readonly at: number } | undefined>(undefined);

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const answer = document.hidden
        ? undefined
        : await send(LIBRARY_STATUS, {}, controller.signal).catch(toServiceError);
      if (controller.signal.aborted) return;
      let pause = CALM_MS;
      if (answer instanceof Error) {
        const away = isAway(answer) ? answer : undefined;
        setState((state) => ({ ...state, rate: 0, away }));
        if (away !== undefined) pause = AWAY_MS;
      } else if (answer !== undefined) {
        const { library } = answer;
        const rate = rateSince(last.current, library.imageCount);
        last.current = { imageCount: library.imageCount, at: performance.now() };
        setState({ library, rate, away: undefined });
        if (rate > 0 || library.imageCount === 0 || library.index.state === 'BUILDING') pause = BUSY_MS;
      }
      timer = setTimeout(look, pause);
    };
    if (isOpen) void look();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [send, isOpen, round]);

  return { ...state, refresh: useCallback(() => setRound((round) => round + 1), []) };
}

function rateSince(last: { imageCount: number; at: number } | undefined, imageCount: number): number {
  if (last === undefined) return 0;
  // Two looks right after each other say nothing about a rate.
  const seconds = Math.max(1, (performance.now() - last.at) / 1000);
  return Math.max(0, imageCount - last.imageCount) / seconds;
}
