// The listening socket, opened before there is a service behind it: the page is served at once, and whatever else is
// asked is told honestly that the model is still being read. Knows no GraphQL and no service.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { AppError } from '../core/errors.ts';
import { securityHeaders, sendError } from './security.ts';

export interface FrontDoorOptions {
  readonly port: number;
  readonly host: string;
  /** Folder with the built page. */
  readonly webDirectory: string | undefined;
}

export interface FrontDoor {
  readonly http: Server;
  readonly port: number;
  /** From now on requests go to the service. */
  handOver(listener: RequestListener): void;
  /** For a service that did not come to be; a running one closes the socket itself. */
  close(): Promise<void>;
}

const RETRY_SECONDS = '1';

/** Listens, and returns once connections are taken. Throws BAD_CONFIG where the port is taken. */
export async function openFrontDoor({ port, host, webDirectory }: FrontDoorOptions): Promise<FrontDoor> {
  let listener: RequestListener = waitingRoom(webDirectory);
  const http = createServer((request, response) => listener(request, response));
  await listen(http, port, host);
  return {
    http,
    port: (http.address() as AddressInfo).port,
    handOver(next) {
      listener = next;
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

/** The page's files, which hold nothing of the library, before anybody proved who they are; as the service does. */
export function servePage(webDirectory: string): express.RequestHandler {
  return express.static(webDirectory, { index: 'index.html', maxAge: 0 });
}

function waitingRoom(webDirectory: string | undefined): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.get('/healthz', (_request, response) => void response.status(503).json({ status: 'starting' }));
  if (webDirectory !== undefined) app.use(servePage(webDirectory));
  app.use((_request, response) => {
    response.set('Retry-After', RETRY_SECONDS);
    sendError(
      response,
      503,
      new AppError('STARTING', 'The model and the index are being read; that takes a few seconds.'),
    );
  });
  return app;
}

function listen(http: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      const what = cause.code === 'EADDRINUSE' ? `port ${port} is taken by another program` : cause.message;
      reject(
        new AppError(
          'BAD_CONFIG',
          `Cannot listen on ${host}:${port}: ${what}. Choose another with SEMBLANCE_PORT or --port.`,
          { cause },
        ),
      );
    });
    http.listen(port, host, () => resolve());
  });
}
