// A slider for each tag of a picture: more of this, or none of it.
import { LEFT_OUT, type Steering, steered } from '../steering.ts';

const STEP = 0.2;

interface Props {
  readonly tags: readonly string[];
  readonly steering: Steering;
  onChange(steering: Steering): void;
}

export function TagSliders({ tags, steering, onChange }: Props) {
  return (
    <div class="sliders">
      {tags.map((tag) => (
        <Slider
          key={tag}
          tag={tag}
          value={steering.get(tag) ?? 0}
          onMove={(value) => onChange(steered(steering, tag, value))}
        />
      ))}
    </div>
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
