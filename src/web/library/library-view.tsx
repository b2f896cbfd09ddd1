// The library: what comes in, what is there twice, how much of what there is, and the words that find it. One tab at a time,
// remembered in the address (?view=library&tab=words), so that reload and back keep it.
import { useRef } from 'preact/hooks';
import type { ViewActions } from '../view-actions.ts';
import { AddTab } from './add-tab.tsx';
import { DuplicatesTab } from './duplicates-tab.tsx';
import { FacetsTab } from './facets-tab.tsx';
import { WordsTab } from './words-tab.tsx';
import './library.css';

const TABS = [
  ['add', 'Add & jobs'],
  ['duplicates', 'Duplicates'],
  ['facets', 'Facets'],
  ['words', 'Words'],
] as const;

export function LibraryView(actions: ViewActions) {
  const tab = TABS.find(([key]) => key === actions.tab)?.[0] ?? 'add';
  const go = actions.onTab;
  const list = useRef<HTMLDivElement>(null);

  // Arrow keys choose at once, as the pattern of tabs has it: each tab shows without being waited for.
  const onKeyDown = (event: KeyboardEvent) => {
    const at = TABS.findIndex(([key]) => key === tab);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: TABS.length - 1 }[event.key];
    const next = to === undefined ? undefined : TABS[(to + TABS.length) % TABS.length];
    if (next === undefined) return;
    event.preventDefault();
    go(next[0]);
    list.current?.querySelector<HTMLElement>(`#library-tab-${next[0]}`)?.focus();
  };
  return (
    <section class="library" aria-labelledby="library-heading">
      <h1 id="library-heading">Library</h1>
      <div ref={list} class="library-tabs" role="tablist" aria-label="Parts of the library" onKeyDown={onKeyDown}>
        {TABS.map(([key, name]) => (
          <button
            key={key}
            type="button"
            role="tab"
            id={`library-tab-${key}`}
            aria-selected={key === tab}
            aria-controls="library-panel"
            tabIndex={key === tab ? 0 : -1}
            onClick={() => go(key)}
          >
            {name}
          </button>
        ))}
      </div>
      <div id="library-panel" role="tabpanel" aria-labelledby={`library-tab-${tab}`}>
        {tab === 'add' && <AddTab />}
        {tab === 'duplicates' && <DuplicatesTab {...actions} />}
        {tab === 'facets' && <FacetsTab {...actions} />}
        {tab === 'words' && <WordsTab {...actions} />}
      </div>
    </section>
  );
}
