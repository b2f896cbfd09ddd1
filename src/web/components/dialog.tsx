// A modal dialog of the browser's own: it keeps the focus, closes on Escape and hands the focus back. Once it is gone it says
// nothing more: the browser's `close` event comes in a task of its own, when the next dialog may be open already.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { CloseIcon } from './icons.tsx';

/** The focus starts on the child that carries `data-first`, else on the way out. */
interface Props {
  readonly heading: string;
  readonly kind: 'sheet' | 'viewer';
  readonly children: ComponentChildren;
  onClose(): void;
  /** Keys that are pressed anywhere in it. */
  onKey?(event: KeyboardEvent): void;
}

export function Dialog({ heading, kind, children, onClose, onKey }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  const id = useId();

  // A layout effect, since its end is not put off: the focus is back before the next key can be pressed.
  useLayoutEffect(() => {
    const { current } = dialog;
    const before = document.activeElement;
    current?.showModal();
    current?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      isGone.current = true;
      current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      class={`dialog ${kind}`}
      aria-labelledby={id}
      onClose={() => isGone.current || onClose()}
      onClick={(event) => {
        // The dialog itself is hit only outside of what it holds: on the backdrop.
        if (event.target === dialog.current) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
        else onKey?.(event);
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={id}>{heading}</h2>
          <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
            <CloseIcon />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
