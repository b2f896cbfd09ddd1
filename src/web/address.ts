// A view as an address and back. Terms stand in their order, and what qualifies one follows it:
// ?q=cat&w=0.5&image=12&box=0.1,0.2,0.5,0.5&not=dog&tag=mine&more=fur:0.8&sure=1&open=7. Knows no history.
import type { RegionInput } from './documents.ts';
import {
  imageTerm,
  MOST_TERMS,
  NO_QUESTION,
  type Question,
  questionOfText,
  type Term,
  textTerm,
  type Upload,
  uploadTerm,
} from './question.ts';
import { readSteering, writeSteering } from './steering.ts';

export type View =
  | { readonly kind: 'newest' }
  /** Views of their own; the rest of the page stays around them. */
  | { readonly kind: 'map' }
  | LibraryPlace
  | SearchView;

export interface LibraryPlace {
  readonly kind: 'library';
  /** Which part of it; the first where none is named. */
  readonly tab?: string;
}

export interface SearchView extends Question {
  readonly kind: 'search';
  /** The address names a picture of the user's that this page does not hold, so it was left away. */
  readonly isIncomplete: boolean;
}

const WEIGHT_RANGE = [0.05, 20] as const;

/** The view of a question; where nothing is asked there is none. */
export function searchView(question: Question): View {
  return question.terms.length === 0 && question.tags.length === 0
    ? { kind: 'newest' }
    : { kind: 'search', ...question, isIncomplete: false };
}

export function textView(text: string, isSure: boolean): View {
  return searchView({ ...NO_QUESTION, ...questionOfText(text), isSure });
}

export function similarView(id: string, isSure: boolean): View {
  return searchView({ ...NO_QUESTION, terms: [imageTerm(id)], isSure });
}

/** Pictures that carry this very tag. */
export function tagView(tag: string): View {
  return searchView({ ...NO_QUESTION, tags: [tag] });
}

/** The question of a view; nothing where it is another kind of view. */
export function questionOf(view: View): Question {
  return view.kind === 'search' ? view : NO_QUESTION;
}

/** `/?...`, with the picture that lies open over the view. */
export function addressOf(view: View, openId?: string): string {
  const parameters = new URLSearchParams();
  if (view.kind === 'map' || view.kind === 'library') parameters.set('view', view.kind);
  if (view.kind === 'library' && view.tab !== undefined) parameters.set('tab', view.tab);
  if (view.kind === 'search') {
    for (const term of view.terms) writeTerm(term, parameters);
    for (const tag of view.tags) parameters.append('tag', tag);
    writeSteering(view.steering, parameters);
    if (view.isSure) parameters.set('sure', '1');
  }
  if (openId !== undefined) parameters.set('open', openId);
  return parameters.size === 0 ? '/' : `/?${parameters}`;
}

/** Addresses come from anywhere: what makes no sense is passed over. */
export function readAddress(
  search: string,
  findUpload: (key: string) => Upload | undefined,
): { readonly view: View; readonly openId: string | undefined } {
  const parameters = new URLSearchParams(search);
  const openId = parameters.get('open') ?? undefined;
  const kind = parameters.get('view');
  if (kind === 'map') return { view: { kind }, openId };
  const tab = parameters.get('tab');
  if (kind === 'library') return { view: tab === null ? { kind } : { kind, tab }, openId };
  const { terms, tags, isIncomplete } = readTerms(parameters, findUpload);
  if (terms.length === 0 && tags.length === 0 && !isIncomplete) return { view: { kind: 'newest' }, openId };
  const isSure = parameters.get('sure') === '1';
  return { view: { kind: 'search', terms, tags, steering: readSteering(parameters), isSure, isIncomplete }, openId };
}

function writeTerm(term: Term, parameters: URLSearchParams): void {
  const prefix = term.isOut ? 'not' : '';
  if (term.kind === 'text') parameters.append(term.isOut ? 'not' : 'q', term.text);
  else {
    if (term.kind === 'image') parameters.append(`${prefix}image`, term.id);
    else parameters.append(`${prefix}upload`, term.upload.key);
    if (term.region !== null) parameters.append('box', writeRegion(term.region));
  }
  if (term.weight !== 1 && !term.isOut) parameters.append('w', String(term.weight));
}

function readTerms(parameters: URLSearchParams, findUpload: (key: string) => Upload | undefined) {
  const terms: Term[] = [];
  const tags: string[] = [];
  let isIncomplete = false;
  /** What follows a term that was left away belongs to none. */
  let isOpen = false;
  const add = (...added: Term[]) => {
    isOpen = added.length > 0 && terms.length < MOST_TERMS;
    if (isOpen) terms.push(...added);
  };
  const qualify = (change: (term: Term) => Term | undefined) => {
    const last = terms.at(-1);
    const changed = isOpen && last !== undefined ? change(last) : undefined;
    if (changed !== undefined) terms[terms.length - 1] = changed;
  };
  for (const [key, value] of parameters) {
    const isOut = key.startsWith('not');
    if (key === 'q') {
      const typed = questionOfText(value);
      add(...typed.terms);
      tags.push(...typed.tags);
    } else if (key === 'tag' && value.trim() !== '') tags.push(value.trim());
    else if (key === 'not' && value.trim() !== '') add(textTerm(value.trim(), true));
    else if ((key === 'image' || key === 'notimage') && value !== '') add({ ...imageTerm(value), isOut });
    else if (key === 'upload' || key === 'notupload') {
      const upload = findUpload(value);
      isIncomplete ||= upload === undefined;
      add(...(upload === undefined ? [] : [{ ...uploadTerm(upload), isOut }]));
    } else if (key === 'box') qualify((term) => (term.kind === 'text' ? undefined : withRegion(term, value)));
    else if (key === 'w') qualify((term) => withWeight(term, Number(value)));
  }
  return { terms, tags, isIncomplete };
}

function withRegion<T extends Term>(term: T, text: string): T | undefined {
  const region = readRegion(text);
  return region === null ? undefined : { ...term, region };
}

function withWeight<T extends Term>(term: T, weight: number): T | undefined {
  const [least, most] = WEIGHT_RANGE;
  return weight >= least && weight <= most ? { ...term, weight } : undefined;
}

/** Thousandths are finer than any pointer. */
function writeRegion({ x, y, width, height }: RegionInput): string {
  return [x, y, width, height].map((value) => Math.round(value * 1000) / 1000).join(',');
}

function readRegion(text: string): RegionInput | null {
  const [x, y, width, height, ...rest] = text.split(',').map(Number);
  if (x === undefined || y === undefined || width === undefined || height === undefined || rest.length > 0) return null;
  const isInside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1.0005 && y + height <= 1.0005;
  return isInside ? { x, y, width: Math.min(width, 1 - x), height: Math.min(height, 1 - y) } : null;
}
