// What is known of a model beside its weights: where its modalities sit, its background and its calibration. Read from the
// model's own files where it brings them, else estimated from the library; knows no query.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { EncoderInfo } from '../../core/model-info.ts';
import { type Matrix, meanOfRows } from '../../core/vector.ts';
import type { Calibrations } from '../../query/calibrate.ts';
import { parseCalibrations } from '../../query/calibration-file.ts';
import type { ModalityMeans } from '../../query/space.ts';
import { parseStatistics, type SpaceStatistics } from '../../query/statistics.ts';
import { fitWhitening, LEAST_SAMPLE, type Whitening } from '../../query/whitening.ts';
import type { LibrarySample } from './library-sample.ts';

/** Fewer vectors on either side say more of their subjects than of where a modality sits. */
const LEAST_TO_CENTRE = 100;

interface Deps {
  readonly model: EncoderInfo;
  readonly sample: LibrarySample;
  /** The vocabulary's vectors: texts, to tell where texts sit. Undefined for an encoder that reads pictures only. */
  readonly words: Matrix | undefined;
  readonly statistics?: SpaceStatistics | undefined;
  readonly calibrations?: Calibrations | undefined;
}

export class ModelSpace {
  readonly #deps: Deps;
  readonly #whitenings = new Map<number, Whitening>();
  /** Of the sample that they were computed from. */
  #means: { readonly pictures: Matrix; readonly means: ModalityMeans & { readonly isKnown: boolean } } | undefined;

  private constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `folder`: where the model's files lie; undefined for one that has none. Throws MODEL_UNAVAILABLE for malformed ones. */
  static async open(
    deps: Omit<Deps, 'statistics' | 'calibrations'> & { readonly folder: string | undefined },
  ): Promise<ModelSpace> {
    const { folder, ...rest } = deps;
    if (folder === undefined) return new ModelSpace(rest);
    const [statistics, calibrations] = await Promise.all([
      readIfPresent(join(folder, 'statistics.bin')),
      readIfPresent(join(folder, 'calibration.json')),
    ]);
    if (statistics === undefined) return new ModelSpace(rest);
    const parsed = parseStatistics(statistics);
    if (parsed.dimension !== rest.model.dimension) {
      throw new AppError(
        'MODEL_UNAVAILABLE',
        `${folder}/statistics.bin is for vectors of length ${parsed.dimension}, the model gives ${rest.model.dimension}; make it anew with "npm run calibrate".`,
      );
    }
    return new ModelSpace({
      ...rest,
      statistics: parsed,
      calibrations: calibrations === undefined ? undefined : parseCalibrations(calibrations.toString('utf8')),
    });
  }

  /** The backgrounds that scores are read against; undefined where the model brings none. */
  get statistics(): SpaceStatistics | undefined {
    return this.#deps.statistics;
  }

  get calibrations(): Calibrations | undefined {
    return this.#deps.calibrations;
  }

  /**
   * Where the modalities sit. Without a statistics file: the means of a sample of the library and of the vocabulary;
   * where either is too small, zero, which leaves vectors as they are (`isKnown` false).
   */
  async means(): Promise<ModalityMeans & { readonly isKnown: boolean }> {
    const { statistics, words, sample, model } = this.#deps;
    if (statistics !== undefined)
      return { imageMean: statistics.imageMean, textMean: statistics.textMean, isKnown: true };
    const pictures = await sample.vectors();
    if (this.#means?.pictures === pictures) return this.#means.means;
    const zero = new Float32Array(model.dimension);
    if (pictures.rows < LEAST_TO_CENTRE || (words !== undefined && words.rows < LEAST_TO_CENTRE))
      // Pictures among themselves can be mixed as they are.
      return { imageMean: zero, textMean: zero, isKnown: words === undefined };
    const textMean = words === undefined ? zero : meanOfRows(words);
    const means = { imageMean: meanOfRows(pictures), textMean, isKnown: true };
    this.#means = { pictures, means };
    return means;
  }

  /**
   * Whitening of picture space, fitted on the model's background pictures so that it does not drift with the library;
   * undefined where the model brings too few of them. The first call with a power takes 0.2 s (256-d) to 1.5 s (512-d).
   */
  whitening(power: number): Whitening | undefined {
    const background = this.#deps.statistics?.backgroundPictures;
    if (background === undefined || background.rows < LEAST_SAMPLE) return undefined;
    const known = this.#whitenings.get(power) ?? fitWhitening(background, power);
    this.#whitenings.set(power, known);
    return known;
  }
}

async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AppError('MODEL_UNAVAILABLE', `${path} cannot be read; copy the model's folder again.`, { cause });
  }
}
