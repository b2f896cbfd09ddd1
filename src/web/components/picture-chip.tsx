// The picture that is searched by, small, inside the search field.
import { useEffect, useState } from 'preact/hooks';
import type { Picture } from '../queries.ts';
import { useObjectUrl } from '../use-object-url.ts';
import type { View } from '../view.ts';
import { CloseIcon, PictureIcon } from './icons.tsx';

interface Props {
  readonly view: Extract<View, { kind: 'image' | 'upload' }>;
  readonly subject: Picture | null;
  onRemove(): void;
}

export function PictureChip({ view, subject, onRemove }: Props) {
  const file = view.kind === 'upload' ? view.file : undefined;
  const address = useObjectUrl(file);
  const [isBroken, setBroken] = useState(false);
  const name = file?.name ?? subject?.name ?? 'picture';
  const source = address ?? subject?.small;

  useEffect(() => setBroken(false), [source]);

  return (
    <span class="chip">
      {source === undefined || isBroken ? <PictureIcon /> : <img src={source} alt="" onError={() => setBroken(true)} />}
      <span class="chip-name">{name}</span>
      <button type="button" class="quiet" aria-label={`Remove ${name} from the search`} onClick={onRemove}>
        <CloseIcon />
      </button>
    </span>
  );
}
