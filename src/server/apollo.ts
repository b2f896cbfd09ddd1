// The GraphQL engine: schema and resolvers, guarded against requests that cost too much before any work is done.
import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { GraphQLError, type GraphQLSchema, type ValidationContext } from 'graphql';
import type { Logger } from '../core/logger.ts';
import type { RequestContext } from './context.ts';
import { formatGraphqlError, TOO_COSTLY } from './graphql-errors.ts';

/** The introspection query of common tools is 13 deep; no query of this schema needs more than 6. */
const LIMITS = { depth: 15, aliases: 15, directives: 20, tokens: 2000, cost: 20_000 };

export function createApollo(schema: GraphQLSchema, httpServer: Server, log: Logger): ApolloServer<RequestContext> {
  const rejection = { onReject: [refuse], propagateOnRejection: false };
  const armor = new ApolloArmor({
    maxDepth: { n: LIMITS.depth, ignoreIntrospection: false, ...rejection },
    maxAliases: { n: LIMITS.aliases, ...rejection },
    maxDirectives: { n: LIMITS.directives, ...rejection },
    maxTokens: { n: LIMITS.tokens },
    costLimit: { maxCost: LIMITS.cost, ...rejection },
    blockFieldSuggestion: { enabled: false },
  }).protect();
  return new ApolloServer<RequestContext>({
    schema,
    ...armor,
    // These plugins read no context, but their types name another one.
    plugins: [
      ...armor.plugins,
      // The page and its landing live on this host; nothing is loaded from elsewhere.
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer, stopGracePeriodMillis: 5_000 }),
    ] as ApolloServerPlugin<RequestContext>[],
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    formatError: (formatted, error) => formatGraphqlError(formatted, error, log),
    stopOnTerminationSignals: false,
    logger: {
      debug: () => {},
      info: () => {},
      warn: (message) => log.warn({}, String(message)),
      error: (message) => log.error({}, String(message)),
    },
  });
}

/** One code for every guard, so that a client can tell "too much" from "wrong". */
function refuse(context: ValidationContext | null, error: GraphQLError): void {
  context?.reportError(
    new GraphQLError(`${error.message} Ask for less in one request, or send several.`, {
      extensions: { refusal: TOO_COSTLY },
    }),
  );
}
