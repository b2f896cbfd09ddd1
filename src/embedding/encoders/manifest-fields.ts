// Reads fields of a JSON document that a person wrote, and keeps every fault instead of stopping at the first.
// Knows nothing of what the document is about.

export type Fields = Readonly<Record<string, unknown>>;

/** Numbers that a field may hold. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/**
 * One object of the document. A missing or wrong field gives its fallback (or a harmless value) and leaves a fault in the
 * list that all objects of the document share: read all, then look at the list.
 */
export class FieldReader {
  readonly #fields: Fields;
  readonly #prefix: string;
  readonly #faults: string[];
  readonly #read = new Set<string>();

  /** `prefix` is put before names, e.g. `pixels.`. */
  constructor(fields: Fields, faults: string[], prefix = '') {
    this.#fields = fields;
    this.#faults = faults;
    this.#prefix = prefix;
  }

  has(name: string): boolean {
    this.#read.add(name);
    return this.#fields[name] !== undefined;
  }

  /** The value itself, for shapes that the caller checks. */
  raw(name: string): unknown {
    this.#read.add(name);
    return this.#fields[name];
  }

  fault(name: string, expected: string): void {
    const came = this.#fields[name];
    const said = came === undefined ? 'nothing' : shorten(JSON.stringify(came));
    this.#faults.push(`${this.#prefix}${name}: expected ${expected}, got ${said}`);
  }

  text(name: string): string {
    const value = this.raw(name);
    if (typeof value === 'string' && value !== '') return value;
    this.fault(name, 'a text');
    return '';
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  number(name: string, { min, max, whole = false }: NumberRange, fallback?: number): number {
    const value = this.raw(name) ?? fallback;
    if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    this.fault(name, `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`);
    return min;
  }

  /** One number a channel, or one for all three. */
  colour(name: string, range: NumberRange, fallback: number): [number, number, number] {
    const value = this.raw(name) ?? fallback;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value, value, value];
    const good = list.filter((n): n is number => typeof n === 'number' && n >= range.min && n <= range.max);
    const [red, green, blue] = good;
    if (list.length === 3 && red !== undefined && green !== undefined && blue !== undefined) return [red, green, blue];
    this.fault(name, `three numbers (red, green, blue) from ${range.min} to ${range.max}, or one for all`);
    return [fallback, fallback, fallback];
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.raw(name) ?? fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.fault(name, choices.join(' or '));
    return found ?? fallback;
  }

  /** The object under `name`; undefined where there is none, with a fault where it is required or something else. */
  object(name: string, isRequired: boolean): FieldReader | undefined {
    const value = this.raw(name);
    if (isFields(value)) return new FieldReader(value, this.#faults, `${this.#prefix}${name}.`);
    if (value !== undefined || isRequired) this.fault(name, 'an object');
    return undefined;
  }

  /** Call last: a name that nobody asked for is a misspelling, and would be ignored in silence. */
  refuseOthers(): void {
    for (const name of Object.keys(this.#fields)) {
      if (!this.#read.has(name)) this.fault(name, `no such field (known: ${[...this.#read].join(', ')})`);
    }
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
