// GraphQL over fetch: JSON, or the multipart request specification where the variables hold files. Knows nothing of
// what is asked. Where the service wants a key, the page is asked for one and the request is sent again.

/** A document of a generated documents.ts, and (for the compiler only) what it takes and answers. */
export interface Document<Data, Variables> {
  readonly text: string;
  /** Never set: it ties the types to the document. */
  readonly shapes?: (variables: Variables) => Data;
}

/** Sends a document. Rejects with ServiceError, or with the signal's AbortError. */
export type Send = <Data, Variables extends object>(
  document: Document<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
) => Promise<Data>;

/** A failure in the service's words with its code, or OFFLINE where no answer came at all. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: string;
  /** What may have been meant instead, nearest first; spellings of a word, for one. */
  readonly suggestions: readonly string[];

  constructor(code: string, message: string, suggestions: readonly string[] = []) {
    super(message);
    this.code = code;
    this.suggestions = suggestions;
  }
}

/** True for what passes by itself: no answer at all, or a service that is still starting. */
export function isAway({ code }: { readonly code: string }): boolean {
  return code === 'OFFLINE' || code === 'STARTING';
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly suggestions?: unknown };
  }>;
}

/** `askForKey` resolves once the service has taken a key; requests that wait for it share one question. */
export function createClient(askForKey: (message: string) => Promise<void>): Send {
  let asking: Promise<void> | undefined;

  return async function send(document, variables, signal) {
    for (;;) {
      try {
        return await sendOnce(document, variables, signal);
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== 'UNAUTHENTICATED') throw error;
        asking ??= askForKey(error.message).finally(() => {
          asking = undefined;
        });
        await asking;
        signal?.throwIfAborted();
      }
    }
  };
}

/** Exchanges a key for the service's cookie. Throws ServiceError UNAUTHENTICATED where it is wrong. */
export async function openSession(key: string): Promise<void> {
  const response = await reach('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  });
  if (!response.ok) failWith(await readAnswer(response), response);
}

/** Whatever was thrown, as a ServiceError. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('PAGE_FAILED', error instanceof Error ? error.message : String(error));
}

async function sendOnce<Data>(document: Document<Data, never>, variables: object, signal?: AbortSignal): Promise<Data> {
  const operation = { query: document.text, variables };
  const files = filesIn(variables);
  const response = await reach('/graphql', {
    method: 'POST',
    // Without it a multipart request is refused: a browser sends one across sites without asking first.
    headers: {
      'apollo-require-preflight': 'true',
      ...(files.size === 0 ? { 'content-type': 'application/json' } : {}),
    },
    body: files.size === 0 ? JSON.stringify(operation) : multipart(operation, files),
    ...(signal === undefined ? {} : { signal }),
  });
  const answer = await readAnswer<Data>(response);
  if (answer.errors !== undefined || answer.data === undefined || answer.data === null) failWith(answer, response);
  return answer.data;
}

async function reach(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, request);
  } catch (error) {
    request.signal?.throwIfAborted();
    const why = error instanceof Error ? ` (${error.message})` : '';
    throw new ServiceError('OFFLINE', `Semblance does not answer${why}. Is it still running? Start it and try again.`);
  }
}

async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Answer<Data>;
  } catch {
    return {};
  }
}

function failWith(answer: Answer<unknown>, response: Response): never {
  const error = answer.errors?.[0];
  const suggestions = error?.extensions?.suggestions;
  throw new ServiceError(
    error?.extensions?.code ?? `HTTP_${response.status}`,
    error?.message ?? `The service answered ${response.status}.`,
    Array.isArray(suggestions) ? suggestions.filter((word) => typeof word === 'string') : [],
  );
}

/** Files by their path inside the operation: `variables.upload`, `variables.input.all.0.upload`. */
function filesIn(value: unknown, path = 'variables'): Map<string, File> {
  if (value instanceof File) return new Map([[path, value]]);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).flatMap(([name, item]) => [...filesIn(item, `${path}.${name}`)]));
}

/** https://github.com/jaydenseric/graphql-multipart-request-spec: the files' places hold null, the map names them. */
function multipart(operation: object, files: Map<string, File>): FormData {
  const body = new FormData();
  body.set(
    'operations',
    JSON.stringify(operation, (_name, value: unknown) => (value instanceof File ? null : value)),
  );
  body.set('map', JSON.stringify(Object.fromEntries([...files.keys()].map((path, i) => [i, [path]]))));
  [...files.values()].forEach((file, i) => void body.set(String(i), file, file.name));
  return body;
}
