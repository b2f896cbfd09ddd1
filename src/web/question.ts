// What is asked: words and pictures, each with a weight or left out. Pure: knows no address, no control and no service.
import type { RegionInput } from './documents.ts';
import { NO_STEERING, type Steering } from './steering.ts';
import { readTyped } from './typed-query.ts';

/** A file of the user's, and the name it has in this page's addresses; nobody else can open it by that. */
export interface Upload {
  readonly key: string;
  readonly file: File;
}

interface Weighed {
  /** 1 is plain; only ratios matter. */
  readonly weight: number;
  /** Left out instead of looked for; the weight is then of no account. */
  readonly isOut: boolean;
}

export interface TextTerm extends Weighed {
  readonly kind: 'text';
  readonly text: string;
}

export interface ImageTerm extends Weighed {
  readonly kind: 'image';
  readonly id: string;
  /** Only this part of the picture. */
  readonly region: RegionInput | null;
}

export interface UploadTerm extends Weighed {
  readonly kind: 'upload';
  readonly upload: Upload;
  readonly region: RegionInput | null;
}

export type PictureTerm = ImageTerm | UploadTerm;
export type Term = TextTerm | PictureTerm;

export interface Question {
  readonly terms: readonly Term[];
  /** Only pictures that carry all of these. */
  readonly tags: readonly string[];
  /** More or less of what the picture shows; counts where exactly one picture is looked for. */
  readonly steering: Steering;
  /** Only hits that are likely right. */
  readonly isSure: boolean;
}

export const NO_QUESTION: Question = { terms: [], tags: [], steering: NO_STEERING, isSure: false };

/** What the service takes. */
export const MOST_TERMS = 16;
const PLAIN = { weight: 1, isOut: false } as const;

export function textTerm(text: string, isOut = false): TextTerm {
  return { kind: 'text', text, ...PLAIN, isOut };
}

export function imageTerm(id: string, region: RegionInput | null = null): ImageTerm {
  return { kind: 'image', id, region, ...PLAIN };
}

export function uploadTerm(upload: Upload, region: RegionInput | null = null): UploadTerm {
  return { kind: 'upload', upload, region, ...PLAIN };
}

/** Words as they are typed: `cat -dog #mine` is a cat, a dog left out, and only what carries the tag "mine". */
export function questionOfText(text: string): Pick<Question, 'terms' | 'tags'> {
  const { query, not, tags } = readTyped(text);
  return { terms: [...(query === '' ? [] : [textTerm(query)]), ...not.map((word) => textTerm(word, true))], tags };
}

/** The words as one could have typed them, or undefined where they hold more than typing can say. */
export function typedText({ terms, tags }: Pick<Question, 'terms' | 'tags'>): string | undefined {
  const [first, ...rest] = terms;
  if (tags.length > 0) return undefined;
  if (first === undefined) return '';
  return first.kind === 'text' && !first.isOut && first.weight === 1 && rest.length === 0 ? first.text : undefined;
}

/** The one picture that is looked for, where it is one. Tags steer it. */
export function onlyPicture(terms: readonly Term[]): PictureTerm | undefined {
  const pictures = terms.filter((term) => term.kind !== 'text' && !term.isOut);
  return pictures.length === 1 ? (pictures[0] as PictureTerm) : undefined;
}

/** The question with this picture in the place of those it had; its words stay, what was steered does not. */
export function withPicture(question: Question, picture: PictureTerm): Question {
  const words = question.terms.filter(({ kind }) => kind === 'text');
  return { ...question, terms: [picture, ...words].slice(0, MOST_TERMS), steering: NO_STEERING };
}
