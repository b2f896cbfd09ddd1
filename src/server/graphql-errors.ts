// The one place where failures become GraphQL errors: a code from the table, a message for people, no stack trace.
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, isAppError, toAppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';

/** Codes of graphql-js and Apollo for requests that never reached a resolver; they pass through as they are. */
const PROTOCOL_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Apollo gives every failed validation its own code, so the guards mark theirs in an extension of their own. */
export const TOO_COSTLY = 'too costly';

/** Caller mistakes keep their code and message; anything else leaves as INTERNAL and is logged with its cause. */
export function formatGraphqlError(
  formatted: GraphQLFormattedError,
  error: unknown,
  log: Logger,
): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const code = formatted.extensions?.refusal === TOO_COSTLY ? 'QUERY_TOO_COSTLY' : formatted.extensions?.code;
  if (code === 'QUERY_TOO_COSTLY' && !isAppError(original)) return { ...pick(formatted), extensions: { code } };
  if (!isAppError(original) && typeof code === 'string' && PROTOCOL_CODES.has(code)) {
    return { ...pick(formatted), extensions: { code } };
  }
  const failure =
    original instanceof GraphQLError ? new AppError('BAD_ARGUMENT', original.message) : toAppError(original);
  if (failure.code === 'INTERNAL' || failure.code === 'STORAGE_FAILED') {
    log.error({ err: original, cause: failure.cause, path: formatted.path }, failure.message);
  }
  return { ...pick(formatted), message: failure.message, extensions: { ...failure.details, code: failure.code } };
}

/** The same as a thrown error, for surfaces that execute without Apollo (subscriptions). */
export function toGraphqlError(error: unknown): GraphQLError {
  const failure = toAppError(error);
  return new GraphQLError(failure.message, {
    extensions: { ...failure.details, code: failure.code },
    originalError: failure,
  });
}

function pick({ message, locations, path }: GraphQLFormattedError): GraphQLFormattedError {
  return { message, ...(locations === undefined ? {} : { locations }), ...(path === undefined ? {} : { path }) };
}
