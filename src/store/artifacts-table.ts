// SQL of small derived things by key. What they hold is their makers' business.
import type { Connection } from './connection.ts';

export function readArtifact(connection: Connection, key: string): Uint8Array | undefined {
  const row = connection.get<[Buffer]>('SELECT value FROM artifacts WHERE key = ?', [key]);
  // A copy: its memory begins at 0, so that makers of Float32Arrays need not think of alignment.
  return row === undefined ? undefined : new Uint8Array(row[0]);
}

export function putArtifact(connection: Connection, key: string, value: Uint8Array): void {
  const sql = 'INSERT INTO artifacts (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
  connection.run(sql, [key, value]);
}
