// What stands around GraphQL: thumbnails, subscriptions, refusals of what costs too much or comes from elsewhere.
import { request } from 'node:http';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startTestApp, type TestApp } from '../support/app.ts';
import { solid, writeFiles } from '../support/pictures.ts';

let service: TestApp;
let firstId: string;

beforeAll(async () => {
  service = await startTestApp();
  const folder = join(service.directory, 'pictures');
  await writeFiles(folder, { 'wide.png': await solid('red', 2000, 1000), 'small.png': await solid('blue', 30, 20) });
  await service.index(folder);
  const { data } = await service.query(
    '{ images(orderBy: { field: BYTES, direction: DESC }) { edges { node { id } } } }',
  );
  firstId = data.images.edges[0].node.id;
});
afterAll(() => service.stop());

describe('pictures over HTTP', () => {
  it.each([
    ['small', 320, 160],
    ['large', 1280, 640],
  ])('come as %s WebP thumbnails that may be cached for good', async (size, width, height) => {
    const response = await fetch(`${service.url}/images/${firstId}/thumbnail/${size}`);
    expect(response.headers.get('content-type')).toBe('image/webp');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await sharp(await response.arrayBuffer()).metadata()).toMatchObject({ format: 'webp', width, height });
    const again = await fetch(response.url, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  it.each(['/images/999999/original', '/images/..%2f..%2fetc%2fpasswd/original', '/images/1e3/thumbnail/small'])(
    'answer 404 for %s',
    async (path) => {
      const response = await fetch(service.url + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'IMAGE_NOT_FOUND' } }] });
    },
  );
});

describe('jobProgress', () => {
  it('tells counts until the job ended', async () => {
    const folder = join(service.directory, 'more');
    await writeFiles(folder, { 'green.png': await solid('green'), 'bad.jpg': 'nothing' });
    const started = await service.query('mutation($path: String!) { indexFolder(path: $path) { id state } }', {
      path: folder,
    });
    const client = createClient({ url: `${service.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const events = [];
    const query =
      'subscription($id: ID!) { jobProgress(id: $id) { state found done added skippedCount skipped { name code } error { code } } }';
    for await (const event of client.iterate({ query, variables: { id: started.data.indexFolder.id } }))
      events.push(event.data?.jobProgress);
    await client.dispose();
    expect(events.at(-1)).toMatchObject({
      state: 'DONE',
      found: 2,
      done: 2,
      added: 1,
      skippedCount: 1,
      skipped: [{ code: 'NOT_A_PICTURE' }],
    });
    const job = await service.query('query($id: ID!) { job(id: $id) { state added } }', {
      id: started.data.indexFolder.id,
    });
    expect(job.data.job).toEqual({ state: 'DONE', added: 1 });
  });

  it('refuses a job that does not exist', async () => {
    const client = createClient({ url: `${service.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const events = client.iterate({ query: 'subscription { jobProgress(id: "none") { state } }' });
    const outcome = await events.next().then(
      ({ value }) => value,
      (error: unknown) => ({ errors: error }),
    );
    await client.dispose();
    expect(JSON.stringify(outcome)).toContain('JOB_NOT_FOUND');
  });
});

describe('requests that cost too much', () => {
  it.each([
    ['too deep', `{ __schema { types { fields { type { ${'ofType { '.repeat(20)} name ${'} '.repeat(20)} } } } } }`],
    [
      'too many aliases',
      `{ ${Array.from({ length: 30 }, (_, i) => `a${i}: searchByText(query: "red") { hits { score } }`).join(' ')} }`,
    ],
  ])('%s are refused before work is done', async (_title, query) => {
    const { errors } = await service.query(query);
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('QUERY_TOO_COSTLY');
  });

  it('a batch is refused', async () => {
    const body = JSON.stringify([{ query: '{ library { imageCount } }' }, { query: '{ library { imageCount } }' }]);
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(400);
  });
});

describe('requests from elsewhere', () => {
  it('with a foreign Host are refused', async () => {
    expect(await statusWith({ host: 'evil.example' })).toBe(401);
    expect(await statusWith({ host: new URL(service.url).host })).toBe(200);
  });

  it('with a foreign Origin are refused', async () => {
    expect(await statusWith({ host: new URL(service.url).host, origin: 'https://evil.example' })).toBe(401);
    expect(await statusWith({ host: new URL(service.url).host, origin: service.url })).toBe(200);
  });

  it('as a multipart form without the preflight header are refused', async () => {
    const form = new FormData();
    form.set('operations', JSON.stringify({ query: 'mutation { removeImages(ids: ["1"]) { removed } }' }));
    form.set('map', '{}');
    const response = await fetch(`${service.url}/graphql`, { method: 'POST', body: form });
    expect(response.status).toBe(400);
    expect((await service.query('{ library { imageCount } }')).data.library.imageCount).toBeGreaterThan(1);
  });

  it('need a key where keys are set, by header or by cookie', async () => {
    const locked = await startTestApp({ flags: { 'api-keys': 'a-key-of-sixteen-or-more' } });
    try {
      const ask = (headers: Record<string, string>) =>
        fetch(`${locked.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: '{"query":"{ library { imageCount } }"}',
        });
      expect((await ask({})).status).toBe(401);
      expect((await ask({ authorization: 'Bearer wrong' })).status).toBe(401);
      expect((await ask({ cookie: 'semblance_key=%' })).status).toBe(401);
      const handshake = new WebSocket(`${locked.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers: { cookie: 'semblance_key=%' },
      });
      await expect(new Promise((_, reject) => handshake.once('error', reject))).rejects.toThrow('401');
      expect((await ask({ authorization: 'Bearer a-key-of-sixteen-or-more' })).status).toBe(200);
      const post = (key: string) =>
        fetch(`${locked.url}/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ key }),
        });
      expect((await post('wrong')).status).toBe(401);
      const cookie = (await post('a-key-of-sixteen-or-more')).headers.get('set-cookie')?.split(';')[0] ?? '';
      expect((await ask({ cookie })).status).toBe(200);
    } finally {
      await locked.stop();
    }
  });
});

describe('malformed requests', () => {
  it.each([
    ['no JSON', 'application/json', '{"query": '],
    ['a broken multipart body', 'multipart/form-data; boundary=x', '--x\r\nnonsense'],
  ])('(%s) get a JSON error and no stack trace', async (_title, type, body) => {
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type, 'apollo-require-preflight': '1' },
      body,
    });
    const text = await response.text();
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(JSON.parse(text).errors[0].extensions.code).toMatch(/UPLOAD_REFUSED|BAD_REQUEST/);
    expect(text).not.toContain('node_modules');
  });

  it('(too many files) are refused with a code', async () => {
    const files = Array.from({ length: 101 }, (_, i) => ({ name: `${i}.png`, bytes: Buffer.from('x') }));
    const { errors, status } = await service.upload(
      'mutation($files: [Upload!]!) { addImages(uploads: $files) { outcomes { name } } }',
      files,
    );
    expect(status).toBeLessThan(500);
    expect(errors?.[0]?.extensions.code).toBe('UPLOAD_REFUSED');
  });
});

/** fetch does not let a test choose Host and Origin. */
function statusWith(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(service.url);
    const ask = request(
      { hostname, port, path: '/graphql', method: 'POST', headers: { ...headers, 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    ask.on('error', reject);
    ask.end('{"query":"{ library { imageCount } }"}');
  });
}
