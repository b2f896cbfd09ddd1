// The HTTP surface: /graphql (queries, uploads, subscriptions), /images, the page, and health for supervisors.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import { expressMiddleware } from '@as-integrations/express5';
import { makeExecutableSchema } from '@graphql-tools/schema';
import express, { type ErrorRequestHandler } from 'express';
import graphqlUploadExpress from 'graphql-upload/graphqlUploadExpress.mjs';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { AppError, toAppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { MAX_FILE_BYTES } from '../media/limits.ts';
import type { ThumbnailStore } from '../media/thumbnails.ts';
import { createApollo } from './apollo.ts';
import { createContext, type Services } from './context.ts';
import { type FrontDoor, openFrontDoor, servePage } from './front-door.ts';
import { imageRoutes, statusOf } from './image-routes.ts';
import { resolvers } from './resolvers.ts';
import { faultOf, type Gate, guard, securityHeaders, sendError, session } from './security.ts';
import { MAX_UPLOADS } from './uploads.ts';

export interface ServerOptions {
  readonly port: number;
  readonly host: string;
  readonly gate: Gate;
  readonly services: Services;
  readonly thumbnails: ThumbnailStore;
  /** Folder with the built page; absent: `/` says where the service is. */
  readonly webDirectory: string | undefined;
  /** schema.graphql itself: it is the contract and is served as it stands. */
  readonly schemaFile: string;
  readonly log: Logger;
  /** Where it listens already; absent: a door of its own is opened. */
  readonly door?: FrontDoor;
}

export interface RunningServer {
  readonly port: number;
  /** Takes no new requests, lets running ones end for up to five seconds, and closes. */
  close(): Promise<void>;
}

/** Listens, and returns once connections are taken. Throws BAD_CONFIG where the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { services, gate, log } = options;
  const typeDefs = readFileSync(options.schemaFile, 'utf8');
  const schema = makeExecutableSchema({ typeDefs, resolvers });
  const app = express();
  const door = options.door ?? (await openFrontDoor(options));
  const apollo = createApollo(schema, door.http, log);
  await apollo.start();

  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  if (options.webDirectory !== undefined) app.use(servePage(options.webDirectory));
  app.post('/session', express.json({ limit: '1kb' }), session(gate));
  app.use(guard(gate));
  app.get('/schema.graphql', (_request, response) => void response.type('text/plain').send(typeDefs));
  app.use('/images', imageRoutes({ ...services, thumbnails: options.thumbnails }));
  app.get('/graphql', explainGet);
  app.use(
    '/graphql',
    graphqlUploadExpress({ maxFileSize: MAX_FILE_BYTES, maxFiles: MAX_UPLOADS }),
    refuseBrokenUpload,
    express.json({ limit: '1mb' }),
    expressMiddleware(apollo, { context: async () => createContext(services) }),
  );
  app.use((_request, response) =>
    sendError(
      response,
      404,
      new AppError('BAD_ARGUMENT', 'There is nothing here; the page is at /, GraphQL at /graphql.'),
    ),
  );
  app.use(answerFailure(log));

  const closeSockets = serveSubscriptions(door.http, schema, options);
  door.handOver(app);
  return {
    port: door.port,
    close: async () => {
      await closeSockets();
      await apollo.stop();
    },
  };
}

/** GraphQL over WebSocket (graphql-ws) on the same path, behind the same gate. */
function serveSubscriptions(
  http: Server,
  schema: ReturnType<typeof makeExecutableSchema>,
  { services, gate }: ServerOptions,
) {
  const sockets = new WebSocketServer({
    server: http,
    path: '/graphql',
    maxPayload: 2 ** 20,
    verifyClient: ({ req }: { req: IncomingMessage }) => faultOf(req, gate) === undefined,
  });
  const handler = useServer(
    { schema, context: () => createContext(services) as unknown as Record<string, unknown> },
    sockets,
  );
  return async () => handler.dispose();
}

const explainGet: express.RequestHandler = (request, response, next) => {
  if (request.query.query !== undefined) next();
  else
    response.type('text/plain').send(`GraphQL answers here to POST. The contract: /schema.graphql. For example:

curl http://${request.headers.host}/graphql -H 'content-type: application/json' \\
  -d '{"query":"{ searchByText(query: \\"cat\\", first: 3) { hits { score image { name } } } }"}'
`);
};

/** Whatever a handler throws becomes one JSON shape; a stack trace never leaves. */
function answerFailure(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const failure = asRequestFault(error) ?? toAppError(error);
    if (failure.code === 'INTERNAL') log.error({ err: error, path: request.path }, failure.message);
    sendError(response, statusOf(failure), failure);
  };
}

/** The multipart reader throws plain errors for bodies that it cannot parse: the client's mistake all the same. */
const refuseBrokenUpload: ErrorRequestHandler = (cause: unknown, _request, _response, next) => {
  const why = cause instanceof Error ? cause.message : 'no reason given';
  next(new AppError('UPLOAD_REFUSED', `The multipart request was not understood: ${why}`, { cause }));
};

/** The JSON parser throws http-errors with a 4xx status. */
function asRequestFault(error: unknown): AppError | undefined {
  const { status, message } = error as { status?: number; message?: string };
  if (error instanceof AppError || status === undefined || status < 400 || status > 499) return undefined;
  return new AppError('UPLOAD_REFUSED', `The request body was not understood: ${message ?? 'no reason given'}`, {
    cause: error,
  });
}
