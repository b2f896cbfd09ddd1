// The pictures in justified rows, as one list. Arrow keys walk from picture to picture.
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FoundPicture } from '../fetch-page.ts';
import { layOut } from '../justified-layout.ts';
import type { Picture } from '../queries.ts';
import { PictureTile } from './picture-tile.tsx';

interface Props {
  readonly found: readonly FoundPicture[];
  readonly label: string;
  readonly isStale: boolean;
  onOpen(found: FoundPicture): void;
  onSimilar(picture: Picture): void;
  onTag(tag: string): void;
}

export function PictureGrid({ found, label, isStale, ...actions }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const width = useWidth(list);
  const boxes = useMemo(() => {
    const isNarrow = width < 640;
    const ratios = found.map(({ picture }) => picture.width / picture.height);
    return layOut(ratios, width, isNarrow ? { gap: 10, targetHeight: 150 } : { gap: 16, targetHeight: 210 });
  }, [found, width]);

  return (
    <ul ref={list} class="grid" aria-label={label} aria-busy={isStale} onKeyDown={walk}>
      {width > 0 &&
        found.map((item, i) => {
          const box = boxes[i];
          return box && <PictureTile key={item.picture.id} found={item} box={box} isFirst={i < 8} {...actions} />;
        })}
    </ul>
  );
}

/** Width of an element in whole pixels, 0 before it is known. Measured before the first paint, so nothing jumps. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
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

/** Left and right go through the order; up and down to the picture that lies nearest in the row above or below. */
function walk(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const pictures = [...event.currentTarget.querySelectorAll<HTMLElement>('.tile-picture')];
  const at = pictures.indexOf(event.target as HTMLElement);
  const from = pictures[at];
  if (from === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const ways: Readonly<Record<string, () => HTMLElement | undefined>> = {
    ArrowLeft: () => pictures[at - 1],
    ArrowRight: () => pictures[at + 1],
    ArrowUp: () => nearestBeyond(from, pictures.slice(0, at).reverse()),
    ArrowDown: () => nearestBeyond(from, pictures.slice(at + 1)),
  };
  const next = ways[event.key]?.();
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** Of the nearest other row among the candidates, the picture whose middle lies nearest. */
function nearestBeyond(from: HTMLElement, candidates: readonly HTMLElement[]): HTMLElement | undefined {
  const { top, left, width } = from.getBoundingClientRect();
  const first = candidates.find((candidate) => Math.abs(candidate.getBoundingClientRect().top - top) > 4);
  if (first === undefined) return undefined;
  const rowTop = first.getBoundingClientRect().top;
  const row = candidates
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => Math.abs(box.top - rowTop) <= 4);
  const distance = (box: DOMRect) => Math.abs(box.left + box.width / 2 - left - width / 2);
  return row.reduce((best, candidate) => (distance(candidate.box) < distance(best.box) ? candidate : best)).element;
}
