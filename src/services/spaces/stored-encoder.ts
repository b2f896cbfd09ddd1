// The encoder of a space as the rest of the service meets it: it says at once what it is, loads its network when it is first
// asked, and gives vectors as the space stores them.
import { AppError } from '../../core/errors.ts';
import { pack, rowsOf } from '../../core/vector.ts';
import type { Classifier, ImageEncoder } from '../../embedding/embedder.ts';
import type { Metric } from '../../vectors/vector-index.ts';
import { type EncoderFacts, rowsToStored, type SpaceEncoder, spaceFingerprint, toStored } from './space-encoder.ts';
import { spaceHasNoEncoder } from './space-errors.ts';

interface Deps {
  readonly name: string;
  readonly facts: EncoderFacts;
  readonly metric: Metric;
  /** Throws MODEL_MISMATCH where the encoder is no longer the one of `facts`. */
  readonly open: () => Promise<SpaceEncoder>;
  /** The encoder of the space that a derived one reads. */
  readonly base: () => Promise<ImageEncoder>;
}

/** Closing it does nothing: the network is its opener's. */
export function storedEncoder({ name, facts, metric, open, base }: Deps): ImageEncoder {
  const { id, revision, dtype, dimension, pixels } = facts.model;
  return {
    model: { id, revision, dtype, dimension, pixels, fingerprint: spaceFingerprint(facts.model, metric) },
    async embedPixels(pictures, urgency) {
      if (pictures.length === 0) return [];
      const opened = await open();
      if (opened.from === 'FILE') throw spaceHasNoEncoder(name);
      if (opened.from === 'PICTURES') {
        const vectors = await opened.encoder.embedPixels(pictures, urgency);
        return vectors.map((vector) => toStored(vector, metric));
      }
      const vectors = await (await base()).embedPixels(pictures, urgency);
      const derived = rowsToStored(opened.derive(pack(vectors)), metric);
      return rowsOf(derived);
    },
    async close() {},
  };
}

/** The encoder of `source`, where it still is what is known of it. Throws MODEL_MISMATCH, after `relearn` took up what it is now. */
export async function openChecked(
  source: string,
  facts: EncoderFacts,
  open: (source: string) => Promise<SpaceEncoder>,
  relearn: (source: string) => Promise<EncoderFacts>,
): Promise<SpaceEncoder> {
  const opened = await open(source);
  const current = await relearn(source);
  if (current.model.fingerprint === facts.model.fingerprint) return opened;
  throw new AppError(
    'MODEL_MISMATCH',
    `The encoder ${source} is not the one that the space was filled with: its weights have changed. Its pictures are embedded anew at the next "semblance index"; ask again then.`,
  );
}

/** The classes of an encoder that brings its last layer; undefined for others. */
export async function classifierOf(open: () => Promise<SpaceEncoder>): Promise<Classifier | undefined> {
  const opened = await open();
  return opened.from === 'PICTURES' ? opened.encoder.classifier : undefined;
}
