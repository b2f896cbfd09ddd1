// One picture, large, with what is known of it and the ways on from here.
import { placeholderImage } from '../placeholder.ts';
import type { Picture } from '../queries.ts';
import { fileSize, title } from '../words.ts';
import { Dialog } from './dialog.tsx';
import { OpenIcon, SimilarIcon } from './icons.tsx';

interface Props {
  readonly picture: Picture;
  onSimilar(picture: Picture): void;
  onTag(tag: string): void;
  onClose(): void;
}

export function Viewer({ picture, onSimilar, onTag, onClose }: Props) {
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
