// Progress of a model that is fetched from the hub.
import type { DownloadProgress } from '../embedding/download-file.ts';
import { say } from './terminal.ts';

/** Says where each file stands, at most once a second, and when it is there. */
export function downloadProgress(): (progress: DownloadProgress) => void {
  let nextAtMs = 0;
  return ({ file, doneBytes, totalBytes }) => {
    if (Date.now() < nextAtMs && doneBytes !== totalBytes) return;
    nextAtMs = Date.now() + 1000;
    const mebibytes = (count: number) => (count / 2 ** 20).toFixed(1);
    say(
      `Fetching ${file}: ${mebibytes(doneBytes)}${totalBytes === undefined ? '' : ` of ${mebibytes(totalBytes)}`} MiB`,
    );
  };
}
