// The tags of a picture: a click searches for one, a slider asks for more or less of it, and one's own can be changed.
import { useState } from 'preact/hooks';
import type { Tag } from '../documents.ts';
import { type ServiceError, toServiceError } from '../graphql-client.ts';
import type { Steering } from '../steering.ts';
import { useLive } from '../use-live.ts';
import { CloseIcon, PlusIcon } from './icons.tsx';
import { TagSliders } from './tag-sliders.tsx';

const MOST_SLIDERS = 6;

interface Props {
  readonly tags: readonly Tag[];
  readonly steering: Steering;
  /** All tags are known, so that editing loses none. */
  readonly isReady: boolean;
  onSteer(steering: Steering): void;
  onSave(tags: readonly string[]): Promise<void>;
  onTag(tag: string): void;
  onOwnTag(tag: string): void;
}

export function PictureTags({ tags, steering, isReady, onSteer, onSave, onTag, onOwnTag }: Props) {
  const [shown, change] = useLive(steering, onSteer);
  const [text, setText] = useState('');
  const [error, setError] = useState<ServiceError>();
  const own = tags.filter(({ source }) => source === 'USER').map(({ name }) => name);

  const save = async (next: readonly string[]) => {
    const outcome = await onSave(next).catch(toServiceError);
    setError(outcome instanceof Error ? outcome : undefined);
    return !(outcome instanceof Error);
  };
  const add = async () => {
    const names = text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    if (names.length > 0 && (await save([...own, ...names]))) setText('');
  };

  return (
    <section class="picture-tags" aria-labelledby="tags-heading">
      <h3 id="tags-heading">Tags</h3>
      <ul class="tags">
        {tags.map(({ name, source, score }) => (
          <li key={name} class={source === 'USER' ? 'tag-own' : ''}>
            <button
              type="button"
              class="tag"
              aria-label={source === 'USER' ? `Show all tagged ${name}` : `Search for ${name}`}
              title={source === 'USER' ? 'Your own tag' : `Computed, fits by ${score.toFixed(2)}`}
              onClick={() => (source === 'USER' ? onOwnTag(name) : onTag(name))}
            >
              {name}
            </button>
            {source === 'USER' && (
              <button
                type="button"
                class="quiet"
                aria-label={`Remove the tag ${name}`}
                disabled={!isReady}
                onClick={() => void save(own.filter((tag) => tag !== name))}
              >
                <CloseIcon />
              </button>
            )}
          </li>
        ))}
      </ul>
      <form
        class="tag-form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <input
          type="text"
          aria-label="Add a tag of your own"
          placeholder="Add a tag…"
          maxLength={100}
          autocomplete="off"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" class="quiet" aria-label="Add the tag" disabled={!isReady || text.trim() === ''}>
          <PlusIcon />
        </button>
      </form>
      {error !== undefined && (
        <p class="note" role="alert">
          {error.message} <code>{error.code}</code>
        </p>
      )}
      <h3>More or less of this</h3>
      <TagSliders tags={tags.slice(0, MOST_SLIDERS).map(({ name }) => name)} steering={shown} onChange={change} />
    </section>
  );
}
