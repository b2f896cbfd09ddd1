// `npm run eval:spaces -- [FOLDER] [--queries N] [--seed N] [--all] [--no-pictures]`: every encoder that ships, by every metric
// and many ways to search, on a folder with a sub-folder for each class. Prints the README's tables; writes its chart and grid.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Comparison, type Contender, compare } from '../../../src/services/compare/compare.ts';
import { comparisonChart } from '../../../src/services/compare/compare-chart.ts';
import { CompareGrid } from '../../../src/services/compare/compare-grid.ts';
import {
  type LabelledFolder,
  type LabelledPicture,
  readLabelledFolder,
} from '../../../src/services/compare/compare-pictures.ts';
import { comparisonMarkdown, machineSentence } from '../../../src/services/compare/compare-report.ts';
import { parseVariants } from '../../../src/services/compare/compare-variants.ts';
import type { HeadKind } from '../../../src/words/joint-head.ts';
import { BASE, Contenders } from './contenders.ts';
import { readDrawingClasses } from './drawing-classes.ts';
import { halveClasses, halvePictures } from './halves.ts';
import { metricTable, rescoredSentence, variantTable } from './tables.ts';

const VARIANTS = 'exact,lsh,int8,binary,pca:64,gaussian:64';
const METRICS = ['cosine', 'dot', 'euclidean'] as const;
/** What `semblance learn` fits: its default, and the other. */
const HEADS = [
  ['learned head', 'hidden'],
  ['learned head, linear', 'linear'],
] as const satisfies readonly (readonly [name: string, kind: HeadKind])[];
/** The starter's whole and its tower alone rank alike by cosine, so the picture shows one of them. */
const IN_PICTURE = ['starter', 'autoencoder', 'pixels'];
const GALLERY = '.cache/eval/gallery';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    queries: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    'no-pictures': { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const folder = positionals[0] ?? '../shared/photos/labelled';
const contenders = new Contenders();
try {
  const labelled = await readLabelledFolder(folder);
  const halves = halvePictures(labelled.pictures, seed);
  const seen = await run(labelled, halves.test, [
    contenders.encoder('starter'),
    contenders.encoder(BASE),
    ...HEADS.map(([name, kind]) => contenders.head(name, kind, halves.train)),
    contenders.encoder('autoencoder'),
    contenders.encoder('pixels'),
  ]);
  const strangers = halveClasses(labelled.pictures, seed);
  const unseen = await run(labelled, strangers.test, [
    contenders.encoder(BASE),
    ...HEADS.map(([name, kind]) => contenders.head(name, kind, strangers.train)),
  ]);
  process.stdout.write(report(seen, unseen, halves.train.length));
  if (!values['no-pictures']) {
    await writeFile('docs/spaces.svg', comparisonChart(seen));
    await writeFile('docs/neighbors.webp', await drawGallery());
  }
} finally {
  await contenders.close();
}

function run(
  { root }: LabelledFolder,
  pictures: readonly LabelledPicture[],
  list: readonly Contender[],
  variants = VARIANTS,
): Promise<Comparison> {
  return compare({
    folder: { root, pictures, skipped: [] },
    contenders: list,
    metrics: METRICS,
    variants: parseVariants(variants),
    k: 10,
    queries: Number(values.queries),
    seed,
    onProgress: (what) => {
      process.stderr.write(`${what}\n`);
      return () => {};
    },
  });
}

/** Pictures that npm brings, the same protocol: the head learns from the one half, the other half is shown. */
async function drawGallery(): Promise<Uint8Array> {
  const { train, test } = halvePictures(await readDrawingClasses(GALLERY), seed);
  const grid = new CompareGrid({ k: 9, count: 3, seed, asked: [], root: GALLERY });
  const [starter, ...others] = IN_PICTURE.map((name) => contenders.encoder(name));
  for (const { name, embed } of [starter, contenders.head(...HEADS[0], train), ...others].filter(
    (one) => one !== undefined,
  ))
    grid.add(name, await embed(test, () => {}));
  return grid.draw('webp', 56);
}

function report(seen: Comparison, unseen: Comparison, learnedFrom: number): string {
  const { pictures, classes, queries } = seen;
  return [
    `${pictures} pictures in ${classes} classes of ${folder} (half of each class, seed ${seed}), ${queries} of them asked, exact search:`,
    '',
    metricTable(seen),
    '',
    `The head learned from the other half (${learnedFrom} pictures). On ${unseen.pictures} pictures of ${unseen.classes} classes that it never saw, learned from the other classes:`,
    '',
    metricTable(unseen),
    '',
    'By their own order, the recall of exact search and the bytes a picture in brackets:',
    '',
    variantTable(seen, 'cosine'),
    '',
    rescoredSentence(seen),
    machineSentence(),
    '',
    ...(values.all ? [comparisonMarkdown(seen, [])] : []),
  ].join('\n');
}
