// Keeps the spaces beside the main one complete: in the background, after ingest and on demand, one job at a time. A space that
// is computed from another comes after it. Knows no encoder and no file.
import type { Logger } from '../../core/logger.ts';
import type { Job, JobBoard } from '../job-board.ts';
import type { Space } from './space.ts';
import type { Spaces } from './spaces.ts';

interface Deps {
  readonly spaces: Spaces;
  readonly jobs: JobBoard;
  readonly log: Logger;
}

export class SpaceUpkeep {
  readonly #deps: Deps;
  #running: Job | undefined;
  /** Pictures came while a job ran. */
  #again = false;
  /** Looks whether there is work that nobody waits for. */
  readonly #looks = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Starts the work where there is any, or joins the job under way; undefined where every space is complete. */
  async startIfNeeded(): Promise<Job | undefined> {
    if (this.#running !== undefined) return this.#joined(this.#running);
    const isNeeded = await this.#isNeeded();
    if (this.#running !== undefined) return this.#joined(this.#running);
    if (!isNeeded) return undefined;
    const job = this.#deps.jobs.start('REEMBED', (started) => this.#runAll(started));
    this.#running = job;
    return job;
  }

  /** The same without waiting, and without a word where the service is stopping. */
  soon(): void {
    if (this.#isClosed) return;
    const look = this.startIfNeeded()
      .catch((err: unknown) => this.#deps.log.debug({ err }, 'Spaces are not filled now'))
      .finally(() => this.#looks.delete(look));
    this.#looks.add(look);
  }

  /** Resolves once nothing here asks the catalog any more, save for jobs that run: their board ends those. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#looks);
  }

  /** Fills one space, and then what is computed from it. */
  fill(name: string): Job {
    return this.#deps.jobs.start('REEMBED', async (job) => {
      await this.#running?.ended;
      await this.#fill(await this.#deps.spaces.get(name), job);
      this.soon();
    });
  }

  /** As part of a job of somebody else. */
  async fillAll(job: Job): Promise<void> {
    await this.#running?.ended;
    await this.#each(job);
  }

  #joined(job: Job): Job {
    this.#again = true;
    return job;
  }

  async #isNeeded(): Promise<boolean> {
    for (const space of await this.#inOrder()) {
      if (this.#isClosed) return false;
      // A space that shares its vectors with another may have become complete without hearing of it.
      await space.vectors.index.reconcile();
      if ((await space.filler?.isLacking()) === true) return true;
    }
    return false;
  }

  async #runAll(job: Job): Promise<void> {
    try {
      do {
        this.#again = false;
        await this.#each(job);
      } while (this.#again);
    } finally {
      this.#running = undefined;
    }
  }

  /** A space whose encoder fails does not keep the others from being filled; the job fails with the first fault. */
  async #each(job: Job): Promise<void> {
    const faults: unknown[] = [];
    for (const space of await this.#inOrder()) {
      try {
        await this.#fill(space, job);
      } catch (error) {
        job.signal.throwIfAborted();
        this.#deps.log.warn({ err: error }, `The space ${space.name} could not be filled`);
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  }

  async #fill(space: Space, job: Job): Promise<void> {
    await space.filler?.fill(job);
    await space.vectors.index.reconcile();
    await space.fitIfDue();
  }

  /** Bases before what is computed from them; spaces that cannot be opened are passed over, with a line in the log. */
  async #inOrder(): Promise<Space[]> {
    const { spaces, log } = this.#deps;
    const opened: Space[] = [];
    for (const { name } of await spaces.definitions()) {
      if (this.#isClosed) break;
      try {
        opened.push(await spaces.get(name));
      } catch (err) {
        log.warn({ err }, `The space ${name} cannot be opened`);
      }
    }
    const byName = new Map(opened.map((space) => [space.name, space]));
    const depthOf = (space: Space): number => {
      const base = space.base === undefined ? undefined : byName.get(space.base);
      return base === undefined ? 0 : 1 + depthOf(base);
    };
    return opened.sort((a, b) => depthOf(a) - depthOf(b));
  }
}
