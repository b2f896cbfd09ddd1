// What forbids the removal of a space, and which of its vectors may go with it. Decides; removes nothing.
import { AppError } from '../../core/errors.ts';
import type { Fingerprint } from '../../core/model-info.ts';
import { MAIN, type SpaceDefinition } from './space-definition.ts';
import { type EncoderFacts, spaceFingerprint } from './space-encoder.ts';
import { spaceNotFound } from './space-errors.ts';

interface Known {
  /** Of the spaces beside the main one, by name. */
  readonly definitions: readonly SpaceDefinition[];
  /** By the encoder's source. */
  readonly encoders: Readonly<Record<string, EncoderFacts>>;
}

/**
 * The definition of the space, which may go. Throws SPACE_NOT_FOUND, and BAD_ARGUMENT for the main space, for one of the
 * setting (`configured`), and for one that another is computed from.
 */
export function assertRemovable(
  name: string,
  { definitions, encoders }: Known,
  configured: readonly SpaceDefinition[],
): SpaceDefinition {
  if (name === MAIN) throw new AppError('BAD_ARGUMENT', 'The main space is the library itself and stays.');
  const definition = definitions.find((other) => other.name === name);
  if (definition === undefined) throw spaceNotFound(name, [MAIN, ...definitions.map((other) => other.name)]);
  if (configured.some((other) => other.name === name))
    throw new AppError('BAD_ARGUMENT', `The space "${name}" is defined by SEMBLANCE_SPACES; take it out there.`);
  const heirs = definitions.filter(({ encoder }) => encoders[encoder]?.base === name);
  if (heirs.length > 0) {
    const names = heirs.map((heir) => heir.name).join(', ');
    throw new AppError('BAD_ARGUMENT', `The space "${name}" is what ${names} is computed from; remove that first.`);
  }
  return definition;
}

/** Names the vectors that this space alone reads; undefined where another shares them, `main` or its like. */
export function vectorsOfItsOwn(
  { name, encoder, metric }: SpaceDefinition,
  { definitions, encoders }: Known,
  main: Fingerprint,
): Fingerprint | undefined {
  const facts = encoders[encoder];
  if (facts === undefined) return undefined;
  const fingerprint = spaceFingerprint(facts.model, metric);
  const kept = definitions
    .filter((other) => other.name !== name)
    .flatMap((other) => {
      const known = encoders[other.encoder];
      return known === undefined ? [] : [spaceFingerprint(known.model, other.metric)];
    });
  return fingerprint === main || kept.includes(fingerprint) ? undefined : fingerprint;
}
