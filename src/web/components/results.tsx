// What came of the question: heading, pictures and the way to more of them, or a word on why there are none.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { PAGE_SIZE } from '../fetch-page.ts';
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
  onOpen(picture: Picture): void;
  onSimilar(picture: Picture): void;
  onTag(tag: string): void;
  onAdd(): void;
}

export function Results({ view, pictures, aside, onAdd, ...actions }: Props) {
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
      </div>
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
      {answer?.found.length === 0 && error === undefined && <Nothing answer={answer} onAdd={onAdd} />}
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
      return `“${view.query}”`;
    case 'image':
      return answer?.subject ? `Similar to ${title(answer.subject.name)}` : 'Similar pictures';
    case 'upload':
      return `Similar to ${title(view.file.name)}`;
  }
}

function countOf(answer: Answer | undefined): string {
  if (answer === undefined || answer.found.length === 0) return '';
  const { found, total, next } = answer;
  if (total !== null) return count(total, 'picture');
  return next === null
    ? `all ${count(found.length, 'picture')}, nearest first`
    : `the ${count(found.length, 'nearest', 'nearest')}`;
}

function Nothing({ answer, onAdd }: { answer: Answer; onAdd(): void }) {
  return (
    <div class="nothing">
      <h2>{answer.isLibraryEmpty ? 'No pictures here yet' : 'Nothing was found'}</h2>
      <p>
        {answer.isLibraryEmpty
          ? 'Add some of yours: choose files, drop several on this page, or name a folder. They stay on this machine.'
          : 'Try a plainer word for what the picture shows, such as “dog”, “flower” or “street”.'}
      </p>
      {answer.isLibraryEmpty && (
        <button type="button" class="button primary" onClick={onAdd}>
          Add pictures
        </button>
      )}
    </div>
  );
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
