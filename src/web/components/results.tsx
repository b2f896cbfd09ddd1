// What came of the question: heading, pictures and the way to more of them, or a word on why there are none.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { readMinuses } from '../excluded-words.ts';
import { type FoundPicture, PAGE_SIZE } from '../fetch-page.ts';
import type { Picture } from '../queries.ts';
import type { Answer, Pictures } from '../use-pictures.ts';
import type { View } from '../view.ts';
import { count, title } from '../words.ts';
import { Failure } from './failure.tsx';
import { PictureGrid } from './picture-grid.tsx';

/** So many pages come by themselves while one scrolls; past them a button asks, so that the foot stays in reach. */
const PAGES_BY_THEMSELVES = 5;

interface Props {
  readonly view: View;
  readonly pictures: Pictures;
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

export function Results({ view, pictures, aside, steering, onAdd, onSure, ...actions }: Props) {
  const { answer, isLoading, error, loadMore, reload } = pictures;
  const isStale = answer !== undefined && answer.view !== view;
  const heading = headingOf(answer?.view ?? view, answer);
  return (
    <section class="results" aria-labelledby="results-heading">
      <div class="results-head">
        <h1 id="results-heading">{heading}</h1>
        <p class={aside ? 'hidden' : 'results-count'} role="status">
          {isLoading && answer === undefined ? 'Searching…' : countOf(answer)}
        </p>
        {aside}
        {view.kind !== 'newest' && (
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
      {answer?.notices.map((notice) => (
        <p key={notice} class="notice">
          {notice}
        </p>
      ))}
      {error !== undefined && <Failure error={error} onRetry={answer === undefined ? reload : loadMore} />}
      {answer !== undefined && answer.found.length > 0 && (
        <PictureGrid found={answer.found} label={heading} isStale={isStale} {...actions} />
      )}
      {answer === undefined && isLoading && <div class="grid-waiting" aria-hidden="true" />}
      {answer?.found.length === 0 && error === undefined && (
        <Nothing reason={answer.reason} onAdd={onAdd} onClosest={() => onSure(false)} />
      )}
      {answer !== undefined && answer.next !== null && !isStale && error === undefined && (
        <More isLoading={isLoading} isAutomatic={answer.pages < PAGES_BY_THEMSELVES} onMore={loadMore} />
      )}
    </section>
  );
}

function headingOf(view: View, answer: Answer | undefined): string {
  switch (view.kind) {
    case 'newest':
      return 'Newest pictures';
    case 'text':
      return headingOfWords(view.query);
    case 'image':
      return answer?.asked?.subject ? `Similar to ${title(answer.asked.subject.name)}` : 'Similar pictures';
    case 'upload':
      return `Similar to ${title(view.file.name)}`;
  }
}

/** `“cat” without dog` */
function headingOfWords(text: string): string {
  const { query, not } = readMinuses(text);
  if (not.length === 0) return `“${text}”`;
  return `${query === '' ? 'Pictures' : `“${query}”`} without ${not.join(', ')}`;
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
    case 'NOTHING_ASKED':
      return ['What should the pictures show?', 'A minus leaves a word out; add a word without one, as in “cat -dog”.'];
    default:
      return [
        'Nothing was found',
        'Try a plainer word for what the picture shows, such as “dog”, “flower” or “street”.',
      ];
  }
}

function More({ isLoading, isAutomatic, onMore }: { isLoading: boolean; isAutomatic: boolean; onMore(): void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isAutomatic || isLoading || button.current === null) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onMore(), { rootMargin: '600px' });
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [isAutomatic, isLoading, onMore]);
  return (
    <button ref={button} type="button" class="button more" disabled={isLoading} onClick={onMore}>
      {isLoading ? 'One moment…' : `Show ${PAGE_SIZE} more`}
    </button>
  );
}
