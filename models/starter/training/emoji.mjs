// Emoji drawings of several vendors as transparent PNGs, and emoji.json with names, tags and groups: for prepare.py emoji.
// node emoji.mjs OUT [--openmoji FOLDER] [--iconify FOLDER] [--folder VENDOR=FOLDER ...] [--most N]
// --openmoji: the unpacked npm package openmoji (CC BY-SA 4.0); --iconify: a folder with @iconify-json/* packages of emoji
// (Fluent: MIT, Emoji One: CC BY 4.0); --folder: pictures whose file names begin with the code points (1f600.webp, u1F600-grinning.svg).
// For training only; no dependencies of the project.
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';

const SIDE = 128;
const LEFT_OUT = new Set(['component', 'flags']);
// The man and the woman of a drawing that is there without either, and family trees of them.
const REPEATED = /-200D-(2640|2642)|^1F46[89]-200D/;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    openmoji: { type: 'string' },
    iconify: { type: 'string' },
    folder: { type: 'string', multiple: true, default: [] },
    most: { type: 'string', default: '100000' },
  },
});
const out = positionals[0];
if (out === undefined) {
  throw new Error('expected: node emoji.mjs OUT [--openmoji FOLDER] [--iconify FOLDER] [--folder VENDOR=FOLDER ...]');
}

const { resolve } = createRequire(import.meta.url);
const read = async (name) => JSON.parse(await readFile(resolve(name), 'utf8'));
const { groups, subgroups } = await read('emojibase-data/meta/groups.json');

/** Each vendor's drawing of a record: a file, or the text of an SVG in a buffer; undefined where it has none. */
const vendors = {
  twemoji: inFolder(join(dirname(resolve('@discordapp/twemoji/package.json')), 'dist', 'svg'), (name) => name.toLowerCase()),
};
if (values.openmoji !== undefined) vendors.openmoji = inFolder(join(values.openmoji, 'color', 'svg'), (name) => name);
if (values.iconify !== undefined) {
  for (const name of readdirSync(values.iconify)) vendors[name] = inIconSet(await read(join(values.iconify, name, 'icons.json')));
}
for (const given of values.folder) {
  const [, vendor, folder] = /^([^=]+)=(.+)$/.exec(given) ?? [];
  if (folder === undefined) throw new Error(`expected --folder VENDOR=FOLDER, got ${given}`);
  vendors[vendor] = byCodePoints(folder);
}

const records = (await read('emojibase-data/en/data.json'))
  .map(({ hexcode, emoji, label, tags = [], group, subgroup }) => {
    return { hex: hexcode, emoji, label, tags, group: groups[group], subgroup: subgroups[subgroup] ?? '' };
  })
  .filter(({ group, hex, label }) => {
    return group !== undefined && !LEFT_OUT.has(group) && !REPEATED.test(hex) && !label.startsWith('Japanese ');
  })
  .slice(0, Number(values.most));

const drawn = new Set();
for (const [vendor, drawingOf] of Object.entries(vendors)) {
  await mkdir(join(out, vendor), { recursive: true });
  let count = 0;
  for (const record of records) {
    const drawing = drawingOf(record);
    if (drawing === undefined) continue;
    await sharp(drawing, { density: 300 })
      .resize(SIDE, SIDE, { fit: 'contain', background: '#00000000' })
      .png()
      .toFile(join(out, vendor, `${record.hex}.png`));
    drawn.add(record.hex);
    count += 1;
  }
  console.log(`${vendor}: ${count} drawings`);
}
await writeFile(join(out, 'emoji.json'), JSON.stringify(records.filter(({ hex }) => drawn.has(hex))));

function inFolder(folder, spell) {
  return ({ hex }) => {
    return spellings(hex)
      .map((name) => join(folder, `${spell(name)}.svg`))
      .find((file) => existsSync(file));
  };
}

/** Files of one picture each; single layers of a drawing ("u1F600.layer1.svg") are none. */
function byCodePoints(folder) {
  const files = new Map();
  for (const name of readdirSync(folder)) {
    const points = /^u?((?:[0-9a-f]{4,6}-)*[0-9a-f]{4,6})(?:-[a-z][^.]*)?\.(?:svg|png|webp)$/i.exec(name)?.[1];
    if (points !== undefined) files.set(points.toUpperCase(), join(folder, name));
  }
  return ({ hex }) => files.get(spellings(hex).find((name) => files.has(name)));
}

/** Icon sets name drawings by the emoji's label ("red-heart"). */
function inIconSet({ icons, aliases = {}, width = 16, height = 16 }) {
  return ({ label }) => {
    const name = label
      .toLowerCase()
      .replaceAll(/[’'.:,!()“”]/g, '')
      .replaceAll(/[^a-z0-9]+/g, '-');
    const icon = icons[name] ?? icons[aliases[name]?.parent];
    if (icon === undefined) return undefined;
    const size = `viewBox="${icon.left ?? 0} ${icon.top ?? 0} ${icon.width ?? width} ${icon.height ?? height}"`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64" ${size}>`;
    return Buffer.from(`${svg}${icon.body}</svg>`);
  };
}

/** Vendors write the variation selector or leave it out. */
function spellings(hex) {
  return [hex, hex.replaceAll('-FE0F', ''), `${hex}-FE0F`, hex.replace(/^([0-9A-F]+)/, '$1-FE0F')];
}
