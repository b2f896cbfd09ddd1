// One part of the question, inside the search field: a click leaves it out or takes it in again, and a small slider
// weighs it against the others.
import { useEffect, useState } from 'preact/hooks';
import type { RegionInput } from '../documents.ts';
import type { Term } from '../question.ts';
import { useObjectUrl } from '../use-object-url.ts';
import type { Subject } from '../use-subjects.ts';
import { CloseIcon, PictureIcon } from './icons.tsx';

const WEIGHTS = { min: 0.2, max: 2, step: 0.2 } as const;

interface Props {
  readonly term: Term;
  /** What is known of a picture of the library. */
  readonly subject: Subject | undefined;
  /** There is something to weigh it against. */
  readonly isWeighed: boolean;
  onChange(term: Term): void;
  onRemove(): void;
}

export function TermChip({ term, subject, isWeighed, onChange, onRemove }: Props) {
  const name = nameOf(term, subject);
  const isOwn = term.kind === 'upload';
  const about = isOwn ? `${name}. This picture is yours alone: the address of this search does not hold it.` : name;
  return (
    <span class={`chip ${term.isOut ? 'is-out' : ''}`}>
      <button
        type="button"
        class="chip-name"
        aria-pressed={term.isOut}
        aria-label={`Leave out ${name}`}
        title={`${about} Click to ${term.isOut ? 'look for it again' : 'leave it out'}.`}
        onClick={() => onChange({ ...term, isOut: !term.isOut })}
      >
        {term.isOut && <span class="chip-minus">−</span>}
        {term.kind !== 'text' && (
          <Thumbnail file={isOwn ? term.upload.file : undefined} small={subject?.picture?.small} region={term.region} />
        )}
        <span class="chip-text">{name}</span>
        {isOwn && <span class="chip-note">not in the link</span>}
      </button>
      {isWeighed && !term.isOut && (
        <input
          type="range"
          class="chip-weight"
          aria-label={`Weight of ${name}`}
          aria-valuetext={`${Math.round(term.weight * 100)} %`}
          title={`Weight: ${Math.round(term.weight * 100)} %`}
          {...WEIGHTS}
          value={term.weight}
          onInput={({ currentTarget }) =>
            onChange({ ...term, weight: Math.round(currentTarget.valueAsNumber * 100) / 100 })
          }
        />
      )}
      <button type="button" class="quiet" aria-label={`Remove ${name} from the search`} onClick={onRemove}>
        <CloseIcon />
      </button>
    </span>
  );
}

/** A tag that all hits must carry. */
export function TagChip({ tag, onRemove }: { readonly tag: string; onRemove(): void }) {
  return (
    <span class="chip is-tag" title={`Only pictures tagged “${tag}”`}>
      <span class="chip-name">
        <span class="chip-text">#{tag}</span>
      </span>
      <button type="button" class="quiet" aria-label={`Remove the tag ${tag} from the search`} onClick={onRemove}>
        <CloseIcon />
      </button>
    </span>
  );
}

/** How a term is called beside others. */
export function nameOf(term: Term, subject: Subject | undefined): string {
  if (term.kind === 'text') return term.text;
  const name = term.kind === 'upload' ? term.upload.file.name : (subject?.picture?.name ?? 'picture');
  return term.region === null ? name : `part of ${name}`;
}

interface ThumbnailProps {
  readonly file: File | undefined;
  readonly small: string | undefined;
  readonly region: RegionInput | null;
}

/** The picture, or the part of it that is searched by. */
function Thumbnail({ file, small, region }: ThumbnailProps) {
  const own = useObjectUrl(file);
  const [isBroken, setBroken] = useState(false);
  const source = own ?? small;
  useEffect(() => setBroken(false), [source]);
  if (source === undefined || isBroken) return <PictureIcon />;
  const { x, y, width, height } = region ?? { x: 0, y: 0, width: 1, height: 1 };
  // Where a browser does not know the property, the whole picture stands for its part.
  const part = `inset(${y * 100}% ${(1 - x - width) * 100}% ${(1 - y - height) * 100}% ${x * 100}%)`;
  return <img src={source} alt="" style={{ objectViewBox: part }} onError={() => setBroken(true)} />;
}
