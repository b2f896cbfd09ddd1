// Answers that go on: GraphQL over one WebSocket (graphql-ws), opened with the first subscription and closed with the last.
// A connection that breaks is made again for as long as somebody listens; the service then tells the present state first, so
// nothing is lost. The key's cookie goes along by itself, as with every request of the page.
import { type Client, createClient } from 'graphql-ws/client';
import { JOB_PROGRESS, type Work } from './adding/documents.ts';
import { type Document, ServiceError, toServiceError } from './graphql-client.ts';

export interface Listener<Data> {
  onData(data: Data): void;
  /** False while the connection is broken and made again. */
  onConnected?(isConnected: boolean): void;
  /** Said once: the service ended it well, or with an error. Nothing follows. */
  onEnd(error?: ServiceError): void;
}

const LONGEST_PAUSE_MS = 5_000;
/** A line that has gone quiet (a laptop that slept) is found out by an unanswered ping. */
const PING_EVERY_MS = 12_000;
const PONG_WITHIN_MS = 5_000;

let shared: Client | undefined;

/** Follows a job of the service. The function that comes back ends it. */
export function jobProgress(id: string, listener: Listener<Work>): () => void {
  return listen(JOB_PROGRESS, { id }, { ...listener, onData: ({ jobProgress }) => listener.onData(jobProgress) });
}

/** Listens to a subscription. The function that comes back ends it; nothing is told after that. */
export function listen<Data, Variables extends object>(
  document: Document<Data, Variables>,
  variables: Variables,
  { onData, onConnected, onEnd }: Listener<Data>,
): () => void {
  shared ??= connect();
  const client = shared;
  let isOver = false;
  const quiets = [
    client.on('connected', () => isOver || onConnected?.(true)),
    client.on('closed', () => isOver || onConnected?.(false)),
  ];
  const end = (error?: ServiceError) => {
    if (isOver) return;
    isOver = true;
    for (const quiet of quiets) quiet();
    onEnd(error);
  };
  const dispose = client.subscribe<Data>(
    { query: document.text, variables: variables as Record<string, unknown> },
    {
      next({ data, errors }) {
        const [error] = errors ?? [];
        if (error !== undefined) end(fromGraphql(error));
        else if (data && !isOver) onData(data);
      },
      error: (thrown) => end(Array.isArray(thrown) ? fromGraphql(thrown[0]) : toServiceError(thrown)),
      complete: () => end(),
    },
  );
  return () => {
    isOver = true;
    for (const quiet of quiets) quiet();
    dispose();
  };
}

function connect(): Client {
  let silence: ReturnType<typeof setTimeout> | undefined;
  const client: Client = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    retryAttempts: Number.POSITIVE_INFINITY,
    // Whatever closed it: a service that restarts, a key that is still being typed, a network that went away.
    shouldRetry: () => true,
    retryWait: async (tries) => {
      // Spread out, so that many pages do not fall upon a service that has just come back.
      const pause = Math.min(LONGEST_PAUSE_MS, 300 * 2 ** tries) * (0.7 + 0.6 * Math.random());
      await new Promise((resolve) => setTimeout(resolve, pause));
    },
    keepAlive: PING_EVERY_MS,
    on: {
      ping: (isReceived) => {
        if (!isReceived) silence = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(silence);
      },
      closed: () => clearTimeout(silence),
    },
  });
  return client;
}

function fromGraphql(error: {
  readonly message: string;
  readonly extensions?: { readonly code?: unknown };
}): ServiceError {
  const code = error.extensions?.code;
  return new ServiceError(typeof code === 'string' ? code : 'INTERNAL', error.message);
}
