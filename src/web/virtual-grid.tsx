// Pictures in justified rows, of which only those near the screen are in the document: 50,000 scroll as smoothly as 50. The
// page itself scrolls. One picture is a tab stop; arrows, Home and End walk from it, also to rows that are not there yet.
import { Component, type ComponentChildren, type Ref } from 'preact';
import { useId, useImperativeHandle, useMemo, useRef } from 'preact/hooks';
import type { Box } from './justified-layout.ts';
import { useElementWidth } from './use-element-width.ts';
import { type Stretch, sightOf, useMountedStretch } from './use-mounted-stretch.ts';
import { indexOfTile, useWalkingFocus } from './use-walking-focus.ts';
import { planRows, type RowPlan, rowsBetween, topOf, WALKING_KEYS, type WalkingKey, walk } from './virtual-rows.ts';
import './virtual-grid.css';

export interface TileSlot {
  /** Pixels of the picture; the caption has `captionHeight` below it. */
  readonly box: Box;
  readonly index: number;
  /** For every control of the tile: only those of one tile are tab stops. */
  readonly tabIndex: 0 | -1;
}

export interface VirtualGridHandle {
  /** Mounts the item, brings it into sight and puts the focus on it. */
  focus(index: number): void;
}

interface Props<Item> {
  /** A new array where anything changed. */
  readonly items: readonly Item[];
  /** Of all items, also those not fetched yet; null where nobody knows. */
  readonly total: number | null;
  readonly hasMore: boolean;
  readonly label: string;
  /** Pixels under each picture that its tile needs. */
  readonly captionHeight?: number;
  /** The items answer an older question than the one that is asked. */
  readonly isStale: boolean;
  /** Tiles are drawn anew only where item, slot or this function changed: hand down the same one. */
  readonly tile: (item: Item, slot: TileSlot) => ComponentChildren;
  readonly handle?: Ref<VirtualGridHandle>;
  keyOf(item: Item): string;
  /** Width / height. */
  ratioOf(item: Item): number;
  /** The end is less than two screens away; called once for each `items` while there is more. */
  onEndNear(): void;
}

const CAPTION_HEIGHT = 34;
const WIDE = { gap: 16, targetHeight: 210, rowGap: 14 };
const PHONE = { gap: 10, targetHeight: 150, rowGap: 6 };
const PHONE_WIDTH = 640;

export function VirtualGrid<Item>(props: Props<Item>) {
  const { items, total, hasMore, label, isStale, tile, handle, keyOf, ratioOf, onEndNear } = props;
  const { captionHeight = CAPTION_HEIGHT } = props;
  const list = useRef<HTMLUListElement>(null);
  const hint = useId();
  const width = useElementWidth(list);
  const plan = useMemo(
    () =>
      planRows(width === 0 ? [] : items.map(ratioOf), width, {
        ...(width < PHONE_WIDTH ? PHONE : WIDE),
        captionHeight,
      }),
    [items, width, ratioOf, captionHeight],
  );
  const announced = useRef<readonly Item[] | null>(null);
  const mounted = useMountedStretch(list, plan, width, () => {
    if (!hasMore || announced.current === items) return;
    announced.current = items;
    onEndNear();
  });

  const focus = useWalkingFocus(list, items, keyOf);
  useImperativeHandle(handle ?? null, () => ({ focus: focus.moveTo }), [focus.moveTo]);

  const { from, to } = rowsBetween(plan, mounted.top, mounted.bottom);
  const first = plan.starts[from] ?? 0;
  const end = to === 0 ? 0 : (plan.starts[to] ?? plan.boxes.length);
  const indexes = Array.from({ length: end - first }, (_, i) => first + i);
  const kept = focus.index;
  // A focused picture stays when its row leaves, or the focus would fall back to the top of the page.
  if (kept !== undefined && focus.isHeld && kept < plan.boxes.length) {
    if (kept < first) indexes.unshift(kept);
    else if (kept >= end) indexes.push(kept);
  }
  const stop = kept !== undefined && indexes.includes(kept) ? kept : firstInSight(plan, mounted, indexes);

  const onKeyDown = (event: KeyboardEvent) => {
    const index = indexOfTile(event.target);
    if (index === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!isWalkingKey(event.key) || isTyping(event.target)) return;
    const next = walk(plan, index, event.key);
    event.preventDefault();
    if (next !== index) focus.moveTo(next);
  };

  return (
    <>
      <p id={hint} class="hidden">
        Arrow keys go from picture to picture, Home and End to the first and the last.
      </p>
      <ul
        ref={list}
        class="grid vgrid"
        // Safari takes the role away from a list without bullets.
        // biome-ignore lint/a11y/noRedundantRoles: see above
        role="list"
        aria-label={label}
        aria-describedby={hint}
        aria-busy={isStale}
        style={{ height: `${plan.height}px` }}
        onKeyDown={onKeyDown}
        onFocusIn={focus.onFocusIn}
        onFocusOut={focus.onFocusOut}
      >
        {indexes.map((index) => {
          const item = items[index];
          const box = plan.boxes[index];
          if (item === undefined || box === undefined) return null;
          return (
            <Cell
              key={keyOf(item)}
              item={item}
              index={index}
              left={plan.lefts[index] ?? 0}
              top={topOf(plan, index)}
              width={box.width}
              height={box.height}
              captionHeight={captionHeight}
              size={total ?? (hasMore ? -1 : items.length)}
              tabIndex={index === stop ? 0 : -1}
              tile={tile}
            />
          );
        })}
      </ul>
    </>
  );
}

interface CellProps<Item> extends Box {
  readonly item: Item;
  readonly index: number;
  readonly left: number;
  readonly top: number;
  readonly captionHeight: number;
  readonly size: number;
  readonly tabIndex: 0 | -1;
  readonly tile: (item: Item, slot: TileSlot) => ComponentChildren;
}

/** Skips all work while nothing of it changed, which is the rule while one scrolls. */
class Cell<Item> extends Component<CellProps<Item>> {
  override shouldComponentUpdate(next: Readonly<CellProps<Item>>): boolean {
    return (Object.keys(next) as Array<keyof CellProps<Item>>).some((name) => next[name] !== this.props[name]);
  }

  override render({ item, index, left, top, width, height, captionHeight, size, tabIndex, tile }: CellProps<Item>) {
    return (
      <li
        class="tile vgrid-tile"
        data-index={index}
        aria-setsize={size}
        aria-posinset={index + 1}
        style={{ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height + captionHeight}px` }}
      >
        {tile(item, { box: { width, height }, index, tabIndex })}
      </li>
    );
  }
}

/** The first mounted picture whose row begins below the upper edge of the screen. */
function firstInSight(plan: RowPlan, mounted: Stretch, indexes: readonly number[]): number | undefined {
  // Near the top the list begins with its first picture, wherever in the margin the screen stands.
  const top = mounted.top <= 0 ? 0 : sightOf(mounted).top;
  return indexes.find((index) => topOf(plan, index) >= top) ?? indexes[0];
}

function isWalkingKey(key: string): key is WalkingKey {
  return (WALKING_KEYS as readonly string[]).includes(key);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input, select, textarea');
}
