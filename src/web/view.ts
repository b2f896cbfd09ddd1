// The page's state is its address: which view is on, and which picture lies open over it. Pictures of the user's own
// have no address; they live as long as the page, and back and forward find them by a key.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { addressOf, readAddress, type View } from './address.ts';
import type { Upload } from './question.ts';

export type Navigate = (view: View, mode?: 'push' | 'replace') => void;

export interface Place {
  /** The same object for as long as the view is the same, whatever lies open over it. */
  readonly view: View;
  readonly openId: string | undefined;
  /** Goes to a view; what lay open is closed. */
  navigate: Navigate;
  /** Opens a picture over the view; going back closes it. */
  open(id: string): void;
  close(): void;
  /** Keeps a file under a key for as long as the page lives. */
  keep(file: File): Upload;
}

export function usePlace(): Place {
  const uploads = useRef(new Map<string, Upload>());
  const [place, setPlace] = useState(() => read(uploads.current));

  useEffect(() => {
    const follow = () => setPlace((present) => keepView(present, read(uploads.current)));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);

  const navigate = useCallback<Navigate>((view, mode = 'push') => {
    const address = addressOf(view);
    if (address === location.pathname + location.search) return;
    history[mode === 'push' ? 'pushState' : 'replaceState'](null, '', address);
    setPlace((present) => keepView(present, { view, openId: undefined }));
  }, []);
  const open = useCallback((openId: string) => {
    // From one open picture to the next, "back" should lead behind both.
    const isOpen = read(uploads.current).openId !== undefined;
    const address = addressOf(read(uploads.current).view, openId);
    if (isOpen) history.replaceState(history.state, '', address);
    else history.pushState({ isOver: true }, '', address);
    setPlace(({ view }) => ({ view, openId }));
  }, []);
  const close = useCallback(() => {
    if ((history.state as { isOver?: boolean } | null)?.isOver === true) history.back();
    else history.replaceState(null, '', addressOf(read(uploads.current).view));
    setPlace(({ view }) => ({ view, openId: undefined }));
  }, []);
  const keep = useCallback((file: File) => {
    const upload = { key: Math.random().toString(36).slice(2, 8), file };
    uploads.current.set(upload.key, upload);
    return upload;
  }, []);
  return { ...place, navigate, open, close, keep };
}

function read(uploads: ReadonlyMap<string, Upload>) {
  return readAddress(location.search, (key) => uploads.get(key));
}

function keepView(present: Pick<Place, 'view' | 'openId'>, next: Pick<Place, 'view' | 'openId'>) {
  return addressOf(present.view) === addressOf(next.view) ? { ...next, view: present.view } : next;
}
