// "More of this, less of this": how much of each tag is asked for when a picture is searched by, and its place in the
// address (?more=cat:0.8&less=dog). Knows no control and no service.

/** By tag, in the order in which they were touched: 0 < value <= 1 asks for more, below 0 leaves it out. */
export type Steering = ReadonlyMap<string, number>;

export const NO_STEERING: Steering = new Map();

/** An exclusion has no strength, so one notch below "as it is" stands for it. */
export const LEFT_OUT = -0.2;

/** Together they stay below what the service embeds for one request. */
const MOST_FOCI = 8;
const MOST_EXCLUDED = 6;

export interface Focus {
  readonly text: string;
  /** 0..1. */
  readonly strength: number;
}

/** The classes to look for in the picture, and the words to leave out. */
export function fromSteering(steering: Steering): {
  readonly focus: readonly Focus[];
  readonly not: readonly string[];
} {
  const entries = [...steering];
  return {
    focus: entries.flatMap(([text, strength]) => (strength > 0 ? { text, strength } : [])).slice(0, MOST_FOCI),
    not: entries.flatMap(([text, strength]) => (strength < 0 ? text : [])).slice(0, MOST_EXCLUDED),
  };
}

/** The steering with one tag set; 0 takes it out. */
export function steered(steering: Steering, tag: string, value: number): Steering {
  const next = new Map(steering);
  if (value === 0) next.delete(tag);
  else next.set(tag, value);
  return next;
}

/** Addresses come from anywhere: what makes no sense is passed over. */
export function readSteering(parameters: URLSearchParams): Steering {
  const steering = new Map<string, number>();
  for (const entry of parameters.getAll('more')) {
    const colon = entry.lastIndexOf(':');
    const tag = entry.slice(0, colon).trim();
    const strength = Number(entry.slice(colon + 1));
    if (colon > 0 && tag !== '' && strength > 0 && strength <= 1) steering.set(tag, strength);
  }
  for (const entry of parameters.getAll('less')) {
    const tag = entry.trim();
    if (tag !== '') steering.set(tag, LEFT_OUT);
  }
  return steering;
}

export function writeSteering(steering: Steering, parameters: URLSearchParams): void {
  const { focus, not } = fromSteering(steering);
  for (const { text, strength } of focus) parameters.append('more', `${text}:${strength}`);
  for (const text of not) parameters.append('less', text);
}
