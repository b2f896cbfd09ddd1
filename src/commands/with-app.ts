// Opens the service for one command and closes it again, whatever happens.
import { type App, compose } from '../compose.ts';
import type { Config } from '../config.ts';
import { downloadProgress } from './download-progress.ts';

export async function withApp<T>(config: Config, use: (app: App) => Promise<T>): Promise<T> {
  const app = await compose(config, { onDownload: downloadProgress() });
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}
