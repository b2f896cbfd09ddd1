// `semblance index` and `semblance remove`.
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { parseImageId } from '../services/checks.ts';
import { assertDone, followJob, type Output, printJson, say } from './terminal.ts';
import { withApp } from './with-app.ts';

export async function addFolders(config: Config, folders: readonly string[], output: Output): Promise<number> {
  return withApp(config, async ({ services, reembed, indexesSettled }) => {
    for (const folder of folders) {
      const result = await followJob(services.ingest.indexFolder(resolve(folder)), 'Indexing');
      if (output.json) printJson({ folder: resolve(folder), ...result });
      else
        say(
          `${folder}: ${result.added} added, ${result.known} known, ${result.skippedCount} skipped, ${result.removed} gone.`,
        );
      assertDone(result);
    }
    const job = await reembed.startIfNeeded();
    if (job !== undefined) assertDone(await followJob(job, 'Bringing the library up to this model'));
    // The next command finds a finished index file instead of building its own.
    await indexesSettled();
    return 0;
  });
}

export async function removePictures(config: Config, ids: readonly string[], output: Output): Promise<number> {
  return withApp(config, async ({ services }) => {
    const removed = await services.ingest.removeImages(ids.map(parseImageId));
    if (output.json) printJson({ removed });
    else say(`${removed} of ${ids.length} pictures taken out.`);
    return removed === 0 ? 3 : 0;
  });
}
