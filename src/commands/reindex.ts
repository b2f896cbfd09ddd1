// `semblance reindex`: the index files are a cache of the catalog, and are made anew from it.
import type { Config } from '../config.ts';
import { type Output, printJson, say } from './terminal.ts';
import { withApp } from './with-app.ts';

export async function reindex(config: Config, _args: readonly string[], output: Output): Promise<number> {
  return withApp(config, async (app) => {
    await app.rebuildIndex();
    await app.indexesSettled();
    const { index } = await app.services.library.status();
    if (output.json) printJson(index);
    else say(`${index.kind}: ${index.size} vectors, ${index.state.toLowerCase()}.`);
    return 0;
  });
}
