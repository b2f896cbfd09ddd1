// The head of the page: the way home, the search field, the views, and the way to add pictures.
import type { ComponentChildren } from 'preact';
import type { View } from '../address.ts';
import { addressOf } from '../address.ts';
import { isPlainClick } from '../plain-click.ts';
import { LibraryIcon, Logo, MapIcon, PictureIcon, PlusIcon } from './icons.tsx';

interface Props {
  readonly view: View;
  readonly search: ComponentChildren;
  readonly palette: ComponentChildren;
  onGo(view: View): void;
  onAdd(): void;
}

const LINKS = {
  newest: { name: 'Pictures', Drawing: PictureIcon },
  map: { name: 'Map', Drawing: MapIcon },
  library: { name: 'Library', Drawing: LibraryIcon },
} as const;

const VIEWS = ['newest', 'map', 'library'] as const;

export function Header({ view, search, palette, onGo, onAdd }: Props) {
  const present = view.kind === 'search' ? 'newest' : view.kind;
  return (
    <header class="top">
      <a
        class="brand"
        href="/"
        aria-label="Semblance: newest pictures"
        onClick={(event) => isPlainClick(event) && onGo({ kind: 'newest' })}
      >
        <Logo />
        <span class="brand-name">Semblance</span>
      </a>
      {search}
      <nav class="views" aria-label="Views">
        {VIEWS.map((kind) => {
          const { name, Drawing } = LINKS[kind];
          return (
            <a
              key={kind}
              href={addressOf({ kind })}
              aria-current={kind === present ? 'page' : undefined}
              onClick={(event) => isPlainClick(event) && onGo({ kind })}
            >
              <Drawing />
              {name}
            </a>
          );
        })}
      </nav>
      <button type="button" class="button add" aria-label="Add pictures" onClick={onAdd}>
        <PlusIcon />
        <span class="add-name">Add</span>
      </button>
      {palette}
    </header>
  );
}
