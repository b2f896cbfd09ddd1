// `semblance duplicates`.
import type { Config } from '../config.ts';
import type { DuplicateGroup, DuplicateKind } from '../services/duplicate-service.ts';
import { type FilterOptions, filterOf } from './search.ts';
import { type Output, printRows, say } from './terminal.ts';
import { withApp } from './with-app.ts';

export const DUPLICATE_KINDS = ['identical', 'same-photo', 'similar'] as const;

export interface DuplicateOptions extends Output, FilterOptions {
  readonly first: number;
  readonly kind: (typeof DUPLICATE_KINDS)[number];
}

/** Prints one line a file, groups numbered. Returns 3 where there are none. */
export async function duplicates(
  config: Config,
  _args: readonly string[],
  { kind, first, ...options }: DuplicateOptions,
): Promise<number> {
  return withApp(config, async ({ services }) => {
    const { groups, totalCount } = await services.duplicates.find({
      kind: kind.toUpperCase().replace('-', '_') as DuplicateKind,
      first,
      filter: filterOf(options),
    });
    const rows = groups.flatMap((group, i) =>
      group.files.map((path, k) => [k === 0 ? `${i + 1}` : '', k === 0 ? reasonsOf(group) : '', path]),
    );
    if (rows.length > 0 || options.json)
      printRows(options, { groups: groups.map(plain), totalCount }, ['#', 'by', 'file'], rows);
    if (totalCount > groups.length) say(`${totalCount - groups.length} more groups; ask for more with --first.`);
    if (rows.length === 0) say('No duplicates found.');
    return rows.length === 0 ? 3 : 0;
  });
}

function reasonsOf({ links }: DuplicateGroup): string {
  return [...new Set(links.map(({ reason }) => reason.toLowerCase().replace('_', ' ')))].join(', ');
}

function plain({ images, files, links }: DuplicateGroup) {
  return { ids: images.map(({ id }) => id), files, links };
}
