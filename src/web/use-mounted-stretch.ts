// Which stretch of a long list has its rows in the document while the page scrolls, and how the list keeps its place when its
// width changes. Knows the plan of the rows, no pictures.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Anchor, anchorAt, heightOfAnchor, type RowPlan } from './virtual-rows.ts';

/** Pixels from the top of the list. */
export interface Stretch {
  readonly top: number;
  readonly bottom: number;
}

/** Mounted beyond each edge of the screen, so that a wheel's turn meets what is already there. */
const OVERSCAN_SCREENS = 0.6;
const END_NEAR_SCREENS = 2;

/** What is seen and a margin. `onEndNear` is called at every look while the end is less than two screens away. */
export function useMountedStretch(
  list: { readonly current: HTMLElement | null },
  plan: RowPlan,
  width: number,
  onEndNear: () => void,
): Stretch {
  const [mounted, setMounted] = useState<Stretch>({ top: 0, bottom: innerHeight * (1 + OVERSCAN_SCREENS) });
  const anchor = useRef<Anchor | undefined>(undefined);
  const planned = useRef(width);
  const look = useRef(() => {});

  look.current = () => {
    if (list.current === null) return;
    // The only reading of layout in a frame, before anything is written.
    const seen = { top: -list.current.getBoundingClientRect().top, bottom: 0 };
    seen.bottom = seen.top + innerHeight;
    anchor.current = seen.top > 0 ? anchorAt(plan, seen.top) : undefined;
    const margin = innerHeight * OVERSCAN_SCREENS;
    setMounted((mounted) => {
      // Half of the margin may be used up before rows come and go, so that most scroll events draw nothing at all.
      const isCovered =
        mounted.top <= Math.max(0, seen.top - margin / 2) &&
        mounted.bottom >= Math.min(plan.height, seen.bottom + margin / 2) &&
        mounted.bottom - mounted.top <= innerHeight + 2 * margin + 1;
      return isCovered ? mounted : { top: seen.top - margin, bottom: seen.bottom + margin };
    });
    if (plan.height - seen.bottom < END_NEAR_SCREENS * innerHeight) onEndNear();
  };

  useLayoutEffect(() => {
    const onMove = () => look.current();
    addEventListener('scroll', onMove, { passive: true });
    addEventListener('resize', onMove);
    return () => {
      removeEventListener('scroll', onMove);
      removeEventListener('resize', onMove);
    };
  }, []);

  useLayoutEffect(() => {
    const isResized = planned.current !== width && planned.current !== 0;
    planned.current = width;
    if (isResized && anchor.current !== undefined && list.current !== null) {
      const top = list.current.getBoundingClientRect().top + heightOfAnchor(plan, anchor.current);
      scrollBy({ top, behavior: 'instant' });
    }
    look.current();
  }, [plan, width]);

  return mounted;
}

/** About what is seen of a mounted stretch: without its margins. */
export function sightOf({ top, bottom }: Stretch): Stretch {
  const margin = innerHeight * OVERSCAN_SCREENS;
  return { top: top + margin, bottom: bottom - margin };
}
