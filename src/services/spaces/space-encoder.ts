// Where the vectors of a space come from: a network that reads pictures, a computation on another space's stored vectors, or
// a file. This is the hook for everything that makes spaces; it knows no index and no surface.
import { AppError } from '../../core/errors.ts';
import type { EncoderInfo, Fingerprint } from '../../core/model-info.ts';
import { type Matrix, pack, row, unit, type Vector } from '../../core/vector.ts';
import type { Classifier, Embedder, ImageEncoder } from '../../embedding/embedder.ts';
import { embedWithPrompts } from '../../embedding/prompts.ts';
import type { Metric } from '../../vectors/vector-index.ts';
import type { TextVector } from '../search/text-query.ts';

/** The text tower of a space. */
export interface SpaceTexts {
  /** Unit vector of one query text, with remarks on how it was read. Throws UNKNOWN_WORD where the space has no word of it. */
  vectorOf(text: string): Promise<TextVector>;
  /** Unit vectors of many labels, in order; undefined where the space knows none of a label's words. */
  vectorsOf(labels: readonly string[]): Promise<(Vector | undefined)[]>;
  /** Multiplies cosines before a softmax over labels. */
  readonly scale: number;
  /** What pictures are tagged with; undefined: the library's vocabulary. */
  readonly words?: readonly string[];
}

/** A network that reads pictures from their files; with texts where it brings both towers. */
export interface PictureReader {
  readonly from: 'PICTURES';
  readonly encoder: ImageEncoder;
  readonly texts?: SpaceTexts;
}

/** A head on another space: its vectors are computed from stored ones, so that no file is read to fill it. */
export interface DerivedVectors {
  readonly from: 'SPACE';
  /** Name of the other space. */
  readonly base: string;
  /** Of the base's vectors that it was made for; where they are others, it is refused. */
  readonly baseFingerprint?: string;
  readonly id: string;
  /** Names everything that changes a derived vector but the base's own vectors: the hash of the head's numbers. */
  readonly revision: string;
  readonly dimension: number;
  /** One row of length `dimension` for each row of the base as it is stored (unit length in a cosine space), in order. */
  derive(vectors: Matrix): Matrix;
  readonly texts?: SpaceTexts;
}

/** Vectors that were put into the catalog from a file: nothing can be added to them. */
export interface ImportedVectors {
  readonly from: 'FILE';
  readonly id: string;
  readonly revision: string;
  readonly dimension: number;
}

export type SpaceEncoder = PictureReader | DerivedVectors | ImportedVectors;

/** What stays known of an encoder while it is not open. */
export interface EncoderFacts {
  readonly from: SpaceEncoder['from'];
  /** Of the vectors as the encoder gives them. */
  readonly model: EncoderInfo;
  readonly base?: string;
  readonly hasText: boolean;
  readonly hasClasses: boolean;
}

/** `base`: facts of the space that a derived one reads. Throws MODEL_MISMATCH where it was made for another base. */
export function factsOf(opened: SpaceEncoder, base: EncoderInfo | undefined): EncoderFacts {
  if (opened.from === 'PICTURES') {
    const { encoder, texts } = opened;
    const { id, revision, dtype, dimension, pixels, fingerprint } = encoder.model;
    const model = { id, revision, dtype, dimension, pixels, fingerprint };
    return {
      from: opened.from,
      model,
      hasText: texts !== undefined,
      hasClasses: encoder.classifier !== undefined,
    };
  }
  const { id, revision, dimension } = opened;
  if (opened.from === 'SPACE' && base !== undefined) assertMadeFor(opened, base);
  const hasText = opened.from === 'SPACE' && opened.texts !== undefined;
  const origin = base === undefined ? 'file' : base.fingerprint;
  const model: EncoderInfo = {
    id,
    revision,
    dtype: 'fp32',
    dimension,
    pixels: base?.pixels ?? NO_PIXELS,
    fingerprint: `${origin}/${revision}/${dimension}` as Fingerprint,
  };
  return {
    from: opened.from,
    model,
    ...(opened.from === 'SPACE' ? { base: opened.base } : {}),
    hasText,
    hasClasses: false,
  };
}

/** Throws MODEL_MISMATCH: numbers that were learned on one model mean nothing to another. */
function assertMadeFor({ base: name, baseFingerprint }: DerivedVectors, { id, fingerprint }: EncoderInfo): void {
  if (baseFingerprint === undefined || baseFingerprint === fingerprint) return;
  throw new AppError(
    'MODEL_MISMATCH',
    `This space was learned on other vectors than the space "${name}" has now (${id}); run "semblance learn" again, or put the old model back.`,
  );
}

/** Asked of nobody: an imported space refuses pictures before they are read. */
const NO_PIXELS: EncoderInfo['pixels'] = {
  resize: { width: 1, height: 1 },
  kernel: 'linear',
  width: 1,
  height: 1,
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
  rescale: 1 / 255,
};

/** What stored vectors are named by: those of a cosine space have unit length, the others the length the encoder gave them. */
export function spaceFingerprint(model: EncoderInfo, metric: Metric): Fingerprint {
  return metric === 'cosine' ? model.fingerprint : (`${model.fingerprint}/raw` as Fingerprint);
}

/** A vector as the space stores it. The zero vector, which a picture of one colour may give, stays zero and scores 0. */
export function toStored(vector: Vector, metric: Metric): Vector {
  if (!vector.every(Number.isFinite))
    throw new AppError('INTERNAL', 'The encoder answered a picture with numbers that are not finite.');
  return metric === 'cosine' ? unit(vector) : vector;
}

/** The same for rows. */
export function rowsToStored(matrix: Matrix, metric: Metric): Matrix {
  const rows = Array.from({ length: matrix.rows }, (_, i) => toStored(row(matrix, i), metric));
  return pack(rows, matrix.dimension);
}

/** The texts of a model with both towers: every label by several prompts. */
export function textsOf(embedder: Embedder): SpaceTexts {
  return {
    scale: embedder.model.logitScale,
    vectorsOf: (labels) => embedWithPrompts(embedder, labels, 'query'),
    async vectorOf(text) {
      const [vector] = await embedWithPrompts(embedder, [text], 'query');
      if (vector === undefined) throw new AppError('INTERNAL', 'The embedder answered a text with no vector.');
      return { vector, notices: [] };
    },
  };
}

/** Where a focus by WEIGHTS finds its classes. */
export type OpenClassifier = () => Promise<Classifier | undefined>;
