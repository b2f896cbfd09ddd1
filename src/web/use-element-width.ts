// How wide an element is, for layouts that are computed.
import { useLayoutEffect, useState } from 'preact/hooks';

/** Width of an element in whole pixels, 0 before it is known. Measured before the first paint, so nothing jumps. */
export function useElementWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = () => setWidth(Math.floor(current.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
