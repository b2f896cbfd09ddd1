// Who may talk to the service: keys where it is reachable from outside, and no foreign web page in a browser either way.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import { AppError, type ErrorCode } from '../core/errors.ts';

const COOKIE = 'semblance_key';
const POLICY =
  "default-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export interface Gate {
  readonly apiKeys: readonly string[];
  /** True where the service listens on a loopback address only. */
  readonly isLocal: boolean;
}

export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
  });
  next();
};

/** Refuses requests without a key where keys are set, and those that a foreign page sent to a local service. */
export function guard(gate: Gate): RequestHandler {
  return (request, response, next) => {
    const fault = faultOf(request, gate);
    if (fault === undefined) next();
    else sendError(response, 401, fault);
  };
}

/** Undefined where the request may pass. Also asked for WebSocket upgrades, which no CORS rule protects. */
export function faultOf(request: IncomingMessage, { apiKeys, isLocal }: Gate): AppError | undefined {
  const host = request.headers.host ?? '';
  // A name that resolves to this machine by an attacker's DNS would make a local service readable by any page.
  if (isLocal && !/^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host)) {
    return new AppError(
      'UNAUTHENTICATED',
      `This service answers to localhost only, not to "${host}"; set SEMBLANCE_HOST and SEMBLANCE_API_KEYS to open it.`,
    );
  }
  const origin = request.headers.origin;
  if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) {
    return new AppError(
      'UNAUTHENTICATED',
      `Pages of ${origin} may not use this service; open the page that it serves itself.`,
    );
  }
  if (apiKeys.length === 0) return undefined;
  const key = keyOf(request);
  if (key !== undefined && isKnownKey(key, apiKeys)) return undefined;
  return new AppError(
    'UNAUTHENTICATED',
    'An API key is required: send `Authorization: Bearer KEY`, or POST {"key": "KEY"} to /session for a cookie.',
  );
}

/** Exchanges a key for a cookie, which pictures in a page need. */
export function session(gate: Gate): RequestHandler {
  return (request, response) => {
    const key: unknown = (request.body as { key?: unknown } | undefined)?.key;
    if (typeof key !== 'string' || !isKnownKey(key, gate.apiKeys)) {
      sendError(response, 401, new AppError('UNAUTHENTICATED', 'The key is not one of this service.'));
      return;
    }
    response.cookie(COOKIE, key, { httpOnly: true, sameSite: 'strict', secure: request.secure, path: '/' });
    response.status(204).end();
  };
}

/** The shape of a GraphQL error, so that one client code reads all answers. */
export function sendError(response: Response, status: number, error: { message: string; code: ErrorCode }): void {
  response.status(status).json({ errors: [{ message: error.message, extensions: { code: error.code } }] });
}

function isKnownKey(key: string, known: readonly string[]): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const given = digest(key);
  // Every key is compared, in constant time each, so that timing tells nothing.
  return known.map((candidate) => timingSafeEqual(digest(candidate), given)).includes(true);
}

function keyOf({ headers }: IncomingMessage): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const cookie = cookies.find((candidate) => candidate.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  return bearer ?? (cookie === undefined ? undefined : decoded(cookie));
}

/** A cookie that is not well-formed is no key; it must not throw, least of all in a socket's handshake. */
function decoded(cookie: string): string | undefined {
  try {
    return decodeURIComponent(cookie);
  } catch {
    return undefined;
  }
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
