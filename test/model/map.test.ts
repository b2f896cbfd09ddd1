// The map of real drawings that the starter model has read: what lies together on it must be near in the space.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pack, type Vector } from '../../src/core/vector.ts';
import { labelOf, WHOLE } from '../../src/core/views.ts';
import { listDrawings } from '../../src/media/drawings.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { trustworthiness } from '../support/trustworthiness.ts';

/** Every fifth drawing of the demo gallery: 280. */
const STEP = 5;
/** Measured .95 on all 1,418 (ten nearest, 300 judged); places dealt out by chance give .54. */
const FLOOR = 0.75;

describe('the map of the demo gallery', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ flags: { model: 'starter' } });
    const folder = join(service.directory, 'gallery');
    await mkdir(folder);
    for (const { path, svg } of (await listDrawings()).filter((_, i) => i % STEP === 0)) {
      const picture = sharp(svg, { density: 200 }).resize(200, 200).flatten({ background: '#ffffff' });
      await writeFile(join(folder, basename(path)), await picture.png().toBuffer());
    }
    await service.index(folder);
    await service.app.services.map.compute().ended;
  });
  afterAll(() => service?.stop());

  it('keeps near on the plane what is near in the space', async () => {
    const { ids, places } = await service.app.services.map.view();
    expect(ids.length).toBeGreaterThan(250);
    const { model } = await service.app.services.library.status();
    const labels = ids.map((id) => labelOf(id, WHOLE));
    const found = await service.app.services.catalog.getVectors(model.fingerprint, labels);
    const vectors = pack(labels.map((label) => found.get(label) as Vector));
    const judge = (at: Float32Array) => trustworthiness(vectors, at, { neighbors: 10 });
    // Each picture gets the place of the one half the list away.
    const shift = 2 * Math.floor(ids.length / 2);
    const dealtOut = places.map((_, i) => places[(i + shift) % places.length] ?? 0);
    expect(judge(dealtOut)).toBeLessThan(0.6);
    expect(judge(places)).toBeGreaterThan(FLOOR);
  });

  it('names its regions with words of the vocabulary', async () => {
    const { regions } = await service.app.services.map.view();
    const { words } = service.app.services.tags.vocabulary;
    expect(regions.length).toBeGreaterThan(10);
    for (const { label } of regions) expect(words).toContain(label);
  });
});
