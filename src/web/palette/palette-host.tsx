// The ways to the command palette: a button that can be seen, and Ctrl-K or Cmd-K. The palette itself comes when it is opened.
import { type ComponentType, createElement } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PaletteActions } from './commands.ts';
import './palette.css';

export function PaletteHost(actions: PaletteActions) {
  /** Number of the opening that is on. A dialog says late that it was closed, when the next may be open already. */
  const [opening, setOpening] = useState<number>();
  const last = useRef(0);
  const open = () => setOpening(++last.current);
  const close = (number: number) => setOpening((opening) => (opening === number ? undefined : opening));
  const isOpen = opening !== undefined;
  const [loaded, setLoaded] = useState<{ readonly Palette: ComponentType<PaletteActions & { onClose(): void }> }>();
  usePaletteKey(open);

  useEffect(() => {
    // Without the service it cannot come; the page says that it is away, and the next try may find it.
    if (isOpen && loaded === undefined) import('./palette.tsx').then(setLoaded, () => setOpening(undefined));
  }, [isOpen, loaded]);

  return (
    <>
      <button
        type="button"
        class="button palette-button"
        aria-label="Commands and help"
        aria-keyshortcuts="Control+K Meta+K"
        title="Commands and help (Ctrl-K)"
        onClick={open}
      >
        ?
      </button>
      {isOpen &&
        loaded !== undefined &&
        createElement(loaded.Palette, { key: opening, ...actions, onClose: () => close(opening) })}
    </>
  );
}

/** Ctrl-K and Cmd-K, from anywhere but another dialog. */
function usePaletteKey(onOpen: () => void): void {
  const open = useRef(onOpen);
  open.current = onOpen;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      if (document.querySelector('dialog[open]') === null) open.current();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}
