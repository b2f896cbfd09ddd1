// All pictures on a plane by what they show. Drawn once in a thread of its own, kept in the catalog; later pictures are
// placed without moving the rest, until so many are new that it is worth drawing again.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import { type Matrix, row } from '../../core/vector.ts';
import { type ImageId, imageIdOf, viewOf, WHOLE } from '../../core/views.ts';
import { startWorker } from '../../core/worker-entry.ts';
import { regionOfEach } from '../../query/map/map-regions.ts';
import type { Catalog } from '../../store/catalog.ts';
import type { ImageVectors } from '../image-vectors.ts';
import type { Job, JobBoard } from '../job-board.ts';
import type { ModelSpace } from '../search/model-space.ts';
import type { Vocabulary } from '../words/vocabulary.ts';
import { type MapRegion, parseMap, type StoredMap, serializeMap } from './map-file.ts';
import { placeNew } from './map-placer.ts';
import type { FromMapWorker, MapTask } from './map-worker.ts';

/** NONE: nothing was drawn yet. STALE: so much is new that drawing again would show it better. */
export type MapState = 'NONE' | 'COMPUTING' | 'READY' | 'STALE';

export interface MapStatus {
  readonly state: MapState;
  /** The job that draws, while one does, or that drew last in this run of the service. */
  readonly jobId: string | null;
  readonly drawnAt: Date | null;
}

export interface MapView {
  readonly ids: readonly ImageId[];
  /** A pair x, y in 0..1 for each id. */
  readonly places: Float32Array;
  /** How many of them came after the map was drawn. */
  readonly added: number;
  readonly regions: readonly (MapRegion & { readonly count: number })[];
}

/** Share of pictures that were only placed, above which the map is stale. */
const STALE_AT = 0.3;
const SEED = 7;
const ROWS_AT_ONCE = 256;
/** umap-js keeps its graph in maps of objects: about 1.5 GB for 50,000 pictures. */
const WORKER_HEAP_MB = 4096;

interface Deps {
  readonly catalog: Catalog;
  readonly vectors: ImageVectors;
  readonly space: ModelSpace;
  readonly vocabulary: Vocabulary;
  readonly jobs: JobBoard;
}

export class MapService {
  readonly #deps: Deps;
  #map: StoredMap | undefined;
  #shown: { readonly map: StoredMap; readonly present: readonly ImageId[]; readonly view: MapView } | undefined;
  #loading: Promise<void> | undefined;
  #job: Job | undefined;
  /** One after the other: each adds to what the one before has placed. */
  #placing: Promise<unknown> = Promise.resolve();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async status(): Promise<MapStatus> {
    await this.#load();
    const jobId = this.#job?.id ?? null;
    const drawnAt = this.#map?.drawnAt ?? null;
    if (this.#isDrawing) return { state: 'COMPUTING', jobId, drawnAt };
    if (this.#map === undefined || this.#map.drawn === 0) return { state: 'NONE', jobId, drawnAt };
    const drawn = new Set(this.#map.ids.slice(0, this.#map.drawn));
    const ids = await this.#deps.catalog.idsMatching({});
    const added = ids.reduce((sum, id) => (drawn.has(id) ? sum : sum + 1), 0);
    return { state: added > STALE_AT * ids.length ? 'STALE' : 'READY', jobId, drawnAt };
  }

  /** The pictures that are in the library now; new ones are placed first. Empty before the map is drawn. */
  async view(): Promise<MapView> {
    await this.#load();
    await this.#deps.vectors.catchUp();
    const ids = await this.#deps.catalog.idsMatching({});
    const turn = this.#placing.then(() => this.#takeIn(ids));
    this.#placing = turn.catch(() => undefined);
    await turn;
    const map = this.#map;
    if (map === undefined) return EMPTY;
    const shown = this.#shown;
    if (shown !== undefined && shown.map === map && sameIds(shown.present, ids)) return shown.view;
    const view = await viewOfMap(map, new Set(ids));
    this.#shown = { map, present: ids, view };
    return view;
  }

  /** Draws the map anew in the background, or joins the drawing under way. */
  compute(): Job {
    if (this.#job === undefined || !this.#isDrawing) {
      this.#job = this.#deps.jobs.start('MAP', (job) => this.#draw(job));
    }
    return this.#job;
  }

  get #isDrawing(): boolean {
    return this.#job?.snapshot().state === 'RUNNING';
  }

  get #key(): string {
    return `map/1/${this.#deps.vectors.model}`;
  }

  #load(): Promise<void> {
    this.#loading ??= (async () => {
      const bytes = await this.#deps.catalog.getArtifact(this.#key);
      this.#map ??= bytes === undefined ? undefined : parseMap(bytes);
    })();
    // A read that failed is tried again by the next who asks.
    this.#loading.catch(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #takeIn(ids: readonly ImageId[]): Promise<void> {
    const map = this.#map;
    if (map === undefined || map.drawn === 0) return;
    const known = new Set(map.ids);
    const fresh = ids.filter((id) => !known.has(id));
    if (fresh.length === 0) return;
    const grown = await placeNew(map, fresh, this.#deps.vectors);
    // Drawn anew meanwhile: the new map is the truth, and the next look places what it lacks.
    if (grown.ids.length > map.ids.length && this.#map === map) await this.#keep(grown);
  }

  async #keep(map: StoredMap): Promise<void> {
    this.#map = map;
    await this.#deps.catalog.putArtifact(this.#key, serializeMap(map));
  }

  async #draw(job: Job): Promise<void> {
    const { space, vocabulary } = this.#deps;
    await this.#deps.vectors.catchUp();
    const { ids, vectors } = await this.#readVectors(job);
    job.found = ids.length;
    job.foundAll = true;
    const { textMean } = await space.means();
    const task: MapTask = { vectors, words: vocabulary.vectors, textMean, seed: SEED };
    const drawn = await runWorker(task, job);
    const regions = drawn.regions.map(({ level, x, y, middle, word }) => {
      return { level, x, y, label: vocabulary.words[word] ?? null, imageId: ids[middle] as ImageId };
    });
    await this.#load();
    await this.#keep({ drawnAt: new Date(), drawn: ids.length, ids, places: drawn.places, regions });
  }

  /** Whole pictures only, packed, in steps. */
  async #readVectors(job: Job): Promise<{ readonly ids: ImageId[]; readonly vectors: Matrix }> {
    const { catalog, vectors } = this.#deps;
    const ids: ImageId[] = [];
    const parts: Float32Array[] = [];
    let dimension = 0;
    for await (const batch of catalog.scanVectors(vectors.model, ROWS_AT_ONCE)) {
      job.signal.throwIfAborted();
      dimension = batch.vectors.dimension;
      batch.labels.forEach((label, i) => {
        if (viewOf(label) !== WHOLE) return;
        ids.push(imageIdOf(label));
        parts.push(row(batch.vectors, i));
      });
      await nextTurn();
    }
    const data = new Float32Array(ids.length * dimension);
    for (const [i, part] of parts.entries()) {
      data.set(part, i * dimension);
      if (i % (16 * ROWS_AT_ONCE) === 0) await nextTurn();
    }
    return { ids, vectors: { rows: ids.length, dimension, data } };
  }
}

const EMPTY: MapView = { ids: [], places: new Float32Array(0), added: 0, regions: [] };

/** The shares of work that the thread tells are told on as pictures, for that is what people count. */
function runWorker(task: MapTask, job: Job): Promise<FromMapWorker & { readonly type: 'done' }> {
  job.signal.throwIfAborted();
  const worker = startWorker(new URL('./map-worker.ts', import.meta.url), {
    workerData: task,
    transferList: [task.vectors.data.buffer as ArrayBuffer],
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
  });
  const end = () => void worker.terminate();
  job.signal.addEventListener('abort', end);
  const count = task.vectors.rows;
  return new Promise<FromMapWorker & { readonly type: 'done' }>((resolve, reject) => {
    worker.on('message', (message: FromMapWorker) => {
      if (message.type === 'done') {
        job.countAdded(count - job.added);
        resolve(message);
      } else {
        const done = Math.floor(message.share * count);
        if (done > job.added) job.countAdded(done - job.added);
      }
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      const stopping = job.signal.aborted ? job.signal.reason : undefined;
      reject(stopping ?? new AppError('INTERNAL', `The drawing of the map ended early (${code}).`));
    });
  }).finally(() => job.signal.removeEventListener('abort', end));
}

function sameIds(a: readonly ImageId[], b: readonly ImageId[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

async function viewOfMap(map: StoredMap, present: ReadonlySet<ImageId>): Promise<MapView> {
  const ids: ImageId[] = [];
  const places = new Float32Array(2 * map.ids.length);
  let added = 0;
  map.ids.forEach((id, i) => {
    if (!present.has(id)) return;
    places.set(map.places.subarray(2 * i, 2 * i + 2), 2 * ids.length);
    if (i >= map.drawn) added++;
    ids.push(id);
  });
  const shown = places.slice(0, 2 * ids.length);
  return { ids, places: shown, added, regions: await countRegions(map.regions, shown) };
}

/** Regions without any picture left are left out. */
async function countRegions(regions: readonly MapRegion[], places: Float32Array): Promise<MapView['regions']> {
  const counted: (MapRegion & { readonly count: number })[] = [];
  for (const level of new Set(regions.map((region) => region.level))) {
    await nextTurn();
    const ofLevel = regions.filter((region) => region.level === level);
    const counts = ofLevel.map(() => 0);
    for (const region of regionOfEach(places, ofLevel)) counts[region] = (counts[region] ?? 0) + 1;
    counted.push(...ofLevel.map((region, i) => ({ ...region, count: counts[i] ?? 0 })));
  }
  return counted.filter(({ count }) => count > 0);
}
