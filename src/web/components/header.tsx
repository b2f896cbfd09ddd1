// The head of the page: the way home, the search field, and the way to add pictures.
import type { Picture } from '../queries.ts';
import type { Navigate, View } from '../view.ts';
import { Logo, PlusIcon } from './icons.tsx';
import { SearchBar } from './search-bar.tsx';

interface Props {
  readonly view: View;
  readonly subject: Picture | null;
  readonly navigate: Navigate;
  onHome(): void;
  onAdd(): void;
}

export function Header({ view, subject, navigate, onHome, onAdd }: Props) {
  return (
    <header class="top">
      <a
        class="brand"
        href="/"
        aria-label="Semblance: newest pictures"
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          onHome();
        }}
      >
        <Logo />
        <span class="brand-name">Semblance</span>
      </a>
      <SearchBar view={view} subject={subject} navigate={navigate} />
      <button type="button" class="button add" aria-label="Add pictures" onClick={onAdd}>
        <PlusIcon />
        <span class="add-name">Add pictures</span>
      </button>
    </header>
  );
}
