// The regions of the map as a list of buttons: the map for those who read it, and a way to walk it with the keyboard.
import { count, grouped } from '../wording.ts';
import type { LabelledRegion } from './label-layer.ts';

interface Props {
  readonly regions: readonly LabelledRegion[];
  readonly chosen: LabelledRegion | undefined;
  onChoose(region: LabelledRegion): void;
}

export function RegionList({ regions, chosen, onChoose }: Props) {
  if (regions.length === 0) return null;
  return (
    <nav class="map-regions" aria-label="Regions of the map">
      <ul>
        {regions.map((region) => (
          <li key={region.label}>
            <button
              type="button"
              aria-pressed={region === chosen}
              aria-label={`${region.label}, ${count(region.count, 'picture')}`}
              onClick={() => onChoose(region)}
            >
              {region.label} <span class="map-region-count">{grouped(region.count)}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
