// The state of the library, asked again and again while the page is visible: often while it grows, seldom otherwise.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { LIBRARY, type Library } from './queries.ts';
import { useService } from './service.ts';

const BUSY_MS = 2_000;
const CALM_MS = 15_000;

export interface LibraryState {
  readonly library: Library | undefined;
  /** Pictures a second that came in between the last two looks. */
  readonly rate: number;
  refresh(): void;
}

/** While `isReachable` is false nothing is asked: a closed or absent service is reported once, by what shows pictures. */
export function useLibrary(isReachable: boolean): LibraryState {
  const send = useService();
  const [state, setState] = useState<Omit<LibraryState, 'refresh'>>({ library: undefined, rate: 0 });
  const [round, setRound] = useState(0);
  const last = useRef<{ readonly imageCount: number; readonly at: number } | undefined>(undefined);

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const answer = document.hidden ? undefined : await send(LIBRARY, {}, controller.signal).catch(() => undefined);
      if (controller.signal.aborted) return;
      let pause = CALM_MS;
      if (answer !== undefined) {
        const { library } = answer;
        const rate = rateSince(last.current, library.imageCount);
        last.current = { imageCount: library.imageCount, at: performance.now() };
        setState({ library, rate });
        if (rate > 0 || library.imageCount === 0 || library.index.state === 'BUILDING') pause = BUSY_MS;
      }
      timer = setTimeout(look, pause);
    };
    if (isReachable) void look();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [send, isReachable, round]);

  return { ...state, refresh: useCallback(() => setRound((round) => round + 1), []) };
}

function rateSince(last: { imageCount: number; at: number } | undefined, imageCount: number): number {
  if (last === undefined) return 0;
  // Two looks right after each other say nothing about a rate.
  const seconds = Math.max(1, (performance.now() - last.at) / 1000);
  return Math.max(0, imageCount - last.imageCount) / seconds;
}
