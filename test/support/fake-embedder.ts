// An Embedder without a model for flow tests: deterministic, instant, and good enough that "a red car" finds red
// pictures. Texts are bags of hashed words; pictures are histograms over six named colours.
import { createHash } from 'node:crypto';
import { AppError } from '../../src/core/errors.ts';
import type { Fingerprint, ModelInfo } from '../../src/core/model-info.ts';
import type { Pixels } from '../../src/core/pixels.ts';
import { unit, type Vector } from '../../src/core/vector.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';

/** Dimension i is colour i; the dimensions after them are for hashed words. */
const COLOURS = {
  red: [255, 0, 0],
  green: [0, 160, 0],
  blue: [0, 0, 255],
  white: [255, 255, 255],
  black: [0, 0, 0],
  yellow: [255, 230, 0],
} satisfies Record<string, readonly number[]>;
const COLOUR_NAMES = Object.keys(COLOURS) as (keyof typeof COLOURS)[];
const DIMENSION = 32;
const SIDE = 16;
/** What a word that is no colour weighs beside a colour: little, so that the colour decides. */
const WORD_WEIGHT = 0.2;
/** Words of prompts, which would make every text alike. */
const STOP_WORDS = new Set(['a', 'an', 'the', 'of', 'photo', 'picture', 'drawing', 'on', 'in']);

export const FAKE_MODEL: ModelInfo = {
  id: 'fake',
  revision: '1',
  dtype: 'fp32',
  dimension: DIMENSION,
  pixels: {
    resize: { shortestEdge: SIDE },
    kernel: 'lanczos3',
    width: SIDE,
    height: SIDE,
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
    rescale: 1 / 255,
  },
  contextLength: 16,
  logitScale: 100,
  fingerprint: 'fa'.repeat(16) as Fingerprint,
};

/** `model` replaces fields, e.g. another fingerprint to play a changed model. */
export function createFakeEmbedder(model: Partial<ModelInfo> = {}): Embedder {
  const info = { ...FAKE_MODEL, ...model };
  let isClosed = false;
  async function assertOpen(): Promise<void> {
    if (isClosed) throw new AppError('SHUTTING_DOWN', 'The fake embedder was closed.');
  }
  return {
    model: info,
    async embedTexts(texts) {
      await assertOpen();
      return texts.map((text) => embedText(words(text).slice(0, info.contextLength - 2)));
    },
    async embedPixels(pictures) {
      await assertOpen();
      return pictures.map((picture) => {
        assertSize(picture);
        return embedPicture(picture);
      });
    },
    async countTokens(texts) {
      await assertOpen();
      return texts.map((text) => words(text).length + 2);
    },
    async close() {
      isClosed = true;
    },
  };
}

function words(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+|\p{N}/gu) ?? [];
}

function embedText(list: readonly string[]): Vector {
  const out = new Float32Array(DIMENSION);
  for (const word of list.filter((w) => !STOP_WORDS.has(w))) {
    const colour = COLOUR_NAMES.indexOf(word as keyof typeof COLOURS);
    const place = colour < 0 ? hashed(word) : colour;
    out[place] = (out[place] as number) + (colour < 0 ? WORD_WEIGHT : 1);
  }
  if (out.every((value) => value === 0)) out[hashed('')] = 1;
  return unit(out);
}

function hashed(word: string): number {
  const free = DIMENSION - COLOUR_NAMES.length;
  return COLOUR_NAMES.length + (createHash('sha256').update(word).digest().readUInt32LE() % free);
}

/** Each pixel counts for its nearest colour; a trace of the mean colour tells pictures of one colour apart. */
function embedPicture({ data }: Pixels): Vector {
  const out = new Float32Array(DIMENSION);
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i += 3) {
    const pixel = [data[i], data[i + 1], data[i + 2]] as number[];
    const distances = COLOUR_NAMES.map((name) =>
      COLOURS[name].reduce((sum, c, k) => sum + (c - (pixel[k] ?? 0)) ** 2, 0),
    );
    const nearest = distances.indexOf(Math.min(...distances));
    out[nearest] = (out[nearest] as number) + 1;
    pixel.forEach((value, k) => {
      sums[k] = (sums[k] as number) + value;
    });
  }
  const coloured = unit(out);
  sums.forEach((sum, k) => {
    coloured[DIMENSION - 1 - k] = (0.1 * sum) / (255 * (data.length / 3));
  });
  return unit(coloured);
}

function assertSize({ width, height, data }: Pixels): void {
  if (width === SIDE && height === SIDE && data.length === SIDE * SIDE * 3) return;
  throw new AppError(
    'INTERNAL',
    `Expected pixels of ${SIDE} x ${SIDE}, got ${width} x ${height}, ${data.length} bytes.`,
  );
}
