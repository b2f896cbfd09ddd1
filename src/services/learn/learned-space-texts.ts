// The text tower of a learned space: word vectors. Knows no head and no picture.
import { AppError } from '../../core/errors.ts';
import type { HeadOrigin } from '../../words/joint-head-file.ts';
import { findMeaning, meaningOf } from '../../words/joint-head-phrases.ts';
import type { WordVectors } from '../../words/word-vectors.ts';
import type { SpaceTexts } from '../spaces/space-encoder.ts';
import type { WordService } from '../words/word-service.ts';

/** A text is the mean of its words; one without a vector is refused with UNKNOWN_WORD and the nearest spellings. */
export function learnedTexts(
  words: Pick<WordService, 'ready'>,
  { classes, wordsFingerprint, scale }: Pick<HeadOrigin, 'classes' | 'wordsFingerprint' | 'scale'>,
  vocabulary: readonly string[],
): SpaceTexts {
  const open = async (): Promise<WordVectors> => {
    const { vectors } = await words.ready();
    if (vectors.fingerprint === wordsFingerprint) return vectors;
    throw new AppError(
      'MODEL_MISMATCH',
      'The space was learned with other word vectors than SEMBLANCE_WORDS names now; set them again, or run "semblance learn" anew.',
    );
  };
  return {
    scale,
    words: [...new Set([...classes, ...vocabulary])],
    async vectorOf(text) {
      return { vector: meaningOf(await open(), text), notices: [] };
    },
    async vectorsOf(labels) {
      const vectors = await open();
      return labels.map((label) => findMeaning(vectors, label));
    },
  };
}
