// The service's own sources of tags, as an evaluation asks them one by one.
import type { App } from '../../src/compose.ts';
import type { Row } from './retrieval.ts';
import type { TagSources } from './tag-hits.ts';

/** Fits the bridge where it is not stored yet. */
export async function tagSourcesOf(app: App, logitScale: number): Promise<TagSources> {
  const bridge = await app.wordly.bridge.make();
  const vectors = app.wordly.words.current?.vectors;
  const { vocabulary } = app.services.tags;
  return {
    vocabulary,
    bridged: vocabulary.words.map((word) => {
      const inWordSpace = vectors?.phraseVector(word);
      return inWordSpace === undefined ? undefined : bridge?.toClip(inWordSpace);
    }),
    background: app.wordly.background,
    wordnet: app.wordly.wordnet,
    logitScale,
  };
}

/** How the bridge does on words that it was not fitted on. */
export function bridgeRows(app: App): Row[] {
  const report = app.wordly.bridge.current?.report;
  if (report === undefined) return [];
  const over = `${report.judged} held-out of ${report.words} words, ranks among ${report.candidates}`;
  return (['toClip', 'toWords'] as const).flatMap((way) => {
    const { medianRank, centredCosine, cosine } = report[way];
    const name = way === 'toClip' ? 'word space -> model' : 'model -> word space';
    return [
      { measure: `bridge, ${name}: median rank of the true word`, value: medianRank, over },
      { measure: `bridge, ${name}: cosine, centred`, value: centredCosine, over },
      { measure: `bridge, ${name}: cosine`, value: cosine, over },
    ];
  });
}
