// SQL of vectors and of the models they come from. Measured with 100,000 vectors of 256 and 512 numbers: a table with
// rowid and a unique (model, label) index reads 200 labels in 1 ms and lists all labels in 10 ms; without rowid the
// same takes 2-8 ms and 44-196 ms, and twice to four times the disk in pages of 4 KiB.
import { AppError } from '../core/errors.ts';
import type { Fingerprint } from '../core/model-info.ts';
import type { Matrix, Vector } from '../core/vector.ts';
import { type ImageId, type Label, labelOf, VIEWS_PER_IMAGE, type View } from '../core/views.ts';
import type { ViewVector } from './catalog.ts';
import { type Connection, jsonList } from './connection.ts';

interface StoredModel {
  readonly id: number;
  readonly dimension: number;
}

type VectorRow = readonly [label: Label, vector: Buffer];

/** Undefined for a model that never stored a vector. */
export function findModel(connection: Connection, model: Fingerprint): StoredModel | undefined {
  const row = connection.get<[number, number]>('SELECT id, dimension FROM models WHERE fingerprint = ?', [model]);
  return row === undefined ? undefined : { id: row[0], dimension: row[1] };
}

/** The number of the model, which its first vector introduces; for use in a transaction. Throws MODEL_MISMATCH for another dimension. */
function putModel(connection: Connection, model: Fingerprint, dimension: number): number {
  const stored = findModel(connection, model);
  if (stored === undefined) {
    connection.run('INSERT INTO models (fingerprint, dimension) VALUES (?, ?)', [model, dimension]);
    return putModel(connection, model, dimension);
  }
  if (stored.dimension !== dimension) {
    throw new AppError(
      'MODEL_MISMATCH',
      `The model ${model} stored vectors of dimension ${stored.dimension} here, got ${dimension}. Embed with one model.`,
    );
  }
  return stored.id;
}

/** `replaces`: whether a vector that is there gives way. Every vector of a call must have the model's dimension. */
export function putVectors(
  connection: Connection,
  model: Fingerprint,
  imageId: ImageId,
  views: readonly ViewVector[],
  replaces: boolean,
): void {
  const conflict = replaces ? 'DO UPDATE SET vector = excluded.vector' : 'DO NOTHING';
  const sql = `INSERT INTO vectors (model_id, label, vector) VALUES (?, ?, ?) ON CONFLICT (model_id, label) ${conflict}`;
  for (const { view, vector } of views) {
    connection.run(sql, [putModel(connection, model, vector.length), labelOf(imageId, view), toBlob(vector)]);
  }
}

/** Ascending. */
export function readLabels(connection: Connection, model: StoredModel): Label[] {
  return connection.integers<Label>('SELECT label AS value FROM vectors WHERE model_id = ? ORDER BY label', [model.id]);
}

export function readVectors(connection: Connection, model: StoredModel, labels: readonly Label[]): Map<Label, Vector> {
  const sql = 'SELECT label, vector FROM vectors WHERE model_id = ? AND label IN (SELECT value FROM json_each(?))';
  const rows = connection.all<VectorRow>(sql, [model.id, jsonList(labels)]);
  return new Map(rows.map(([label, blob]) => [label, fromBlob(blob)]));
}

/** The next vectors behind the label `after` (-1 for the first), by ascending label; no labels at the end. */
export function readVectorsAfter(
  connection: Connection,
  { id, dimension }: StoredModel,
  after: number,
  limit: number,
): { readonly labels: Label[]; readonly vectors: Matrix } {
  const sql = 'SELECT label, vector FROM vectors WHERE model_id = ? AND label > ? ORDER BY label LIMIT ?';
  const rows = connection.all<VectorRow>(sql, [id, after, limit]);
  const data = new Float32Array(rows.length * dimension);
  const bytes = new Uint8Array(data.buffer);
  rows.forEach(([, blob], i) => {
    bytes.set(blob, i * dimension * Float32Array.BYTES_PER_ELEMENT);
  });
  return { labels: rows.map(([label]) => label), vectors: { rows: rows.length, dimension, data } };
}

/** One pass over all pictures: 100,000 take about 40 ms however few are missing, so ask for many at once. */
export function readImagesLackingView(
  connection: Connection,
  model: StoredModel | undefined,
  view: View,
  limit: number,
): ImageId[] {
  const sql = `SELECT images.id AS value FROM images WHERE NOT EXISTS (
      SELECT 1 FROM vectors WHERE vectors.model_id = ? AND vectors.label = images.id * ${VIEWS_PER_IMAGE} + ?)
    ORDER BY images.id LIMIT ?`;
  return connection.integers<ImageId>(sql, [model?.id ?? null, view, limit]);
}

/** Models with at least one vector, oldest first. */
export function readModels(connection: Connection): { readonly fingerprint: Fingerprint; readonly vectors: number }[] {
  const sql = `SELECT models.fingerprint, count(*) FROM models JOIN vectors ON vectors.model_id = models.id
    GROUP BY models.id ORDER BY models.id`;
  return connection.all<[Fingerprint, number]>(sql).map(([fingerprint, vectors]) => ({ fingerprint, vectors }));
}

/** Deletes at most `limit` vectors, and the model itself with the last. Returns how many vectors went. */
export function deleteVectors(connection: Connection, model: StoredModel, limit: number): number {
  const sql = `DELETE FROM vectors WHERE model_id = ? AND label IN (
    SELECT label FROM vectors WHERE model_id = ? ORDER BY label LIMIT ?)`;
  const deleted = connection.run(sql, [model.id, model.id, limit]);
  if (deleted < limit) connection.run('DELETE FROM models WHERE id = ?', [model.id]);
  return deleted;
}

/** Little-endian as every platform that the driver is built for. A view, not a copy: it is read before `run` returns. */
function toBlob(vector: Vector): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** A copy, for nothing promises that the driver's memory is aligned to four bytes. */
function fromBlob(blob: Buffer): Vector {
  const vector = new Float32Array(blob.byteLength / Float32Array.BYTES_PER_ELEMENT);
  new Uint8Array(vector.buffer).set(blob);
  return vector;
}
