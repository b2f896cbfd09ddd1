// What the page shows, and its address: ?q= and ?image= survive reloads and can be shared. A picture of the user's own
// has no address; it lives as long as the page, and back and forward find it by its number in the history entry.
import { useCallback, useEffect, useState } from 'preact/hooks';

export type View =
  | { readonly kind: 'newest' }
  | { readonly kind: 'text'; readonly query: string }
  | { readonly kind: 'image'; readonly id: string }
  | { readonly kind: 'upload'; readonly file: File };

export type Navigate = (view: View, mode?: 'push' | 'replace') => void;

/** A text without words is no query. */
export function textView(text: string): View {
  const query = text.replace(/\s+/g, ' ').trim();
  return query === '' ? { kind: 'newest' } : { kind: 'text', query };
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
      const upload = next.kind === 'upload' ? uploads.push(next.file) - 1 : undefined;
      history[mode === 'push' ? 'pushState' : 'replaceState']({ upload }, '', addressOf(next));
      setView(next);
    },
    [uploads],
  );
  return [view, navigate];
}

function readView(uploads: readonly File[]): View {
  const { upload } = (history.state ?? {}) as { upload?: number };
  const file = upload === undefined ? undefined : uploads[upload];
  if (file !== undefined) return { kind: 'upload', file };
  const parameters = new URLSearchParams(location.search);
  const id = parameters.get('image');
  return id === null ? textView(parameters.get('q') ?? '') : { kind: 'image', id };
}

/** The address of a view, for links that may also be opened in a new tab. */
export function addressOf(view: View): string {
  if (view.kind === 'text') return `/?${new URLSearchParams({ q: view.query })}`;
  if (view.kind === 'image') return `/?${new URLSearchParams({ image: view.id })}`;
  return '/';
}

function isSameView(a: View, b: View): boolean {
  if (a.kind === 'upload' || b.kind === 'upload')
    return a.kind === b.kind && (a as { file: File }).file === (b as { file: File }).file;
  return addressOf(a) === addressOf(b);
}
