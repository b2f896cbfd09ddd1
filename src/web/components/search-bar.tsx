// One field for words and pictures. Words are sent as they are typed, a moment after the last key; Enter makes a chip
// of them that can be weighed and left out. Which view a question makes is the caller's business.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { View } from '../address.ts';
import { questionOf, searchView } from '../address.ts';
import { MOST_TERMS, type Question, questionOfText, type Term, typedText } from '../question.ts';
import { NO_STEERING } from '../steering.ts';
import type { FindSubject } from '../use-subjects.ts';
import type { Navigate } from '../view.ts';
import { CloseIcon, PictureIcon, SearchIcon } from './icons.tsx';
import { nameOf, TagChip, TermChip } from './term-chip.tsx';

const DEBOUNCE_MS = 180;

interface Props {
  readonly view: View;
  readonly findSubject: FindSubject;
  readonly navigate: Navigate;
  /** A picture was chosen. */
  onFile(file: File): void;
}

/** Chips, and words that are still being typed behind them. */
interface Draft {
  readonly chips: readonly Term[];
  readonly tags: readonly string[];
  readonly text: string;
}

export function SearchBar({ view, findSubject, navigate, onFile }: Props) {
  const [{ chips, tags, text }, setDraft] = useState(() => draftOf(view));
  const input = useRef<HTMLInputElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const told = useRef(view);
  const isTyping = useRef(false);

  const ask = (draft: Draft, mode: 'push' | 'replace') => {
    clearTimeout(timer.current);
    const { steering, isSure } = questionOf(view);
    const { terms, tags } = asked(draft);
    const hasPicture = terms.some(({ kind }) => kind !== 'text');
    const next = searchView({ terms, tags, steering: hasPicture ? steering : NO_STEERING, isSure });
    // Where nothing is asked, a map stays a map.
    if (next.kind === 'newest' && view.kind !== 'search') return;
    told.current = next;
    navigate(next, mode);
  };
  const change = (draft: Draft, mode: 'push' | 'replace' = 'push') => {
    setDraft(draft);
    ask(draft, mode);
    isTyping.current = false;
  };
  const askSoon = (draft: Draft, mode: () => 'push' | 'replace') => {
    setDraft(draft);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => ask(draft, mode()), DEBOUNCE_MS);
  };

  // A view from elsewhere (a tag, the back button) replaces what stands here; one's own typing is left as it is.
  useEffect(() => {
    if (view === told.current) return;
    clearTimeout(timer.current);
    told.current = view;
    isTyping.current = false;
    setDraft(draftOf(view));
  }, [view]);
  useEffect(() => focusOnSlash(input), []);

  const type = (value: string) =>
    askSoon({ chips, tags, text: value }, () => {
      // While one word grows into another, "back" should lead behind both.
      const mode = isTyping.current ? 'replace' : 'push';
      isTyping.current = true;
      return mode;
    });
  const commit = () => {
    if (text.trim() === '') return;
    const { terms, tags: all } = asked({ chips, tags, text });
    change({ chips: terms, tags: all, text: '' }, isTyping.current ? 'replace' : 'push');
  };
  const removeAt = (at: number) => {
    change({ chips: chips.filter((_, i) => i !== at), tags, text });
    input.current?.focus();
  };
  /** The last chip becomes words again, so that a slip can be mended. */
  const takeBack = () => {
    const tag = tags.at(-1);
    const last = chips.at(-1);
    if (tag !== undefined) change({ chips, tags: tags.slice(0, -1), text: signed('#', tag) });
    else if (last !== undefined) {
      const words = last.kind === 'text' ? (last.isOut ? signed('-', last.text) : last.text) : '';
      change({ chips: chips.slice(0, -1), tags, text: words });
    }
  };
  const clear = () => {
    change({ chips: [], tags: [], text: '' });
    input.current?.focus();
  };
  const isWeighed = chips.filter(({ isOut }) => !isOut).length + (text.trim() === '' ? 0 : 1) > 1;
  const hasChips = chips.length > 0 || tags.length > 0;
  const isEmpty = !hasChips && text === '';

  return (
    <search class="search-area">
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          commit();
        }}
      >
        {!hasChips && <SearchIcon />}
        {chips.map((term, i) => (
          <TermChip
            key={`${i} ${nameOf(term, undefined)}`}
            term={term}
            subject={term.kind === 'text' ? undefined : findSubject(term)}
            isWeighed={isWeighed}
            onChange={(changed) => {
              const draft = { chips: chips.map((chip, at) => (at === i ? changed : chip)), tags, text };
              if (changed.isOut === term.isOut) askSoon(draft, () => 'replace');
              else change(draft);
            }}
            onRemove={() => removeAt(i)}
          />
        ))}
        {tags.map((tag) => (
          <TagChip
            key={`tag ${tag}`}
            tag={tag}
            onRemove={() => {
              change({ chips, tags: tags.filter((other) => other !== tag), text });
              input.current?.focus();
            }}
          />
        ))}
        <span class="search-typing">
          <input
            ref={input}
            type="search"
            name="q"
            aria-label="Search pictures by words"
            aria-keyshortcuts="/"
            placeholder={hasChips ? 'and words…' : 'Search by words or a picture'}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            maxLength={1000}
            enterkeyhint="search"
            value={text}
            onInput={({ currentTarget: { value } }) => type(value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && !isEmpty) clear();
              if (event.key !== 'Backspace' || text !== '' || !hasChips) return;
              // Or the browser would take the last letter of what was just put back.
              event.preventDefault();
              takeBack();
            }}
          />
          {!isEmpty && (
            <button type="button" class="quiet" aria-label="Clear the search" onClick={clear}>
              <CloseIcon />
            </button>
          )}
          <button
            type="button"
            class="quiet"
            title="Search by a picture of yours; dropping or pasting one does the same"
            aria-label="Search by a picture of yours"
            onClick={() => chooser.current?.click()}
          >
            <PictureIcon />
          </button>
        </span>
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          hidden
          aria-label="Picture to search by"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) onFile(file);
            currentTarget.value = '';
          }}
        />
      </form>
    </search>
  );
}

/** Plain words stand in the field, to be typed on; everything else is a chip. */
function draftOf(view: View): Draft {
  const { terms, tags } = questionOf(view);
  const text = typedText({ terms, tags });
  return text === undefined ? { chips: terms, tags, text: '' } : { chips: [], tags: [], text };
}

/** Chips and typed words together. */
function asked({ chips, tags, text }: Draft): Pick<Question, 'terms' | 'tags'> {
  const typed = questionOfText(text);
  return {
    terms: [...chips, ...typed.terms].slice(0, MOST_TERMS),
    tags: [...new Set([...tags, ...typed.tags])],
  };
}

/** As it would be typed. */
function signed(sign: '-' | '#', words: string): string {
  return words.includes(' ') ? `${sign}"${words}"` : `${sign}${words}`;
}

const TAKES_LETTERS = 'input:not([type="range"], [type="checkbox"]), textarea, dialog';

/** The key that search fields everywhere listen to. Returns how to stop listening. */
function focusOnSlash(input: { readonly current: HTMLInputElement | null }): () => void {
  const listen = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof Element && event.target.closest(TAKES_LETTERS) !== null;
    if (event.key !== '/' || isTyping) return;
    event.preventDefault();
    input.current?.focus();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
