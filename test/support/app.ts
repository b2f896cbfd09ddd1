// A whole service for tests: real HTTP, real catalog and index, in a folder of its own. The fake embedder makes flows
// quick; `starter` runs the real model.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, compose, ROOT } from '../../src/compose.ts';
import type { SourceOpeners } from '../../src/compose-encoders.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { Embedder } from '../../src/embedding/embedder.ts';
import { startServer } from '../../src/server/http-server.ts';
import { createFakeEmbedder } from './fake-embedder.ts';

export interface TestApp {
  readonly app: App;
  readonly url: string;
  readonly directory: string;
  /** Runs one operation and returns the body as it came. */
  query(text: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>;
  /** The same as a multipart request; files go to `$file` (one) or `$files` (several). */
  upload(text: string, files: readonly TestFile[], variables?: Record<string, unknown>): Promise<GraphqlAnswer>;
  /** Runs a job by its folder and waits until it ended. */
  index(folder: string): Promise<ReturnType<ReturnType<App['services']['ingest']['indexFolder']>['snapshot']>>;
  stop(): Promise<void>;
}

export interface TestFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are shaped by the query that each test writes.
type Data = any;
export interface GraphqlAnswer {
  readonly status: number;
  readonly data: Data;
  readonly errors: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[] | undefined;
}

export interface TestAppOptions {
  readonly embedder?: Embedder;
  /** Further kinds of encoders for spaces. */
  readonly sources?: SourceOpeners;
  /** Where the embedder's statistics and calibration lie. */
  readonly modelFolder?: string;
  readonly flags?: Readonly<Record<string, string>>;
  /** Kept when the app stops, so that a second one can open it. */
  readonly directory?: string;
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'semblance-test-')));
  const flags = { data: join(directory, 'data'), index: 'exact', log: 'silent', port: '0', ...options.flags };
  const config: Config = readConfig(flags, {});
  const useReal = options.flags?.model !== undefined;
  const modelFolder = options.modelFolder === undefined ? {} : { modelFolder: options.modelFolder };
  const app = await compose(config, {
    ...(options.sources === undefined ? {} : { sources: options.sources }),
    ...(useReal ? {} : { embedder: options.embedder ?? createFakeEmbedder(), ...modelFolder }),
  });
  const server = await startServer({
    port: 0,
    host: config.host,
    gate: { apiKeys: config.apiKeys, isLocal: true },
    services: app.services,
    thumbnails: app.thumbnails,
    webDirectory: undefined,
    schemaFile: join(ROOT, 'schema.graphql'),
    log: app.log,
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    app,
    url,
    directory,
    query: (query, variables) =>
      send(url, { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) }),
    upload: (query, files, variables) =>
      send(url, { headers: { 'apollo-require-preflight': 'true' }, body: multipart(query, files, variables) }),
    async index(folder) {
      const job = app.services.ingest.indexFolder(folder);
      await job.ended;
      return job.snapshot();
    },
    async stop() {
      await server.close();
      await app.close();
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** One file goes to `$file`, several to `$files`, by the GraphQL multipart request specification. */
export function multipart(
  query: string,
  files: readonly TestFile[],
  variables: Record<string, unknown> = {},
): FormData {
  const isList = query.includes('$files');
  const form = new FormData();
  const holes = isList ? { files: files.map(() => null) } : { file: null };
  form.set('operations', JSON.stringify({ query, variables: { ...variables, ...holes } }));
  form.set(
    'map',
    JSON.stringify(Object.fromEntries(files.map((_, i) => [i, [isList ? `variables.files.${i}` : 'variables.file']]))),
  );
  files.forEach(({ name, bytes }, i) => {
    form.set(String(i), new File([new Uint8Array(bytes)], name));
  });
  return form;
}

async function send(
  url: string,
  init: { headers: Record<string, string>; body: string | FormData },
): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql`, { method: 'POST', ...init });
  const { data, errors } = (await response.json()) as GraphqlAnswer;
  return { status: response.status, data, errors };
}
