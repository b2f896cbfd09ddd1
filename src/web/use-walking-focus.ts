// The focus in a virtual grid: which picture has it, and how it moves to one whose row is not in the document yet.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface WalkingFocus {
  /** The picture that has, or last had, the focus. */
  readonly index: number | undefined;
  /** It has it now. */
  readonly isHeld: boolean;
  moveTo(index: number): void;
  onFocusIn(event: FocusEvent): void;
  onFocusOut(event: FocusEvent): void;
}

/** `list` holds tiles with the class `vgrid-tile` and their number in `data-index`. */
export function useWalkingFocus<Item>(
  list: { readonly current: HTMLElement | null },
  items: readonly Item[],
  keyOf: (item: Item) => string,
): WalkingFocus {
  const [at, setAt] = useState<{
    readonly index: number;
    readonly key: string | undefined;
    readonly isHeld: boolean;
  }>();
  const wanted = useRef<number | undefined>(undefined);
  const held = useRef<HTMLElement | undefined>(undefined);
  const keyAt = (index: number) => {
    const item = items[index];
    return item === undefined ? undefined : keyOf(item);
  };
  const current = useRef(keyAt);
  current.current = keyAt;

  // Every time, since a picture may have been waited for, or its element moved, which takes the focus from it.
  useLayoutEffect(() => {
    const target = wanted.current === undefined ? undefined : controlOf(list.current, wanted.current);
    if (target !== undefined) {
      target.focus({ preventScroll: true });
      wanted.current = undefined;
      target.closest('li')?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    } else if (held.current?.isConnected && document.activeElement === document.body) {
      held.current.focus({ preventScroll: true });
    }
  });

  const [moveTo] = useState(() => (index: number) => {
    if (current.current(index) === undefined) return;
    wanted.current = index;
    setAt({ index, key: current.current(index), isHeld: true });
  });
  // Another answer is another list: what was focused in the old one means nothing in it.
  const isSame = at !== undefined && keyAt(at.index) === at.key;
  return {
    index: isSame ? at.index : undefined,
    isHeld: isSame && at.isHeld,
    moveTo,
    onFocusIn({ target }) {
      const index = indexOfTile(target);
      if (index === undefined) return;
      held.current = target as HTMLElement;
      setAt((at) => (at?.index === index && at.isHeld ? at : { index, key: keyAt(index), isHeld: true }));
    },
    onFocusOut({ relatedTarget }) {
      // It is on its way to a picture that was not there yet, whose mounting took the old one away.
      if (wanted.current !== undefined) return;
      // Another window took it: it comes back with this one.
      if (!document.hasFocus() || (relatedTarget instanceof Node && list.current?.contains(relatedTarget))) return;
      held.current = undefined;
      setAt((at) => at && { ...at, isHeld: false });
    },
  };
}

/** Number of the tile that an event came from. */
export function indexOfTile(target: EventTarget | null): number | undefined {
  const index = target instanceof Element ? target.closest<HTMLElement>('.vgrid-tile')?.dataset.index : undefined;
  return index === undefined ? undefined : Number(index);
}

/** The first control of a tile stands for the picture. */
function controlOf(list: HTMLElement | null, index: number): HTMLElement | undefined {
  return list?.querySelector<HTMLElement>(`.vgrid-tile[data-index="${index}"] :is(button, a[href])`) ?? undefined;
}
