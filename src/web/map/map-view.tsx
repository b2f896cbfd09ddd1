// The map of all pictures: what shows like things lies together. One component with all that belongs to it; what a picture or
// a choice of them leads to is the page's business.
import { useMemo, useRef, useState } from 'preact/hooks';
import { Failure } from '../components/failure.tsx';
import { useService } from '../service.ts';
import type { ViewActions } from '../view-actions.ts';
import { grouped } from '../wording.ts';
import { ChosenStrip } from './chosen-strip.tsx';
import type { LabelledRegion } from './label-layer.ts';
import { speakers } from './lasso.ts';
import { MapCanvas } from './map-canvas.tsx';
import { MapTools } from './map-tools.tsx';
import type { DrawnMap } from './packed-map.ts';
import { makePictureCache } from './picture-cache.ts';
import type { Plane } from './plane.ts';
import { RegionList } from './region-list.tsx';
import { type MapReading, useMap } from './use-map.ts';
import './map.css';

/** More than a person looks through. */
const MOST_SHOWN = 60;
/** Terms of one query; spread over the choice, their mean is near that of all. */
const MOST_ASKED = 16;

interface Choice {
  readonly points: readonly number[];
  readonly region: LabelledRegion | undefined;
}

const NOTHING: Choice = { points: [], region: undefined };

export function MapView(actions: ViewActions) {
  const reading = useMap();
  const { map, error, isEmpty, share } = reading;
  if (error !== undefined && map === undefined) return <Failure error={error} onRetry={reading.retry} />;
  if (isEmpty)
    return <p class="notice">The map shows all pictures of the library, and there are none yet. Add some first.</p>;
  if (map === undefined) return <Drawing share={share} />;
  return <OpenMap key={map.ids} map={map} reading={reading} {...actions} />;
}

interface Props extends ViewActions {
  readonly map: DrawnMap;
  readonly reading: MapReading;
}

function OpenMap({ map, reading, onOpen, onSimilar, onSearchText, onSearchPictures }: Props) {
  const send = useService();
  const pictures = useMemo(() => makePictureCache(send), [send]);
  const [isLasso, setLasso] = useState(false);
  const [choice, setChoice] = useState(NOTHING);
  const plane = useRef<Plane>(null);
  const regions = useMemo(() => listed(map.regions), [map]);
  const idsOf = (points: readonly number[]) => points.map((i) => String(map.ids[i]));
  const shownIds = useMemo(() => idsOf(speakers(choice.points, map.places, MOST_SHOWN)), [choice, map]);

  const choose = (points: readonly number[], region?: LabelledRegion) => {
    setChoice({ points, region });
    setLasso(false);
  };
  const more = () => {
    const ids = idsOf(speakers(choice.points, map.places, MOST_ASKED));
    const [only] = ids;
    if (ids.length === 1 && only !== undefined) onSimilar(only);
    else onSearchPictures(ids);
  };

  return (
    <section class="map" aria-label="Map">
      <h1 class="hidden">Map of all pictures</h1>
      <Standing map={map} reading={reading} />
      <div class="map-body">
        <MapCanvas
          map={map}
          pictures={pictures}
          isLasso={isLasso}
          chosen={choice.points}
          plane={plane}
          onPick={async (point) => {
            const [picture] = await pictures.get(idsOf([point])).catch(() => []);
            if (picture !== undefined) onOpen(picture);
          }}
          onChoose={choose}
        />
        <MapTools
          isLasso={isLasso}
          onLasso={() => setLasso(!isLasso)}
          onZoom={(factor) => plane.current?.zoomBy(factor)}
          onAll={() => plane.current?.showAll()}
          onSeen={() => choose(plane.current?.inView() ?? [])}
        />
      </div>
      {choice.points.length > 0 && (
        <ChosenStrip
          count={choice.points.length}
          ids={shownIds}
          label={choice.region?.label ?? null}
          pictures={pictures}
          onOpen={onOpen}
          onMore={more}
          onLabel={onSearchText}
          onClear={() => choose([])}
        />
      )}
      <RegionList
        regions={regions}
        chosen={choice.region}
        onChoose={(region) => {
          const points = pointsOf(region, map);
          choose(points, region);
          plane.current?.showPoints(points);
        }}
      />
    </section>
  );
}

/** How current it is, and the way to a newer one. */
function Standing({ map, reading: { share, isStale, error, redraw } }: { map: DrawnMap; reading: MapReading }) {
  if (share !== undefined) return <Drawing share={share} />;
  return (
    <p class={isStale ? 'map-standing is-stale' : 'map-standing'} role="status">
      {error !== undefined && `${error.message} (${error.code}) `}
      {isStale
        ? `${map.added} of ${map.count} pictures came after the map was drawn and lie beside what they are most like.`
        : `${grouped(map.count)} pictures; what shows like things lies together.`}{' '}
      <button type="button" class="map-link" onClick={redraw}>
        Draw the map anew
      </button>
    </p>
  );
}

function Drawing({ share }: { share: number | undefined }) {
  return (
    <div class="map-drawing" role="status">
      <p>{share === undefined ? 'One moment…' : `Drawing the map: ${Math.round(share * 100)} %`}</p>
      {share !== undefined && <progress aria-label="Drawing the map" max={1} value={share} />}
    </div>
  );
}

/** The middle level, where there is one: few enough to read, many enough to find one's way. Largest first. */
function listed(regions: readonly LabelledRegion[]): LabelledRegion[] {
  const level = Math.min(1, Math.max(0, ...regions.map((region) => region.level)));
  return regions.filter((region) => region.level === level && region.label !== null).sort((a, b) => b.count - a.count);
}

/** A picture belongs to the region of the level whose middle is nearest. */
function pointsOf(region: LabelledRegion, { places, regions }: DrawnMap): number[] {
  const ofLevel = regions.filter(({ level }) => level === region.level);
  const found: number[] = [];
  for (let i = 0; i < places.length / 2; i++) {
    const [x, y] = [places[2 * i] as number, places[2 * i + 1] as number];
    const own = (region.x - x) ** 2 + (region.y - y) ** 2;
    if (ofLevel.every((other) => (other.x - x) ** 2 + (other.y - y) ** 2 >= own)) found.push(i);
  }
  return found;
}
