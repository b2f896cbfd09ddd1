// Any ONNX network as an ImageEncoder: its worker, its queue, and what it says of itself.
import type { Pixels } from '../../core/pixels.ts';
import type { Vector } from '../../core/vector.ts';
import type { ImageEncoder, Urgency } from '../embedder.ts';
import { PictureTower } from '../picture-tower.ts';
import type { OutputChoice, TowerFacts } from '../tower-messages.ts';
import { TowerThread } from '../tower-thread.ts';
import { readClassifier } from './classifier-file.ts';
import { type EncoderSource, fingerprintOfEncoder } from './encoder-source.ts';

/**
 * Starts the network's worker and resolves once it has run: vectors are raw features, of the length measured then.
 * Throws MODEL_UNAVAILABLE where the file cannot be run, its input or output is not what `source` says (naming what the
 * file has), or the classifier does not fit the features. `threads` of ONNX Runtime: 1 is best where decoding uses the
 * other cores.
 */
export async function createOnnxEncoder(source: EncoderSource, threads = 1): Promise<ImageEncoder> {
  const { path, dtype, input, outputs, pixels } = source;
  const thread = new TowerThread({ tower: 'network', path, dtype, input, outputs, pixels, threads });
  try {
    const facts = await thread.start();
    return await describeEncoder(source, facts, new PictureTower(thread, pixels, facts.dimension));
  } catch (error) {
    await thread.end();
    throw error;
  }
}

async function describeEncoder(source: EncoderSource, facts: TowerFacts, tower: PictureTower): Promise<ImageEncoder> {
  const { id, revision, dtype, pixels, outputs } = source;
  const output = facts.output ?? { name: '', pooling: outputs[0]?.pooling ?? 'none' };
  const { dimension } = facts;
  const classifier = source.classifier === undefined ? undefined : await readClassifier(source.classifier, dimension);
  const fingerprint = fingerprintOfEncoder(source, output, dimension);
  let closing: Promise<void> | undefined;
  return {
    model: { id, revision, dtype, dimension, pixels, fingerprint },
    description: sentence(source.description, output, dimension),
    ...(classifier === undefined ? {} : { classifier }),
    embedPixels: (pictures: readonly Pixels[], urgency: Urgency): Promise<Vector[]> => tower.embed(pictures, urgency),
    close() {
      closing ??= tower.close();
      return closing;
    },
  };
}

/** What a class score is, is said: its logits make a space too, but one of the training set's classes. */
function sentence(said: string | undefined, output: Required<OutputChoice>, dimension: number): string {
  const pooled = output.pooling === 'none' ? '' : `, pooled: ${output.pooling}`;
  const features = output.name === 'logits' ? 'The class scores (logits) as features' : `Output ${output.name}`;
  return `${said === undefined ? '' : `${said} `}${features}${pooled}; ${dimension} numbers.`;
}
