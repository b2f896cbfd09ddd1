// `semblance tags`.
import type { Config } from '../config.ts';
import { pictureArgument } from './similar.ts';
import { type Output, printRows } from './terminal.ts';
import { withApp } from './with-app.ts';

export async function tags(
  config: Config,
  pictures: readonly string[],
  options: Output & { readonly first: number },
): Promise<number> {
  return withApp(config, async ({ services }) => {
    const answers = [];
    for (const picture of pictures) {
      answers.push({ picture, tags: await services.tags.tagsFor(await pictureArgument(picture), options.first) });
    }
    const rows = answers.flatMap(({ picture, tags }) =>
      tags.map(({ name, score, source }, i) => [i === 0 ? picture : '', name, score.toFixed(3), source.toLowerCase()]),
    );
    printRows(options, answers, ['picture', 'tag', 'score', 'source'], rows);
    return rows.length === 0 ? 3 : 0;
  });
}
