// Words that many pictures of the library carry: a first thing to try.
import type { Library } from '../documents.ts';
import { count } from '../wording.ts';

interface Props {
  readonly tags: Library['commonTags'];
  onTag(tag: string): void;
}

export function Suggestions({ tags, onTag }: Props) {
  if (tags.length === 0) return null;
  return (
    <nav class="suggestions" aria-label="Common tags">
      {tags.map((tag) => (
        <button
          key={tag.name}
          type="button"
          class="tag"
          title={count(tag.count, 'picture')}
          onClick={() => onTag(tag.name)}
        >
          {tag.name}
        </button>
      ))}
    </nav>
  );
}
