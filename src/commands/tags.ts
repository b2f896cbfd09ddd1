// `semblance tags`.
import type { Config } from '../config.ts';
import { readVocabulary } from '../services/words/vocabulary.ts';
import { pictureArgument } from './similar.ts';
import { type Output, printRows } from './terminal.ts';
import { withApp } from './with-app.ts';

export async function tags(
  config: Config,
  pictures: readonly string[],
  options: Output & { readonly first: number; readonly vocabulary?: string; readonly space?: string },
): Promise<number> {
  // Given for one answer, a vocabulary is a list of labels to choose from; the service's own stays as it is.
  const labels = options.vocabulary === undefined ? undefined : await readVocabulary(undefined, config.vocabularyFile);
  return withApp(labels === undefined ? config : { ...config, vocabularyFile: undefined }, async ({ spaces }) => {
    const { tags } = await spaces.get(options.space);
    const answers = [];
    for (const picture of pictures) {
      const source = await pictureArgument(picture);
      const named =
        labels === undefined
          ? await tags.tagsFor(source, options.first)
          : await tags.labelsFor(source, labels, options.first);
      answers.push({ picture, tags: named });
    }
    const rows = answers.flatMap(({ picture, tags }) =>
      tags.map(({ name, score, source, also }, i) => [
        i === 0 ? picture : '',
        name,
        score.toFixed(3),
        source.toLowerCase(),
        also.join(', '),
      ]),
    );
    printRows(options, answers, ['picture', 'tag', 'score', 'source', 'also'], rows);
    return rows.length === 0 ? 3 : 0;
  });
}
