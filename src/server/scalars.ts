// Scalars of the schema that GraphQL itself does not bring.
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    if (!(value instanceof Date)) throw new GraphQLError('DateTime expects a Date.');
    return value.toISOString();
  },
  parseValue: parseDateTime,
  parseLiteral(node) {
    return parseDateTime(node.kind === Kind.STRING ? node.value : undefined);
  },
});

function parseDateTime(value: unknown): Date {
  const isIso =
    typeof value === 'string' && /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(value);
  const date = new Date(isIso ? withZone(value) : Number.NaN);
  if (Number.isNaN(date.getTime())) {
    throw new GraphQLError(
      `DateTime expects ISO 8601 such as 2026-05-01 or 2026-05-01T12:30:00Z, got ${JSON.stringify(value)}.`,
      {
        extensions: { code: 'BAD_USER_INPUT' },
      },
    );
  }
  return date;
}

/** A time without a zone is UTC, as a date alone is. */
function withZone(text: string): string {
  return text.length > 10 && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text;
}
