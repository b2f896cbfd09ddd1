// Emoji drawings of two vendors as transparent PNGs, and emoji.json with names, tags and groups: for prepare.py emoji.
// node emoji.mjs OUT [--openmoji FOLDER] [--most N]
// FOLDER: the unpacked npm package openmoji (training only, CC BY-SA 4.0; no dependency of the project).
import { existsSync } from 'node:fs';
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
  options: { openmoji: { type: 'string' }, most: { type: 'string', default: '100000' } },
});
const out = positionals[0];
if (out === undefined) throw new Error('expected: node emoji.mjs OUT [--openmoji FOLDER]');

const { resolve } = createRequire(import.meta.url);
const read = async (name) => JSON.parse(await readFile(resolve(name), 'utf8'));
const { groups, subgroups } = await read('emojibase-data/meta/groups.json');
const vendors = {
  twemoji: { folder: join(dirname(resolve('@discordapp/twemoji/package.json')), 'dist', 'svg'), lower: true },
};
if (values.openmoji !== undefined) vendors.openmoji = { folder: join(values.openmoji, 'color', 'svg'), lower: false };

const records = (await read('emojibase-data/en/data.json'))
  .map(({ hexcode, emoji, label, tags = [], group, subgroup }) => {
    return { hex: hexcode, emoji, label, tags, group: groups[group], subgroup: subgroups[subgroup] ?? '' };
  })
  .filter(({ group, hex, label }) => {
    return group !== undefined && !LEFT_OUT.has(group) && !REPEATED.test(hex) && !label.startsWith('Japanese ');
  })
  .slice(0, Number(values.most));

const drawn = new Set();
for (const [vendor, { folder, lower }] of Object.entries(vendors)) {
  await mkdir(join(out, vendor), { recursive: true });
  let count = 0;
  for (const { hex } of records) {
    const file = spellings(hex)
      .map((name) => join(folder, `${lower ? name.toLowerCase() : name}.svg`))
      .find((name) => existsSync(name));
    if (file === undefined) continue;
    await sharp(file, { density: 300 })
      .resize(SIDE, SIDE, { fit: 'contain', background: '#00000000' })
      .png()
      .toFile(join(out, vendor, `${hex}.png`));
    drawn.add(hex);
    count += 1;
  }
  console.log(`${vendor}: ${count} drawings`);
}
await writeFile(join(out, 'emoji.json'), JSON.stringify(records.filter(({ hex }) => drawn.has(hex))));

/** Vendors write the variation selector or leave it out. */
function spellings(hex) {
  return [hex, hex.replaceAll('-FE0F', ''), `${hex}-FE0F`, hex.replace(/^([0-9A-F]+)/, '$1-FE0F')];
}
