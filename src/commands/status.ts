// `semblance status`.
import type { Config } from '../config.ts';
import { type Output, printRows } from './terminal.ts';
import { withApp } from './with-app.ts';

export async function status(config: Config, _args: readonly string[], output: Output): Promise<number> {
  return withApp(config, async ({ services }) => {
    const { imageCount, folders, model, index } = await services.library.status();
    const { id, revision, dtype, dimension, fingerprint } = model;
    const json = {
      imageCount,
      folders,
      model: { id, revision, dtype, dimension, fingerprint },
      index,
      data: config.dataDirectory,
    };
    printRows(
      output,
      json,
      ['library', ''],
      [
        ['pictures', `${imageCount}`],
        ['folders', folders.join('\n') || 'none'],
        ['model', `${id} (${dtype}, ${dimension} dimensions, ${fingerprint})`],
        ['index', `${index.kind}, ${index.state.toLowerCase()}, ${index.size} vectors, ${index.pending} pending`],
        ['data', config.dataDirectory],
      ],
    );
    return 0;
  });
}
