// `semblance tag`: a person's own tags.
import type { Config } from '../config.ts';
import { parseImageId } from '../services/checks.ts';
import { type Output, printRows } from './terminal.ts';
import { withApp } from './with-app.ts';

/** Replaces the tags that people put on a picture; none takes them away. */
export async function tag(config: Config, [id = '', ...names]: readonly string[], options: Output): Promise<number> {
  return withApp(config, async ({ services }) => {
    const imageId = parseImageId(id);
    await services.tags.setUserTags(imageId, names);
    const tags = (await services.tags.tagsOfImages([imageId], 100)).get(imageId) ?? [];
    const rows = tags.map(({ name, score, source }) => [name, score.toFixed(3), source.toLowerCase()]);
    printRows(options, { id: imageId, tags }, ['tag', 'score', 'source'], rows);
    return 0;
  });
}
