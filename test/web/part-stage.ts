// One part of the page alone in a real browser, under the service's own policy: a folder with an index.html of its own. The
// long list gets synthetic pictures.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { build } from 'vite';
import { securityHeaders } from '../../src/server/security.ts';
import { CHROMIUM } from './stage.ts';

const COLOURS = ['#b5651d', '#3f6fb5', '#4a8f5a', '#a33f5c', '#8a7f3f', '#5b4aa3', '#2f8f8a', '#777777'];

export interface PartStage {
  readonly url: string;
  readonly page: Page;
  readonly faults: string[];
  stop(): Promise<void>;
}

export async function openPart(folder: 'long-list' | 'palette-page'): Promise<PartStage> {
  const directory = await mkdtemp(join(tmpdir(), 'semblance-part-'));
  await build({
    configFile: false,
    root: join(import.meta.dirname, folder),
    build: { outDir: directory, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    logLevel: 'error',
  });
  await Promise.all(COLOURS.map((colour, i) => writePicture(join(directory, `${i}.webp`), colour)));
  const server = express().use(securityHeaders, express.static(directory)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  page.setDefaultTimeout(10_000);
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    page,
    faults,
    async stop() {
      await browser.close();
      server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Noise over a colour, so that decoding costs what a photograph's thumbnail costs. */
async function writePicture(path: string, background: string): Promise<void> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 };
  const grain = await sharp({ create: { width: 320, height: 240, channels: 3, background, noise } })
    .png()
    .toBuffer();
  const bytes = await sharp({ create: { width: 320, height: 240, channels: 3, background } })
    .composite([{ input: grain, blend: 'soft-light' }])
    .webp({ quality: 80 })
    .toBuffer();
  await writeFile(path, bytes);
}
