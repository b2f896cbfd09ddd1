// Where pictures come in: files of one's own, or a folder of the machine that runs the service.
import { useRef, useState } from 'preact/hooks';
import type { AddControls } from '../use-additions.ts';
import { Dialog } from './dialog.tsx';
import { PictureIcon } from './icons.tsx';

interface Props {
  readonly controls: AddControls;
  onClose(): void;
}

export function AddDialog({ controls, onClose }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  const [path, setPath] = useState('');
  return (
    <Dialog heading="Add pictures" kind="sheet" onClose={onClose}>
      <div class="stack">
        <button type="button" class="drop-target" data-first onClick={() => chooser.current?.click()}>
          <PictureIcon />
          <b>Choose pictures</b>
          <span>
            or close this and drop several on the page. JPEG, PNG, WebP, AVIF, GIF and TIFF, up to 64 MB each.
          </span>
        </button>
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          multiple
          hidden
          aria-label="Pictures to add"
          onChange={({ currentTarget }) => {
            const files = [...(currentTarget.files ?? [])];
            if (files.length === 0) return;
            controls.addFiles(files);
            onClose();
          }}
        />
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (path.trim() === '') return;
            controls.addFolder(path.trim());
            onClose();
          }}
        >
          <label class="field">
            <span>A folder on the machine that runs Semblance</span>
            <span class="field-row">
              <input
                type="text"
                placeholder="/home/me/Pictures"
                spellcheck={false}
                autocapitalize="off"
                value={path}
                onInput={({ currentTarget }) => setPath(currentTarget.value)}
              />
              <button type="submit" class="button">
                Index
              </button>
            </span>
          </label>
          <p class="note">Its pictures stay where they are, and are looked at again at each start.</p>
        </form>
      </div>
    </Dialog>
  );
}
