// Keeps the bridge between word space and the model's space: fitted once for each pair of words and model, in a worker
// thread, kept in the catalog. Knows no picture.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { pack, row, type Vector } from '../../core/vector.ts';
import { startWorker } from '../../core/worker-entry.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { embedWithPrompts } from '../../embedding/prompts.ts';
import type { Catalog } from '../../store/catalog.ts';
import type { Bridge } from '../../words/bridge.ts';
import { parseBridge } from '../../words/bridge-file.ts';
import type { WordVectors } from '../../words/word-vectors.ts';
import type { BridgeTask } from './bridge-worker.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { WordService } from './word-service.ts';

/** Words of the vocabulary come first, frequent words of the file fill up. More words than this change little. */
const WORDS_WANTED = 4000;
const LEAST_WORDS = 100;
/** Few at a time, so that pictures that are being indexed keep their turn in the tower. */
const EMBEDDED_AT_ONCE = 32;
const READ_AT_ONCE = 200;
/** The most frequent words of any text name nothing: the, of, and. */
const FUNCTION_WORDS = 150;
/** A question does not wait longer than this for word vectors that are still being read. */
const LONGEST_WAIT_MS = 3000;
/** A new choice of words gets a new number. */
const CHOICE = 1;

interface Deps {
  readonly words: WordService;
  readonly vocabulary: Vocabulary;
  readonly embedder: Embedder;
  readonly catalog: Catalog;
  readonly log: Logger;
}

export class BridgeService {
  readonly #deps: Deps;
  readonly #stop = new AbortController();
  #making: Promise<Bridge | undefined> | undefined;
  #current: Bridge | undefined;
  #currentKey: string | undefined;
  #opening: Promise<unknown> | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Undefined until it is read or fitted, and where words are missing. */
  get current(): Bridge | undefined {
    return this.#current;
  }

  /** Names what the bridge was made from. */
  get currentKey(): string | undefined {
    return this.#current === undefined ? undefined : this.#currentKey;
  }

  /** Waits a while for the words and a stored bridge; never fits, never rejects. Later calls wait for the first. */
  opened(): Promise<unknown> {
    if (this.#current !== undefined) return Promise.resolve();
    this.#opening ??= this.#open().catch(() => undefined);
    const timer = new AbortController();
    const patience = sleep(LONGEST_WAIT_MS, undefined, { signal: timer.signal, ref: false }).catch(() => undefined);
    return Promise.race([this.#opening, patience]).finally(() => timer.abort());
  }

  /** Takes the stored bridge where there is one. */
  async #open(): Promise<Bridge | undefined> {
    const { vectors } = await this.#deps.words.ready();
    const bytes = await this.#deps.catalog.getArtifact(this.#key(vectors));
    try {
      if (bytes !== undefined) this.#adopt(bytes, vectors);
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'the stored bridge is fitted anew');
    }
    return this.#current;
  }

  /** The bridge, fitted now where none is stored; undefined where there are too few words. Logs what goes wrong. */
  make(): Promise<Bridge | undefined> {
    this.#making ??= this.#make().catch((error: unknown) => {
      if (!this.#stop.signal.aborted && this.#deps.words.isConfigured)
        this.#deps.log.warn({ err: error }, 'the bridge to word space could not be made');
      return undefined;
    });
    return this.#making;
  }

  /** Ends a fit that is under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#making;
  }

  #adopt(bytes: Uint8Array, vectors: WordVectors): void {
    this.#current = parseBridge(bytes);
    this.#currentKey = `${CHOICE}/${vectors.fingerprint}`;
  }

  #key(vectors: WordVectors): string {
    return `bridge/${CHOICE}/${vectors.fingerprint}/${this.#deps.vocabulary.version}`;
  }

  async #make(): Promise<Bridge | undefined> {
    const stored = await this.#open();
    if (stored !== undefined) return stored;
    const { vectors } = await this.#deps.words.ready();
    const words = this.#choose(vectors);
    if (words.length < LEAST_WORDS) return undefined;
    const clip = await this.#embed(words);
    const inWordSpace: Vector[] = [];
    for (const word of words) {
      inWordSpace.push(vectors.phraseVector(word) as Vector);
      // Each is a read from a file; thousands at once would hold everybody else up.
      if (inWordSpace.length % READ_AT_ONCE === 0) await nextTurn();
    }
    const bytes = await this.#fit({ words: pack(inWordSpace), clip: pack(clip) });
    await this.#deps.catalog.putArtifact(this.#key(vectors), bytes);
    this.#adopt(bytes, vectors);
    return this.#current;
  }

  #choose(vectors: WordVectors): string[] {
    const chosen = new Set(this.#deps.vocabulary.words.filter((word) => vectors.phraseVector(word) !== undefined));
    for (const word of vectors.words.slice(FUNCTION_WORDS)) {
      if (chosen.size >= WORDS_WANTED) break;
      if (/^\p{Ll}{3,}$/u.test(word)) chosen.add(word);
    }
    return [...chosen].slice(0, WORDS_WANTED);
  }

  /** Words of the vocabulary were embedded before. */
  async #embed(words: readonly string[]): Promise<Vector[]> {
    const { vocabulary, embedder } = this.#deps;
    const rows = new Map(vocabulary.words.map((word, i) => [word, i]));
    const others = words.filter((word) => !rows.has(word));
    const fresh = new Map<string, Vector>();
    for (let from = 0; from < others.length; from += EMBEDDED_AT_ONCE) {
      this.#stop.signal.throwIfAborted();
      const some = others.slice(from, from + EMBEDDED_AT_ONCE);
      const embedded = await embedWithPrompts(embedder, some, 'ingest');
      for (const [i, word] of some.entries()) fresh.set(word, embedded[i] as Vector);
    }
    return words.map((word) => fresh.get(word) ?? row(vocabulary.vectors, rows.get(word) as number));
  }

  #fit(task: BridgeTask): Promise<Uint8Array> {
    this.#stop.signal.throwIfAborted();
    const worker = startWorker(new URL('./bridge-worker.ts', import.meta.url), { workerData: task });
    const end = () => void worker.terminate();
    this.#stop.signal.addEventListener('abort', end);
    return new Promise<Uint8Array>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new AppError('INTERNAL', `The fit of the bridge ended early (${code}).`)));
    }).finally(() => this.#stop.signal.removeEventListener('abort', end));
  }
}
