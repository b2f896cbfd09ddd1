// One SQLite connection: pragmas, prepared statements, transactions, errors. The only file that touches the driver;
// knows no table.
//
// Of libsql 0.5.29: every number is bound as REAL (columns convert it, expressions do not); a boolean aborts the
// process, so SqlValue has none; `get` and `all` add fields to objects, so rows are arrays here; running a statement
// again cuts an iteration of it short, so nothing is ever left half read; statements outlive `close`.
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'libsql';
import { AppError } from '../core/errors.ts';
import { toStorageError } from './storage-errors.ts';

export type SqlValue = string | number | Uint8Array | null;
/** Blobs arrive as Buffer with memory of their own; integers must stay below 2^53. */
export type SqlRow = readonly (string | number | Buffer | null)[];

/** 100,000 vectors of 512 numbers take 236 MB in pages of 16 KiB and 412 MB in pages of 4 KiB, which hold one each. */
const PAGE_BYTES = 16_384;
const BUSY_TIMEOUT_MS = 5000;
/** 4 MiB, as SQLite's default is with its small pages: what a commit may have to copy back. */
const CHECKPOINT_PAGES = 256;
/** Far above the number of different queries here; filters make them, so there is an end to it. */
const MAX_STATEMENTS = 256;

export class Connection {
  readonly path: string;
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement<[readonly SqlValue[]]>>();
  #isOpen = true;

  /** `path`: a file (made with its folder where it is missing) or ':memory:'. Throws STORAGE_FAILED. */
  constructor(path: string) {
    this.path = path === ':memory:' ? path : resolve(path);
    try {
      if (this.path !== ':memory:') mkdirSync(dirname(this.path), { recursive: true });
      this.#database = new Database(this.path);
    } catch (error) {
      throw toStorageError(error, this.path);
    }
    try {
      this.#configure();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** The page size counts only while the file is empty. Nothing here writes to a catalog that is in WAL mode already. */
  #configure(): void {
    this.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    this.pragma(`page_size = ${PAGE_BYTES}`);
    this.pragma('journal_mode = WAL');
    // In WAL mode only FULL makes a commit survive a power cut, and a commit is what ingest acknowledges.
    this.pragma('synchronous = FULL');
    this.pragma('foreign_keys = ON');
    this.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    // So that sorting needs no disk when the disk is full.
    this.pragma('temp_store = MEMORY');
  }

  /** The first value a pragma answers with; undefined where it answers with nothing. */
  pragma(text: string): string | number | Buffer | null | undefined {
    return this.get(`PRAGMA ${text}`)?.[0];
  }

  /** Several statements without parameters. */
  exec(sql: string): void {
    this.#guard(() => this.#database.exec(sql));
  }

  /** All rows, read to the end. */
  all<Row extends SqlRow>(sql: string, parameters: readonly SqlValue[] = []): Row[] {
    return this.#guard(() => this.#prepare(sql).all(parameters) as Row[]);
  }

  /** The only row, or undefined. */
  get<Row extends SqlRow>(sql: string, parameters: readonly SqlValue[] = []): Row | undefined {
    return this.all<Row>(sql, parameters)[0];
  }

  /**
   * All values of a query of one integer column called `value`, in its order. They travel as one text: 100,000 labels
   * take 10 ms so and 100 ms as rows. (SQLite keeps the order of a subquery for json_group_array.)
   */
  integers<Value extends number>(query: string, parameters: readonly SqlValue[]): Value[] {
    const row = this.get<[string]>(`SELECT json_group_array(value) FROM (${query})`, parameters);
    return JSON.parse(row?.[0] ?? '[]') as Value[];
  }

  /** Runs a change and returns how many rows it touched itself (without triggers and cascades). */
  run(sql: string, parameters: readonly SqlValue[] = []): number {
    return this.#guard(() => this.#prepare(sql).run(parameters).changes);
  }

  /** All or nothing. Takes the write lock first, so that what is read inside stays true until the commit. */
  transaction<Result>(work: () => Result): Result {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself where the disk is full; a second ROLLBACK would hide that error.
      if (this.#database.inTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  /** Copies the log back into the file where that is possible. Closing twice is harmless. */
  close(): void {
    if (!this.#isOpen) return;
    try {
      this.pragma('wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // A full disk or a reader elsewhere: the log stays and the next start reads it, so closing goes on.
      if (!(error instanceof AppError)) throw error;
    }
    this.#isOpen = false;
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Database.Statement<[readonly SqlValue[]]> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    const statement = this.#database.prepare<[readonly SqlValue[]]>(sql);
    if (statement.columns().length > 0) statement.raw();
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<Result>(work: () => Result): Result {
    if (!this.#isOpen) throw new AppError('STORAGE_FAILED', `The catalog ${this.path} is closed. Open it again.`);
    try {
      return work();
    } catch (error) {
      throw toStorageError(error, this.path);
    }
  }
}

/** A list as one parameter, for `IN (SELECT value FROM json_each(?))`: one statement for lists of any length. */
export function jsonList(values: readonly (string | number)[]): string {
  return JSON.stringify(values);
}
