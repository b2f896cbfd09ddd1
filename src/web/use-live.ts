// Sliders show at once what they are moved to, and tell it on when they rest.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Steering } from './steering.ts';

const DEBOUNCE_MS = 180;

/** What is shown, and how to change it. A steering from elsewhere (the back button) replaces it. */
export function useLive(
  steering: Steering,
  onSteer: (steering: Steering) => void,
): [Steering, (steering: Steering) => void] {
  const [shown, setShown] = useState(steering);
  const told = useRef(steering);
  const tell = useRef(onSteer);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  tell.current = onSteer;

  useEffect(() => {
    if (steering === told.current) return;
    clearTimeout(timer.current);
    told.current = steering;
    setShown(steering);
  }, [steering]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = (next: Steering) => {
    setShown(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      told.current = next;
      tell.current(next);
    }, DEBOUNCE_MS);
  };
  return [shown, change];
}
