// `npm run eval:queries -- [--model FOLDER] [--photos FOLDER] [--training FOLDER] [part ...]`
import { parseArgs } from 'node:util';
import { evaluateQueries, PARTS, type Part } from './evaluate-queries.ts';
import { hasPhotos } from './photos.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'models/starter' },
    photos: { type: 'string', default: '../shared/photos' },
    training: { type: 'string', default: '../shared/train' },
  },
});
const unknown = positionals.filter((part) => !PARTS.includes(part as Part));
if (unknown.length > 0 || !hasPhotos(values.photos)) {
  const message =
    unknown.length > 0
      ? `Unknown part ${unknown.join(', ')}; there are ${PARTS.join(', ')}.`
      : `No labels.tsv in ${values.photos}; name the folder with --photos.`;
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
} else {
  const parts = positionals.length > 0 ? (positionals as Part[]) : PARTS;
  const start = performance.now();
  const onProgress = (what: string): boolean =>
    process.stderr.write(`${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s  ${what}\n`);
  process.stdout.write(await evaluateQueries({ ...values, parts, onProgress }));
  onProgress('done');
}
