// Pictures that are one, in groups: why they are thought to be, and what to do about it.
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../components/failure.tsx';
import { type ServiceError, toServiceError } from '../graphql-client.ts';
import { useService } from '../service.ts';
import type { ViewActions } from '../view-actions.ts';
import { count } from '../wording.ts';
import {
  DUPLICATES,
  type DuplicateGroup,
  type DuplicateKind,
  MARK_NOT_DUPLICATES,
  REMOVE_PICTURES,
} from './documents.ts';
import { DuplicateGroupPanel } from './duplicate-group.tsx';

const GROUPS_AT_ONCE = 10;

const KINDS: ReadonlyArray<readonly [DuplicateKind, name: string, meaning: string]> = [
  ['IDENTICAL', 'The same file', 'The same bytes in several places.'],
  ['SAME_PHOTO', 'The same photograph', 'Saved again, scaled, cropped, lit anew or mirrored.'],
  ['SIMILAR', 'The same scene', 'Other shots of it.'],
];

interface Found {
  readonly groups: readonly DuplicateGroup[];
  readonly totalCount: number;
  readonly next: string | null;
}

export function DuplicatesTab({ onOpen }: Pick<ViewActions, 'onOpen'>) {
  const send = useService();
  const [kind, setKind] = useState<DuplicateKind>('SAME_PHOTO');
  const [found, setFound] = useState<Found>();
  const [error, setError] = useState<ServiceError>();
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState('');

  const load = async (after: string | null, signal?: AbortSignal) => {
    setBusy(true);
    setError(undefined);
    try {
      const { duplicates } = await send(DUPLICATES, { kind, first: GROUPS_AT_ONCE, after }, signal);
      const { groups, totalCount, pageInfo } = duplicates;
      const next = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      setFound((found) => ({
        groups: [...(after === null ? [] : (found?.groups ?? [])), ...groups],
        totalCount,
        next,
      }));
    } catch (thrown) {
      if (signal?.aborted) return;
      setError(toServiceError(thrown));
    }
    setBusy(false);
  };

  useEffect(() => {
    const controller = new AbortController();
    setFound(undefined);
    void load(null, controller.signal);
    return () => controller.abort();
  }, [kind]);

  /** Does it, then puts the group as it is afterwards in its place; undefined takes it away. */
  const change = async (
    work: () => Promise<unknown>,
    group: DuplicateGroup,
    after: DuplicateGroup | undefined,
    words: string,
  ) => {
    setError(undefined);
    try {
      await work();
      setFound((found) => {
        if (found === undefined) return found;
        const groups = found.groups.flatMap((other) => (other !== group ? other : (after ?? [])));
        return { ...found, groups, totalCount: found.totalCount - (found.groups.length - groups.length) };
      });
      setSaid(words);
    } catch (thrown) {
      setError(toServiceError(thrown));
    }
  };
  const markAsDifferent = (group: DuplicateGroup) => {
    const ids = group.images.map(({ id }) => id);
    return change(
      () => send(MARK_NOT_DUPLICATES, { ids }),
      group,
      undefined,
      'They are remembered as different pictures.',
    );
  };
  const remove = (group: DuplicateGroup, id: string) =>
    change(
      () => send(REMOVE_PICTURES, { ids: [id] }),
      group,
      withoutPicture(group, id),
      'The picture was taken out of the library.',
    );

  return (
    <>
      <fieldset class="library-kinds">
        <legend class="hidden">How alike</legend>
        {KINDS.map(([value, name, meaning]) => (
          <label key={value}>
            <input type="radio" name="kind" checked={kind === value} onChange={() => setKind(value)} />
            <span>
              <b>{name}</b> {meaning}
            </span>
          </label>
        ))}
      </fieldset>
      <p role="status" class={found === undefined || said === '' ? 'notice' : 'notice is-said'}>
        {found === undefined ? (isBusy ? 'Comparing all pictures…' : '') : `${said} ${summaryOf(found)}`}
      </p>
      {error !== undefined && (
        <Failure error={error} onRetry={() => void load(found === undefined ? null : found.next)} />
      )}
      {found?.groups.map((group) => (
        <DuplicateGroupPanel
          key={group.cursor}
          group={group}
          onOpen={onOpen}
          onDifferent={() => void markAsDifferent(group)}
          onRemove={(id) => void remove(group, id)}
        />
      ))}
      {found?.groups.length === 0 && error === undefined && (
        <div class="nothing">
          <h2>No duplicates of this kind</h2>
          <p>Every picture here is one of its own. “The same scene” looks for pictures that are only nearly alike.</p>
        </div>
      )}
      {found !== undefined && found.next !== null && (
        <button type="button" class="button more" disabled={isBusy} onClick={() => void load(found.next)}>
          {isBusy ? 'One moment…' : 'Show more groups'}
        </button>
      )}
    </>
  );
}

function summaryOf({ totalCount }: Found): string {
  return totalCount === 0 ? '' : `${count(totalCount, 'group')}, the largest first.`;
}

/** Undefined where one picture in one file is left, which is a duplicate of nothing. */
function withoutPicture(group: DuplicateGroup, id: string): DuplicateGroup | undefined {
  const images = group.images.filter((image) => image.id !== id);
  if (images.length < 2) return undefined;
  return { ...group, images, links: group.links.filter(({ a, b }) => a !== id && b !== id) };
}
