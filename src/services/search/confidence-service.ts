// Confidences of hits: joins the model's calibration with what query and picture score on its background.
// Knows no index and no surface.
import { LRUCache } from 'lru-cache';
import { dot, type Matrix, type Vector } from '../../core/vector.ts';
import type { Label } from '../../core/views.ts';
import { type ConfidenceLevel, confidenceOf, passesLevel } from '../../query/calibrate.ts';
import type { Modality } from '../../query/space.ts';
import { type BackgroundStatistics, backgroundStatistics } from '../../query/statistics.ts';
import type { ModelSpace } from './model-space.ts';

export type { ConfidenceLevel } from '../../query/calibrate.ts';

/** Three numbers each. */
const MOST_KEPT = 100_000;

/** What one query says of pictures. */
export interface ConfidenceReader {
  /** 0..1; null where the model brings no calibration. */
  of(label: Label, picture: Vector): number | null;
  /** True where a hit of that confidence is shown at the level; without a calibration nothing is held back. */
  passes(confidence: number | null, level: ConfidenceLevel): boolean;
}

const SILENT: ConfidenceReader = { of: () => null, passes: () => true };

export class ConfidenceService {
  readonly #space: ModelSpace;
  /**
   * A picture's background statistics follow from its stored vector and the model's background, and are kept in memory
   * once computed instead of being written at ingest: it takes 0.1 to 0.5 ms a picture, more than a hundredth of what ingest
   * spends on one; only hits need it (with the starter's calibration only those of image queries), and a new calibration
   * leaves nothing stale behind in the catalog.
   */
  readonly #pictures = {
    TEXT: new LRUCache<Label, BackgroundStatistics>({ max: MOST_KEPT }),
    IMAGE: new LRUCache<Label, BackgroundStatistics>({ max: MOST_KEPT }),
  };

  constructor(space: ModelSpace) {
    this.#space = space;
  }

  get isAvailable(): boolean {
    return this.#space.calibrations !== undefined;
  }

  /** `query`: unit vector as a text or picture of this modality would have it. Its own statistics are computed here, once. */
  reader(query: Vector, modality: Modality): ConfidenceReader {
    const { statistics, calibrations } = this.#space;
    if (statistics === undefined || calibrations === undefined) return SILENT;
    const calibration = modality === 'TEXT' ? calibrations.textToImage : calibrations.imageToImage;
    const background = modality === 'TEXT' ? statistics.backgroundWords : statistics.backgroundPictures;
    const readsPicture = calibration.features.some((name) => name.startsWith('picture'));
    // Only where somebody asks for a confidence: it costs a millisecond.
    let known: BackgroundStatistics | undefined;
    const asked = () => {
      known ??= backgroundStatistics(query, statistics.backgroundPictures);
      return known;
    };
    return {
      of: (label, picture) =>
        confidenceOf(
          {
            cosine: dot(query, picture),
            query: asked(),
            picture: readsPicture ? this.#ofPicture(label, picture, background, modality) : asked(),
          },
          calibration,
        ),
      passes: (confidence, level) => confidence === null || passesLevel(confidence, level, calibration),
    };
  }

  #ofPicture(label: Label, picture: Vector, background: Matrix, modality: Modality): BackgroundStatistics {
    const kept = this.#pictures[modality];
    const statistics = kept.get(label) ?? backgroundStatistics(picture, background);
    kept.set(label, statistics);
    return statistics;
  }
}
