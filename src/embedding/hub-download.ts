// A model of the Hugging Face hub, pinned to a commit and kept in a folder: asked for once, then offline for good.
// Knows the hub's two addresses (api, resolve); knows nothing of what the files mean.
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { writeFileAtomic } from '../core/files.ts';
import { type DownloadProgress, downloadFile, type HubFile, requestHub } from './download-file.ts';
import type { FilePlan, ModelFolder } from './model-folder.ts';

export const HUB_URL = 'https://huggingface.co';

export interface HubId {
  /** `owner/name`. */
  readonly repository: string;
  /** Branch, tag or commit; `main` unless said. */
  readonly revision: string;
}

/** What the hub says a commit holds; kept beside the files, so that it is asked once. */
interface Listing {
  readonly commit: string;
  readonly files: readonly HubFile[];
}

export interface FetchOptions {
  readonly hubId: HubId;
  readonly cacheDirectory: string;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
  readonly hubUrl: string;
  /** Chooses among the files of the listing; `where` names it in messages. May throw MODEL_UNAVAILABLE. */
  readonly plan: (where: string, files: ReadonlySet<string>) => FilePlan;
}

const LISTING_FILE = 'hub-listing.json';

/** `owner/name` or `owner/name@revision`; undefined for anything else. */
export function parseHubId(text: string): HubId | undefined {
  const match = /^([\w-][\w.-]*\/[\w-][\w.-]*)(?:@([\w-][\w./-]*))?$/.exec(text);
  if (match?.[1] === undefined || match[2]?.includes('..')) return undefined;
  return { repository: match[1], revision: match[2] ?? 'main' };
}

/**
 * The model's folder, complete. A revision is resolved to a commit once and remembered (refs/), so `main` never moves
 * under an existing library: delete cacheDirectory/owner/name to follow it. Throws MODEL_UNAVAILABLE.
 */
export async function fetchFromHub(options: FetchOptions): Promise<ModelFolder> {
  const { hubId } = options;
  const home = join(options.cacheDirectory, ...hubId.repository.split('/'));
  const listing = (await rememberedListing(home, hubId)) ?? (await askHub(home, options));
  const names = new Set(listing.files.map((file) => file.path));
  const plan = options.plan(`The hub's model ${hubId.repository} at ${listing.commit}`, names);

  const path = join(home, listing.commit);
  const needed = new Set(plan.files);
  for (const file of listing.files.filter((listed) => needed.has(listed.path))) {
    const target = join(path, file.path);
    if (existsSync(target)) continue;
    const url = `${options.hubUrl}/${hubId.repository}/resolve/${listing.commit}/${file.path}`;
    await downloadFile({ url, target, file, onProgress: options.onProgress });
  }
  return { id: hubId.repository, path, revision: listing.commit, dtype: plan.dtype, notices: plan.notices };
}

/** Absent or unreadable files mean that the hub is asked again. */
async function rememberedListing(home: string, hubId: HubId): Promise<Listing | undefined> {
  try {
    const commit = await readFile(refFile(home, hubId.revision), 'utf8');
    return JSON.parse(await readFile(join(home, commit, LISTING_FILE), 'utf8')) as Listing;
  } catch {
    return undefined;
  }
}

function refFile(home: string, revision: string): string {
  return join(home, 'refs', encodeURIComponent(revision));
}

async function askHub(home: string, { hubId, hubUrl }: FetchOptions): Promise<Listing> {
  const url = `${hubUrl}/api/models/${hubId.repository}/revision/${encodeURIComponent(hubId.revision)}?blobs=true`;
  const answer: unknown = await (await requestHub(url)).json().catch(() => undefined);
  const listing = parseListing(answer, url);
  const listingFile = join(home, listing.commit, LISTING_FILE);
  const ref = refFile(home, hubId.revision);
  await mkdir(dirname(listingFile), { recursive: true });
  await mkdir(dirname(ref), { recursive: true });
  await writeFileAtomic(listingFile, [JSON.stringify(listing, null, 1)]);
  await writeFileAtomic(ref, [listing.commit]);
  return listing;
}

/** The fields used of https://huggingface.co/docs/hub/api: sha, siblings[].rfilename, size, lfs.sha256. */
function parseListing(answer: unknown, url: string): Listing {
  const { sha, siblings } = (answer ?? {}) as { sha?: unknown; siblings?: unknown };
  if (typeof sha !== 'string' || !/^[0-9a-f]{7,64}$/.test(sha) || !Array.isArray(siblings)) {
    throw new AppError(
      'MODEL_UNAVAILABLE',
      `Expected a commit and its files from ${url}, got something else. Is this address the hub's, or a proxy's page?`,
    );
  }
  const files = siblings.flatMap((sibling: { rfilename?: unknown; size?: unknown; lfs?: { sha256?: unknown } }) => {
    if (typeof sibling?.rfilename !== 'string') return [];
    const sha256 = sibling.lfs?.sha256;
    return [
      {
        path: sibling.rfilename,
        ...(typeof sibling.size === 'number' ? { bytes: sibling.size } : {}),
        ...(typeof sha256 === 'string' ? { sha256 } : {}),
      },
    ];
  });
  return { commit: sha, files };
}
