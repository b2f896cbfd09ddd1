// The picture that is searched by and a slider for each of its tags: more of this, or none of it. A part of the picture
// can be chosen too. What that makes of the search is the caller's business.
import { useState } from 'preact/hooks';
import type { FocusMap, RegionInput } from '../documents.ts';
import { NO_STEERING, type Steering } from '../steering.ts';
import { useLive } from '../use-live.ts';
import { useObjectUrl } from '../use-object-url.ts';
import type { Subject } from '../use-subjects.ts';
import { BoxPicker } from './box-picker.tsx';
import { FocusOverlay } from './focus-overlay.tsx';
import { BoxIcon } from './icons.tsx';
import { TagSliders } from './tag-sliders.tsx';

interface Props {
  readonly subject: Subject;
  /** The user's own picture, where it is not one of the library. */
  readonly file: File | undefined;
  readonly region: RegionInput | null;
  readonly focusMap: readonly FocusMap[];
  readonly steering: Steering;
  onSteer(steering: Steering): void;
  onRegion(region: RegionInput | null): void;
}

export function SteeringPanel({ subject, file, region, focusMap, steering, onSteer, onRegion }: Props) {
  const own = useObjectUrl(file);
  const source = subject.picture?.large ?? own;
  const [shown, change] = useLive(steering, onSteer);
  const [isBoxing, setBoxing] = useState(false);
  // Words of an address that the picture itself was not tagged with can be moved as well.
  const tags = [...new Set([...subject.tags, ...shown.keys()])];
  return (
    <section class={`steering ${isBoxing ? 'is-boxing' : ''}`} aria-labelledby="steering-heading">
      {source !== undefined && (
        <div class="steering-picture">
          <img src={source} alt="" />
          <FocusOverlay map={focusMap} />
          {(isBoxing || region !== null) && (
            <BoxPicker
              region={region}
              isActive={isBoxing}
              onPick={(region) => {
                setBoxing(false);
                onRegion(region);
              }}
              onCancel={() => setBoxing(false)}
            />
          )}
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
          <span class="steering-part">
            {region !== null && (
              <button type="button" class="tag" onClick={() => onRegion(null)}>
                Whole picture
              </button>
            )}
            {source !== undefined && (
              <button type="button" class="tag" aria-pressed={isBoxing} onClick={() => setBoxing(!isBoxing)}>
                <BoxIcon /> Part of it
              </button>
            )}
          </span>
        </div>
        <TagSliders tags={tags} steering={shown} onChange={change} />
      </div>
    </section>
  );
}
