// The library in one line: how much there is, what reads it, and how the index stands.
import type { LibraryState } from '../use-library.ts';
import { count } from '../wording.ts';

const INDEX_STATES = {
  READY: 'index ready',
  BUILDING: 'index being built, searches are exact meanwhile',
  EXACT: 'exact search',
} as const;

export function StatusLine({ library, rate }: Pick<LibraryState, 'library' | 'rate'>) {
  if (library === undefined) return <p class="status">&nbsp;</p>;
  const { imageCount, model, index } = library;
  return (
    <p class="status">
      <span class={`dot ${rate > 0 || index.state === 'BUILDING' ? 'is-busy' : ''}`} />
      {count(imageCount, 'picture')} · {model.id} model · {INDEX_STATES[index.state]}
      {rate > 0 && ` · taking in ${Math.ceil(rate)} a second`}
    </p>
  );
}
