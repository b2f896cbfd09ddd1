// What the page shows, and its address, which survives reloads and can be shared. A picture of the user's own has no
// address; it lives as long as the page, and back and forward find it by its number in the history entry.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { NO_STEERING, readSteering, type Steering, writeSteering } from './steering.ts';

export type View =
  | { readonly kind: 'newest' }
  /** `query` as it was typed, with a minus before what is left out. */
  | { readonly kind: 'text'; readonly query: string; readonly isSure: boolean }
  | { readonly kind: 'image'; readonly id: string; readonly steering: Steering; readonly isSure: boolean }
  | { readonly kind: 'upload'; readonly file: File; readonly steering: Steering; readonly isSure: boolean };

export type Navigate = (view: View, mode?: 'push' | 'replace') => void;

/** A text without words is no query. */
export function textView(text: string, isSure: boolean): View {
  const query = text.replace(/\s+/g, ' ').trim();
  return query === '' ? { kind: 'newest' } : { kind: 'text', query, isSure };
}

/** True where only hits are shown that are likely right. */
export function isSureView(view: View): boolean {
  return view.kind !== 'newest' && view.isSure;
}

/** The view of the address bar, and the way to another one. */
export function useView(): [View, Navigate] {
  const [uploads] = useState<File[]>(() => []);
  const [view, setView] = useState(() => readView(uploads));

  useEffect(() => {
    const follow = () => setView(readView(uploads));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, [uploads]);

  const navigate = useCallback<Navigate>(
    (next, mode = 'push') => {
      if (isSameView(next, readView(uploads))) return;
      const upload = next.kind === 'upload' ? numberOf(next.file, uploads) : undefined;
      history[mode === 'push' ? 'pushState' : 'replaceState']({ upload }, '', addressOf(next));
      setView(next);
    },
    [uploads],
  );
  return [view, navigate];
}

function numberOf(file: File, uploads: File[]): number {
  const known = uploads.indexOf(file);
  return known >= 0 ? known : uploads.push(file) - 1;
}

function readView(uploads: readonly File[]): View {
  const { upload } = (history.state ?? {}) as { upload?: number };
  const file = upload === undefined ? undefined : uploads[upload];
  const parameters = new URLSearchParams(location.search);
  const isSure = parameters.get('sure') === '1';
  if (file !== undefined) return { kind: 'upload', file, steering: readSteering(parameters), isSure };
  const id = parameters.get('image');
  return id === null
    ? textView(parameters.get('q') ?? '', isSure)
    : { kind: 'image', id, steering: readSteering(parameters), isSure };
}

/** The address of a view, for links that may also be opened in a new tab. */
export function addressOf(view: View): string {
  const parameters = new URLSearchParams();
  if (view.kind === 'text') parameters.set('q', view.query);
  if (view.kind === 'image') parameters.set('image', view.id);
  if (view.kind === 'image' || view.kind === 'upload') writeSteering(view.steering, parameters);
  if (isSureView(view)) parameters.set('sure', '1');
  return parameters.size === 0 ? '/' : `/?${parameters}`;
}

/** The view of a picture as it is, nothing more or less of it. */
export function similarView(subject: { readonly id: string } | File, isSure: boolean): View {
  return subject instanceof File
    ? { kind: 'upload', file: subject, steering: NO_STEERING, isSure }
    : { kind: 'image', id: subject.id, steering: NO_STEERING, isSure };
}

/** True where both search by the same picture, whatever is asked of it. */
export function isSameSubject(a: View, b: View): boolean {
  if (a.kind === 'image' && b.kind === 'image') return a.id === b.id;
  return a.kind === 'upload' && b.kind === 'upload' && a.file === b.file;
}

function isSameView(a: View, b: View): boolean {
  if (a.kind === 'upload' || b.kind === 'upload') {
    if (a.kind !== b.kind || (a as { file: File }).file !== (b as { file: File }).file) return false;
  }
  return addressOf(a) === addressOf(b);
}
