// The ways in: files or a folder of one's own by choosing or dropping them here, or a folder of the service's machine.
import { useRef, useState } from 'preact/hooks';
import { PictureIcon } from '../components/icons.tsx';
import { type DroppedFiles, filesOfDrop, withoutStray } from './dropped-files.ts';

interface Props {
  onFiles(given: Pick<DroppedFiles, 'files'> & Partial<DroppedFiles>): void;
  onFolder(path: string): void;
}

export function WaysIn({ onFiles, onFolder }: Props) {
  return (
    <div class="ways-in">
      <DropTarget onFiles={onFiles} />
      <FolderForm onFolder={onFolder} />
    </div>
  );
}

function DropTarget({ onFiles }: Pick<Props, 'onFiles'>) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [isHovered, setHovered] = useState(false);
  const take = (input: HTMLInputElement) => {
    const chosen = withoutStray(input.files ?? []);
    // The same choice once more is a choice too.
    input.value = '';
    if (chosen.length > 0) onFiles({ files: chosen });
  };
  // The page takes drops everywhere else, and a single picture there is a question; here all are for the library.
  const own = (then: (event: DragEvent) => void) => (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    then(event);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here can be chosen by the buttons as well
    <div
      class={`drop-target ${isHovered ? 'is-hovered' : ''}`}
      onDragEnter={own(() => setHovered(true))}
      onDragOver={own(() => {})}
      onDragLeave={own(({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && (currentTarget as Element).contains(relatedTarget))) setHovered(false);
      })}
      onDrop={own(async ({ dataTransfer }) => {
        setHovered(false);
        if (dataTransfer !== null) onFiles(await filesOfDrop(dataTransfer));
      })}
    >
      <PictureIcon />
      <b>Drop pictures or folders here</b>
      <span>JPEG, PNG, WebP, AVIF, GIF and TIFF, up to 64 MB each. They are copied and stay on this machine.</span>
      <div class="drop-choices">
        <button type="button" class="button primary" data-first onClick={() => files.current?.click()}>
          Choose pictures
        </button>
        <button type="button" class="button" onClick={() => folder.current?.click()}>
          Choose a folder
        </button>
      </div>
      <input
        ref={files}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label="Pictures to add"
        onChange={({ currentTarget }) => take(currentTarget)}
      />
      <input
        ref={(input) => {
          input?.setAttribute('webkitdirectory', '');
          folder.current = input;
        }}
        type="file"
        multiple
        hidden
        aria-label="Folder to add"
        onChange={({ currentTarget }) => take(currentTarget)}
      />
    </div>
  );
}

function FolderForm({ onFolder }: Pick<Props, 'onFolder'>) {
  const [path, setPath] = useState('');
  return (
    <form
      class="folder-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() !== '') onFolder(path.trim());
      }}
    >
      <label class="field">
        <span>A folder on the machine that runs Semblance</span>
        <input
          type="text"
          placeholder="/home/me/Pictures"
          spellcheck={false}
          autocapitalize="off"
          value={path}
          onInput={({ currentTarget }) => setPath(currentTarget.value)}
        />
      </label>
      <button type="submit" class="button">
        Take it in
      </button>
      <p class="note">Its pictures stay where they are, and the folder is looked at again at each start.</p>
    </form>
  );
}
