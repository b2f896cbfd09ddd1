// One field for words and pictures. Words are sent as they are typed, a moment after the last key; a picture is shown
// as a chip. Which view that makes is the caller's business.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Picture } from '../queries.ts';
import { isSureView, type Navigate, similarView, textView, type View } from '../view.ts';
import { CloseIcon, PictureIcon, SearchIcon } from './icons.tsx';
import { PictureChip } from './picture-chip.tsx';

const DEBOUNCE_MS = 180;

interface Props {
  readonly view: View;
  /** The library's picture that is searched by, once it is known. */
  readonly subject: Picture | null;
  readonly navigate: Navigate;
}

export function SearchBar({ view, subject, navigate }: Props) {
  const [text, setText] = useState(view.kind === 'text' ? view.query : '');
  const input = useRef<HTMLInputElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const typed = useRef(view);

  const ask = (value: string, mode: 'push' | 'replace') => {
    clearTimeout(timer.current);
    const next = textView(value, isSureView(view));
    typed.current = next;
    // While one word grows into another, "back" should lead behind both.
    navigate(next, view.kind === 'text' && next.kind === 'text' ? mode : 'push');
  };

  // A view from elsewhere (a tag, the back button) replaces the words; one's own typing is left as it is.
  useEffect(() => {
    if (view === typed.current) return;
    clearTimeout(timer.current);
    typed.current = view;
    setText(view.kind === 'text' ? view.query : '');
  }, [view]);

  useEffect(() => {
    const focusOnSlash = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, dialog') !== null;
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', focusOnSlash);
    return () => removeEventListener('keydown', focusOnSlash);
  }, []);

  const clear = () => {
    setText('');
    ask('', 'push');
    input.current?.focus();
  };
  const hasPicture = view.kind === 'image' || view.kind === 'upload';

  return (
    <search class="search-area">
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          // An empty field beside a picture asks nothing new.
          if (!hasPicture || text.trim() !== '') ask(text, 'push');
        }}
      >
        {hasPicture ? <PictureChip view={view} subject={subject} onRemove={clear} /> : <SearchIcon />}
        <input
          ref={input}
          type="search"
          name="q"
          aria-label="Search pictures by words"
          aria-keyshortcuts="/"
          placeholder={hasPicture ? 'or words instead' : 'Search by words or a picture'}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={1000}
          enterkeyhint="search"
          value={text}
          onInput={({ currentTarget: { value } }) => {
            setText(value);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => ask(value, 'replace'), DEBOUNCE_MS);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && text !== '') clear();
          }}
        />
        {text !== '' && (
          <button type="button" class="quiet" aria-label="Clear the search" onClick={clear}>
            <CloseIcon />
          </button>
        )}
        <button
          type="button"
          class="quiet"
          title="Search by a picture of yours"
          aria-label="Search by a picture of yours"
          onClick={() => chooser.current?.click()}
        >
          <PictureIcon />
        </button>
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          hidden
          aria-label="Picture to search by"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) navigate(similarView(file, isSureView(view)));
            currentTarget.value = '';
          }}
        />
      </form>
    </search>
  );
}
