// Labels that one types, and how many pictures show what each says: bars that lead to the pictures.
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../components/failure.tsx';
import { type ServiceError, toServiceError } from '../graphql-client.ts';
import { useService } from '../service.ts';
import type { ViewActions } from '../view-actions.ts';
import { count } from '../wording.ts';
import { FACETS, type Facets } from './documents.ts';

const MOST_LABELS = 50;
const DEBOUNCE_MS = 350;
const KEPT_UNDER = 'semblance-facets';

export function FacetsTab({ onSearchText }: Pick<ViewActions, 'onSearchText'>) {
  const send = useService();
  const [text, setText] = useState(
    () => sessionStorage.getItem(KEPT_UNDER) ?? 'people, animals, food, buildings, nature',
  );
  const [facets, setFacets] = useState<Facets['facets']>();
  const [error, setError] = useState<ServiceError>();
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    const labels = labelsOf(text);
    sessionStorage.setItem(KEPT_UNDER, text);
    if (labels.length === 0) return setFacets(undefined);
    const controller = new AbortController();
    const ask = async () => {
      setBusy(true);
      try {
        setFacets((await send(FACETS, { labels }, controller.signal)).facets);
        setError(undefined);
      } catch (thrown) {
        if (controller.signal.aborted) return;
        setError(toServiceError(thrown));
      }
      setBusy(false);
    };
    const timer = setTimeout(() => void ask(), DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, send]);

  const most = Math.max(1, ...(facets ?? []).map((facet) => facet.count));
  const total = (facets ?? []).reduce((sum, facet) => sum + facet.count, 0);
  return (
    <>
      <label class="field facets-field">
        <span>Labels, with commas between them</span>
        <input type="text" value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        <span class="note">
          Any words do. Several labels share the pictures out: each picture counts for the one that fits it best. A
          single one counts the pictures that it clearly fits.
        </span>
      </label>
      <p role="status" class="notice">
        {isBusy ? 'Counting…' : facets === undefined ? '' : `${count(total, 'picture')} counted.`}
      </p>
      {error !== undefined && <Failure error={error} />}
      {facets !== undefined && (
        <ul class="facets" aria-label="Counts" aria-busy={isBusy}>
          {facets.map(({ label, count: amount }) => (
            <li key={label}>
              <button type="button" class="facet" onClick={() => onSearchText(label)}>
                <span class="facet-label">{label}</span>
                <span class="facet-track" aria-hidden="true">
                  <span class="facet-bar" style={{ width: `${(100 * amount) / most}%` }} />
                </span>
                <span class="facet-count">{count(amount, 'picture')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function labelsOf(text: string): string[] {
  const labels = text.split(',').map((label) => label.trim());
  return [...new Set(labels.filter((label) => label !== ''))].slice(0, MOST_LABELS);
}
