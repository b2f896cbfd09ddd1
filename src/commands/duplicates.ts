// `semblance duplicates`.
import type { App } from '../compose.ts';
import type { Config } from '../config.ts';
import type { ImageId } from '../core/views.ts';
import { parseImageId } from '../services/checks.ts';
import type { DuplicateGroup, DuplicateKind } from '../services/library/duplicate-service.ts';
import type { DUPLICATE_KINDS } from './option-values.ts';
import { type FilterOptions, filterOf } from './search.ts';
import { type Output, printRows, say } from './terminal.ts';
import { withApp } from './with-app.ts';

export interface DuplicateOptions extends Output, FilterOptions {
  readonly first: number;
  readonly kind: (typeof DUPLICATE_KINDS)[number];
  readonly not?: readonly string[];
}

/** Prints one line a file, groups numbered; with `not`, remembers that these pictures are none. Returns 3 where there are none. */
export async function duplicates(
  config: Config,
  _args: readonly string[],
  { kind, first, not, ...options }: DuplicateOptions,
): Promise<number> {
  if (not !== undefined) return tellApart(config, not.map(parseImageId), options);
  return withApp(config, async ({ services }) => {
    const { groups, totalCount } = await services.duplicates.find({
      kind: kind.toUpperCase().replace('-', '_') as DuplicateKind,
      first,
      filter: filterOf(options),
    });
    const files = await Promise.all(groups.map((group) => filesOf(services, group)));
    const rows = groups.flatMap((group, i) =>
      (files[i] ?? []).map(({ id, path }, k) => [
        k === 0 ? `${i + 1}` : '',
        k === 0 ? reasonsOf(group) : '',
        `${id}`,
        path,
      ]),
    );
    if (rows.length > 0 || options.json)
      printRows(options, { groups: groups.map(plain), totalCount }, ['#', 'by', 'id', 'file'], rows);
    if (totalCount > groups.length) say(`${totalCount - groups.length} more groups; ask for more with --first.`);
    if (rows.length === 0) say('No duplicates found.');
    return rows.length === 0 ? 3 : 0;
  });
}

async function tellApart(config: Config, ids: readonly ImageId[], output: Output): Promise<number> {
  return withApp(config, async ({ services }) => {
    const pairs = await services.duplicates.markNotDuplicates(ids);
    if (output.json) printRows(output, { pairs }, [], []);
    else say(`${pairs} new ${pairs === 1 ? 'pair is' : 'pairs are'} remembered as different pictures.`);
    return 0;
  });
}

/** Each file with the id of its picture, which `--not` takes. */
async function filesOf({ catalog }: App['services'], { images }: DuplicateGroup) {
  const files = await Promise.all(
    images.map(async ({ id }) => (await catalog.filesOf(id)).map(({ path }) => ({ id, path }))),
  );
  return files.flat();
}

function reasonsOf({ links }: DuplicateGroup): string {
  return [...new Set(links.map(({ reason }) => reason.toLowerCase().replace('_', ' ')))].join(', ');
}

function plain({ images, files, links }: DuplicateGroup) {
  return { ids: images.map(({ id }) => id), files, links };
}
