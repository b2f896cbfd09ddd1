// The picture that is searched by and a slider for each of its tags: more of this, or none of it. Moves are told a
// moment after the last one; what that makes of the search is the caller's business.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Asked } from '../fetch-page.ts';
import { LEFT_OUT, NO_STEERING, type Steering, steered } from '../steering.ts';
import { useObjectUrl } from '../use-object-url.ts';
import { FocusOverlay } from './focus-overlay.tsx';

const DEBOUNCE_MS = 180;
const STEP = 0.2;

interface Props {
  readonly asked: Asked;
  /** The user's own picture, where it is not one of the library. */
  readonly file: File | undefined;
  readonly steering: Steering;
  onSteer(steering: Steering): void;
}

export function SteeringPanel({ asked, file, steering, onSteer }: Props) {
  const own = useObjectUrl(file);
  const source = asked.subject?.small ?? own;
  const [shown, change] = useLive(steering, onSteer);
  // Words of an address that the picture itself was not tagged with can be moved as well.
  const tags = [...new Set([...asked.tags, ...shown.keys()])];
  return (
    <section class="steering" aria-labelledby="steering-heading">
      {source !== undefined && (
        <div class="steering-picture" aria-hidden="true">
          <img src={source} alt="" />
          <FocusOverlay map={asked.focusMap} />
        </div>
      )}
      <div class="steering-controls">
        <div class="steering-head">
          <h2 id="steering-heading">More or less of this</h2>
          {shown.size > 0 && (
            <button type="button" class="tag" onClick={() => change(NO_STEERING)}>
              Reset
            </button>
          )}
        </div>
        <div class="sliders">
          {tags.map((tag) => (
            <Slider
              key={tag}
              tag={tag}
              value={shown.get(tag) ?? 0}
              onMove={(value) => change(steered(shown, tag, value))}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

interface SliderProps {
  readonly tag: string;
  readonly value: number;
  onMove(value: number): void;
}

function Slider({ tag, value, onMove }: SliderProps) {
  const meaning = value > 0 ? `${Math.round(value * 100)} % more` : value < 0 ? 'none of it' : 'as it is';
  return (
    <label class={`slider ${value === 0 ? '' : 'is-moved'}`}>
      <span class="slider-name" title={tag}>
        {tag}
      </span>
      <input
        type="range"
        aria-label={`More of ${tag}`}
        aria-valuetext={meaning}
        min={LEFT_OUT}
        max={1}
        step={STEP}
        value={value}
        onInput={({ currentTarget }) => onMove(Math.round(currentTarget.valueAsNumber * 100) / 100)}
      />
      <span class="slider-meaning" aria-hidden="true">
        {meaning}
      </span>
    </label>
  );
}

/** What the sliders show at once, told on when they rest. A steering from elsewhere (the back button) replaces it. */
function useLive(steering: Steering, onSteer: (steering: Steering) => void): [Steering, (steering: Steering) => void] {
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
