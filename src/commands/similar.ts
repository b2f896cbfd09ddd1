// `semblance similar`, and the neighbour grid.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { App } from '../compose.ts';
import type { Config } from '../config.ts';
import { AppError } from '../core/errors.ts';
import type { Region } from '../core/pixels.ts';
import { drawContactSheet } from '../media/contact-sheet.ts';
import { readFileLimited } from '../media/source.ts';
import { parseImageId } from '../services/checks.ts';
import type { PictureSource } from '../services/search/query-vectors.ts';
import type { SearchAnswer } from '../services/search/search-service.ts';
import { extrasOf, focusMethodOf, focusOf, rankingOf } from './query-options.ts';
import { filterOf, printAnswer, type SearchOptions } from './search.ts';
import { say } from './terminal.ts';
import { withApp } from './with-app.ts';

interface SimilarOptions extends SearchOptions {
  readonly grid?: string;
  readonly region?: string;
  readonly focus?: readonly string[];
  readonly focusMethod?: string;
}

export async function similar(
  config: Config,
  [picture = '']: readonly string[],
  options: SimilarOptions,
): Promise<number> {
  return withApp(config, async (app) => {
    const source = await pictureArgument(picture);
    const region = options.region === undefined ? undefined : readRegion(options.region);
    const page = { first: options.first, filter: filterOf(options), ...rankingOf(options) };
    const { search } = await app.spaces.get(options.space);
    const answer = await search.similarImages(source, region, page, {
      ...extrasOf(options),
      focus: focusOf(options.focus),
      focusMethod: focusMethodOf(options.focusMethod),
    });
    if (options.grid !== undefined) await drawGrid(app, source, picture, answer, resolve(options.grid));
    return printAnswer(app, answer, options);
  });
}

/** A whole number is an id of the library, anything else a file; `./42` is a file called 42. */
export async function pictureArgument(argument: string): Promise<PictureSource> {
  if (/^\d+$/.test(argument)) return { imageId: parseImageId(argument) };
  return { bytes: await readFileLimited(resolve(argument)) };
}

async function drawGrid(
  { services }: App,
  source: PictureSource,
  name: string,
  answer: SearchAnswer,
  target: string,
): Promise<void> {
  const query = 'bytes' in source ? source.bytes : await services.queryVectors.readOriginal(source.imageId);
  const neighbors = await Promise.all(
    answer.hits.map(async ({ image, score }) => ({
      picture: await services.queryVectors.readOriginal(image.id).catch(() => new Uint8Array()),
      caption: image.name,
      title: score.toFixed(3),
    })),
  );
  const cells = [{ picture: query, caption: name, title: 'query', highlight: true }, ...neighbors];
  const columns = Math.min(6, cells.length);
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, i) => ({
    cells: cells.slice(i * columns, (i + 1) * columns),
  }));
  await writeFile(target, await drawContactSheet({ rows })).catch((cause: unknown) => {
    throw new AppError(
      'STORAGE_FAILED',
      `The contact sheet cannot be written to ${target}; choose another place with --grid.`,
      { cause },
    );
  });
  say(`Contact sheet: ${target}`);
}

function readRegion(text: string): Region {
  const [x, y, width, height, ...rest] = text.split(',').map(Number);
  if (x === undefined || y === undefined || width === undefined || height === undefined || rest.length > 0) {
    throw new AppError(
      'BAD_ARGUMENT',
      `--region expects four fractions x,y,width,height such as 0.5,0,0.5,1, got "${text}".`,
    );
  }
  return { x, y, width, height };
}
