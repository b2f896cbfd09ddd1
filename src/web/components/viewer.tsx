// One picture, large, with what is known of it and the ways on from here.
import type { FoundPicture } from '../fetch-page.ts';
import { placeholderImage } from '../placeholder.ts';
import type { Hit, Picture } from '../queries.ts';
import { fileSize, percent, title } from '../words.ts';
import { Dialog } from './dialog.tsx';
import { OpenIcon, SimilarIcon } from './icons.tsx';

interface Props {
  readonly found: FoundPicture;
  onSimilar(picture: Picture): void;
  onTag(tag: string): void;
  onClose(): void;
}

export function Viewer({ found: { picture, match }, onSimilar, onTag, onClose }: Props) {
  const { width, height, takenAt } = picture;
  const taken =
    takenAt === null ? undefined : new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(new Date(takenAt));
  const facts = [`${width} × ${height}`, fileSize(picture.bytes), taken].filter((fact) => fact !== undefined);
  return (
    <Dialog heading={picture.name} kind="viewer" onClose={onClose}>
      <img
        class="viewer-picture"
        src={picture.large}
        alt={title(picture.name)}
        width={width}
        height={height}
        style={{ aspectRatio: `${width} / ${height}`, backgroundImage: placeholderImage(picture.placeholder) }}
      />
      <div class="viewer-foot">
        <p class="facts">{facts.join(' · ')}</p>
        {match !== null && <Why {...match} />}
        <div class="tags">
          {picture.tags.map(({ name, score }) => (
            <button
              key={name}
              type="button"
              class="tag"
              aria-label={`Search for ${name}`}
              title={`fits by ${score.toFixed(2)}`}
              onClick={() => onTag(name)}
            >
              {name}
            </button>
          ))}
        </div>
        <div class="actions">
          <button type="button" class="button primary" onClick={() => onSimilar(picture)}>
            <SimilarIcon /> Find similar
          </button>
          <a class="button" href={picture.url} target="_blank" rel="noreferrer">
            <OpenIcon /> Original
          </a>
        </div>
      </div>
    </Dialog>
  );
}

/** Why the picture is an answer, in words; nothing where there is nothing to say. */
function Why({ confidence, why, missing }: Pick<Hit, 'confidence' | 'why' | 'missing'>) {
  const rows = [
    ['Confidence', confidence === null ? '' : percent(confidence)],
    ['Found for', listOf(why)],
    ['Not in it', listOf(missing)],
  ].filter(([, value]) => value !== '');
  if (rows.length === 0) return null;
  return (
    <dl class="why">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function listOf(words: ReadonlyArray<{ readonly word: string }>): string {
  return words.map(({ word }) => word).join(', ');
}
