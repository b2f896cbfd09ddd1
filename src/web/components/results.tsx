// What came of the question: heading, pictures and the way to more of them, or a word on why there are none.
import type { ComponentChildren } from 'preact';
import { useCallback, useRef } from 'preact/hooks';
import type { View } from '../address.ts';
import type { Picture } from '../documents.ts';
import type { FoundPicture } from '../fetch-page.ts';
import { isAway } from '../graphql-client.ts';
import type { Term } from '../question.ts';
import type { Answer, Pictures } from '../use-pictures.ts';
import type { FindSubject } from '../use-subjects.ts';
import { type TileSlot, VirtualGrid } from '../virtual-grid.tsx';
import { count, title } from '../wording.ts';
import { Failure } from './failure.tsx';
import { ANSWER_CAPTION_HEIGHT, CAPTION_HEIGHT, PictureTile } from './picture-tile.tsx';
import { nameOf } from './term-chip.tsx';

const keyOf = ({ picture }: FoundPicture) => picture.id;
const ratioOf = ({ picture }: FoundPicture) => picture.width / picture.height;

interface Props {
  readonly view: View;
  readonly pictures: Pictures;
  readonly findSubject: FindSubject;
  /** Shown beside the heading. */
  readonly aside: ComponentChildren;
  /** Shown under the heading: what to do with the picture that is searched by. */
  readonly steering: ComponentChildren;
  onOpen(found: FoundPicture): void;
  onSimilar(picture: Picture): void;
  onTag(tag: string): void;
  onAdd(): void;
  /** Only likely hits, or all. */
  onSure(isSure: boolean): void;
}

export function Results({ view, pictures, findSubject, aside, steering, onAdd, onSure, ...actions }: Props) {
  const { answer, isLoading, error, loadMore, reload } = pictures;
  const isStale = answer !== undefined && answer.view !== view;
  const heading = headingOf(answer?.view ?? view, findSubject);
  const latest = useRef(actions);
  latest.current = actions;
  // One function for as long as the page lives, or every tile would be drawn anew.
  const tile = useCallback(
    (found: FoundPicture, slot: TileSlot) => (
      <PictureTile
        found={found}
        slot={slot}
        onOpen={(found) => latest.current.onOpen(found)}
        onSimilar={(picture) => latest.current.onSimilar(picture)}
        onTag={(tag) => latest.current.onTag(tag)}
      />
    ),
    [],
  );
  return (
    <section class="results" aria-labelledby="results-heading">
      <div class="results-head">
        <h1 id="results-heading">{heading}</h1>
        <p class={aside ? 'hidden' : 'results-count'} role="status">
          {isLoading && answer === undefined ? 'Searching…' : countOf(answer)}
        </p>
        {aside}
        {view.kind === 'search' && (
          <label class="sure">
            <input
              type="checkbox"
              checked={view.isSure}
              onChange={({ currentTarget }) => onSure(currentTarget.checked)}
            />
            Only sure ones
          </label>
        )}
      </div>
      {steering}
      {view.kind === 'search' && view.isIncomplete && (
        <p class="notice">
          A picture of yours belonged to this search. No address can hold it: drop it on the page again.
        </p>
      )}
      {isUnlikely(answer) && <p class="notice">Nothing here is likely to be it. These are the closest.</p>}
      {answer?.notices.map((notice) => (
        <p key={notice} class="notice">
          {notice}
        </p>
      ))}
      {error !== undefined && !isAway(error) && (
        <Failure error={error} onRetry={answer === undefined ? reload : loadMore} />
      )}
      {answer !== undefined && answer.found.length > 0 && (
        <VirtualGrid
          items={answer.found}
          total={answer.total}
          hasMore={answer.next !== null && !isStale && error === undefined}
          label={heading}
          captionHeight={answer.view.kind === 'search' ? ANSWER_CAPTION_HEIGHT : CAPTION_HEIGHT}
          isStale={isStale}
          tile={tile}
          keyOf={keyOf}
          ratioOf={ratioOf}
          onEndNear={loadMore}
        />
      )}
      {answer === undefined && isLoading && <div class="grid-waiting" aria-hidden="true" />}
      {answer?.found.length === 0 && error === undefined && (
        <Nothing reason={answer.reason} onAdd={onAdd} onClosest={() => onSure(false)} />
      )}
      {isLoading && !isStale && answer !== undefined && (
        <p class="loading" role="status">
          One moment…
        </p>
      )}
    </section>
  );
}

/** `“cat” and cat face, without dog`; a single picture is `Similar to cat face`. */
function headingOf(view: View, findSubject: FindSubject): string {
  if (view.kind !== 'search') return 'Newest pictures';
  const wanted = view.terms.filter(({ isOut }) => !isOut);
  const excluded = view.terms.filter(({ isOut }) => isOut);
  const call = (term: Term) => {
    const subject = term.kind === 'text' ? undefined : findSubject(term);
    if (term.kind === 'image' && subject?.picture == null) return undefined;
    return term.kind === 'text' ? `“${term.text}”` : title(nameOf(term, subject));
  };
  const tagged = view.tags.length === 0 ? '' : ` tagged ${view.tags.join(', ')}`;
  const [first] = wanted;
  const names = wanted.map((term) => call(term) ?? 'a picture').join(' and ');
  const head =
    first === undefined
      ? 'Pictures'
      : wanted.length > 1 || first.kind === 'text'
        ? names
        : call(first) === undefined
          ? 'Similar pictures'
          : `Similar to ${names}`;
  if (excluded.length === 0) return `${head}${tagged}`;
  const without = excluded.map((term) => (term.kind === 'text' ? term.text : (call(term) ?? 'a picture')));
  return `${head} without ${without.join(', ')}${tagged}`;
}

/** Below this even the best hit is a guess. Low, for the calibration makes too little of drawings: a right one may have .009. */
const LIKELY = 0.005;

function isUnlikely(answer: Answer | undefined): boolean {
  const sure = answer?.found.flatMap(({ match }) => match?.confidence ?? []) ?? [];
  return sure.length > 0 && Math.max(...sure) < LIKELY;
}

function countOf(answer: Answer | undefined): string {
  if (answer === undefined || answer.found.length === 0) return '';
  const { found, total, next } = answer;
  if (total !== null) return count(total, 'picture');
  return next === null
    ? `all ${count(found.length, 'picture')}, nearest first`
    : `the ${count(found.length, 'nearest', 'nearest')}`;
}

interface NothingProps {
  readonly reason: Answer['reason'];
  onAdd(): void;
  onClosest(): void;
}

function Nothing({ reason, onAdd, onClosest }: NothingProps) {
  const [head, advice] = wordsForNothing(reason);
  return (
    <div class="nothing">
      <h2>{head}</h2>
      <p>{advice}</p>
      {reason === 'LIBRARY_EMPTY' && (
        <button type="button" class="button primary" onClick={onAdd}>
          Add pictures
        </button>
      )}
      {reason === 'NOTHING_MATCHES' && (
        <button type="button" class="button" onClick={onClosest}>
          Show the closest anyway
        </button>
      )}
    </div>
  );
}

function wordsForNothing(reason: Answer['reason']): readonly [head: string, advice: string] {
  switch (reason) {
    case 'LIBRARY_EMPTY':
      return [
        'No pictures here yet',
        'Add some of yours: choose files, drop several on this page, or name a folder. They stay on this machine.',
      ];
    case 'NOTHING_MATCHES':
      return ['Nothing here matches', 'No picture is likely enough to be what you asked for.'];
    case 'FILTER_EXCLUDES_ALL':
      return ['No picture carries this tag', 'Tags of your own are put on a picture where it is shown large.'];
    case 'NOTHING_ASKED':
      return [
        'What should the pictures show?',
        'A minus leaves something out; add what to look for, as in “cat -dog”.',
      ];
    default:
      return [
        'Nothing was found',
        'Try a plainer word for what the picture shows, such as “dog”, “flower” or “street”.',
      ];
  }
}
