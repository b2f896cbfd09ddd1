// The held-out photographs that the harness judges with: read from ../shared/photos, embedded once, kept in the cache.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Vector } from '../../../src/core/vector.ts';
import { cachedVectors } from '../embedding-cache.ts';
import { embedClasses, type ReferenceEmbedder } from '../reference-embedder.ts';

export interface Photo {
  /** Absolute or relative to the working folder. */
  readonly path: string;
  /** Row of `classes`. */
  readonly classIndex: number;
}

export interface LabelledPhotos {
  readonly classes: readonly string[];
  /** One unit vector for each class: the mean of its prompts. */
  readonly classVectors: readonly Vector[];
  readonly photos: readonly Photo[];
  /** One unit vector for each photo. */
  readonly vectors: readonly Vector[];
}

/** True where the photographs lie beside the repository. */
export function hasPhotos(folder: string): boolean {
  return existsSync(join(folder, 'labels.tsv'));
}

/** The labelled photographs with their vectors and the vectors of their class names. */
export async function loadLabelled(embedder: ReferenceEmbedder, folder: string): Promise<LabelledPhotos> {
  const lines = readTable(join(folder, 'labels.tsv'));
  const classes = [...new Set(lines.map(([, label]) => label as string))].sort();
  const photos = lines.map(([path, label]) => ({
    path: join(folder, path as string),
    classIndex: classes.indexOf(label as string),
  }));
  const vectors = await embedFiles(
    embedder,
    photos.map((photo) => photo.path),
  );
  const classVectors = await cachedVectors(embedder.key, 'classes', classes, embedder.dimension, () =>
    embedClasses(embedder, classes),
  );
  return { classes, classVectors, photos, vectors };
}

function embedFiles(embedder: ReferenceEmbedder, paths: readonly string[]): Promise<Vector[]> {
  return cachedVectors(embedder.key, 'labelled', paths, embedder.dimension, async () =>
    embedder.embedPixels(await Promise.all(paths.map((path) => embedder.toPixels(sharp(path).autoOrient())))),
  );
}

function readTable(path: string): string[][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => line.split('\t'));
}
