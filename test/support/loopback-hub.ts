// A model hub on 127.0.0.1 that speaks the two paths of the real one, and can misbehave as asked.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const HUB_COMMIT = 'c0ffee'.padEnd(40, '0');

export interface LoopbackHub {
  readonly url: string;
  /** Every request since the start: path, and range where one was asked for. */
  readonly requests: string[];
  /** Content by path; change it between requests. */
  readonly files: Map<string, Buffer>;
  /** Breaks the connection after so many bytes of a file, once. */
  breakOnceAfter: Map<string, number>;
  /** Answers 404 for these though they are listed. */
  readonly gone: Set<string>;
  ignoresRanges: boolean;
  close(): Promise<void>;
}

/** Serves `files` as the repository owner/name, at `main` and at HUB_COMMIT. Weights (.onnx) are listed with sha-256. */
export async function startLoopbackHub(files: Record<string, string | Buffer>): Promise<LoopbackHub> {
  const content = new Map(Object.entries(files).map(([path, data]) => [path, Buffer.from(data)]));
  const hub: Omit<LoopbackHub, 'url' | 'close'> = {
    requests: [],
    files: content,
    breakOnceAfter: new Map(),
    gone: new Set(),
    ignoresRanges: false,
  };
  const server = createServer((request, response) => answer(hub, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(hub, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

function answer(hub: Omit<LoopbackHub, 'url' | 'close'>, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '').split('?')[0] as string;
  const range = request.headers.range;
  hub.requests.push(range === undefined ? path : `${path} ${range}`);
  if (path === '/api/models/owner/name/revision/main' || path === `/api/models/owner/name/revision/${HUB_COMMIT}`) {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ sha: HUB_COMMIT, siblings: [...hub.files].map(([name, data]) => listed(name, data)) }),
    );
    return;
  }
  const prefix = `/owner/name/resolve/${HUB_COMMIT}/`;
  const name = path.slice(prefix.length);
  const data = path.startsWith(prefix) && !hub.gone.has(name) ? hub.files.get(name) : undefined;
  if (data === undefined) {
    response.writeHead(404).end('Entry not found');
    return;
  }
  sendFile(hub, name, data, hub.ignoresRanges ? undefined : range, response);
}

function listed(rfilename: string, data: Buffer): object {
  const size = data.length;
  if (!rfilename.includes('.onnx')) return { rfilename, size };
  return { rfilename, size, lfs: { sha256: createHash('sha256').update(data).digest('hex'), size } };
}

function sendFile(
  hub: Omit<LoopbackHub, 'url' | 'close'>,
  name: string,
  data: Buffer,
  range: string | undefined,
  response: ServerResponse,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (start > 0 && start >= data.length) {
    response.writeHead(416).end();
    return;
  }
  const body = data.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': body.length });
  const limit = hub.breakOnceAfter.get(name);
  if (limit === undefined) {
    response.end(body);
    return;
  }
  hub.breakOnceAfter.delete(name);
  response.write(body.subarray(0, limit), () => setTimeout(() => response.destroy(), 500));
}
