// Where pictures come in, and how that goes on: files and folders of one's own, or a folder of the service's machine.
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { Failure } from '../components/failure.tsx';
import { PictureIcon } from '../components/icons.tsx';
import { useService } from '../service.ts';
import { filesOfDrop, withoutStray } from './dropped-files.ts';
import { uploads } from './uploads.ts';
import { type Jobs, useJobs } from './use-jobs.ts';
import { JobPanel, UploadPanel } from './work-panel.tsx';

export function AddTab() {
  const send = useService();
  const work = useJobs();
  const [isHovered, setHovered] = useState(false);
  const upload = useUploads();
  const onDrop = async (event: DragEvent) => {
    setHovered(false);
    if (event.dataTransfer === null) return;
    const { files, unreadable } = await filesOfDrop(event.dataTransfer);
    uploads.add(
      send,
      files,
      unreadable.map((file) => ({ ...file, code: 'FILE_NOT_FOUND' })),
    );
  };
  // The page takes drops everywhere else; here they are all for the library.
  const own = (then: (event: DragEvent) => void) => (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    then(event);
  };
  return (
    <section
      aria-label="Add pictures"
      class={`library-add ${isHovered ? 'is-hovered' : ''}`}
      onDragEnter={own(() => setHovered(true))}
      onDragOver={own(() => {})}
      onDragLeave={own(({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && (currentTarget as Element).contains(relatedTarget))) setHovered(false);
      })}
      onDrop={own((event) => void onDrop(event))}
    >
      <div class="library-ways">
        <FileChooser onFiles={(files) => uploads.add(send, files)} />
        <FolderForm onFolder={work.takeInFolder} />
      </div>
      {work.error !== undefined && <Failure error={work.error} />}
      <section class="library-work" aria-label="Work">
        {upload !== undefined && (
          <UploadPanel state={upload} onStop={() => uploads.stop()} onDismiss={() => uploads.dismiss()} />
        )}
        <JobList {...work} />
      </section>
    </section>
  );
}

function FileChooser({ onFiles }: { onFiles(files: readonly File[]): void }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    onFiles(withoutStray(input.files ?? []));
    // The same choice once more is a choice too.
    input.value = '';
  };
  return (
    <div class="drop-target">
      <PictureIcon />
      <b>Drop pictures or folders here</b>
      <span>JPEG, PNG, WebP, AVIF, GIF and TIFF, up to 64 MB each. They are copied and stay on this machine.</span>
      <div class="library-choices">
        <button type="button" class="button primary" onClick={() => files.current?.click()}>
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

function FolderForm({ onFolder }: { onFolder(path: string): Promise<void> }) {
  const [path, setPath] = useState('');
  return (
    <form
      class="library-folder"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() !== '') void onFolder(path.trim());
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

function JobList({ jobs, isConnected }: Jobs) {
  if (jobs === undefined) return null;
  return (
    <>
      <p role="status" class={isConnected ? 'hidden' : 'notice'}>
        {isConnected ? stateOf(jobs) : 'The connection broke; it is being made again. The work goes on.'}
      </p>
      {jobs.map((job) => (
        <JobPanel key={job.id} job={job} />
      ))}
      {jobs.length === 0 && <p class="note">Nothing was taken in since the service started.</p>}
    </>
  );
}

/** For a screen reader: said when it changes, so no numbers that change ten times a second. */
function stateOf(jobs: Jobs['jobs']): string {
  const running = jobs?.filter(({ state }) => state === 'RUNNING').length ?? 0;
  return running === 0 ? 'No work is under way.' : `${running} under way.`;
}

function useUploads() {
  const [, redraw] = useReducer((round: number) => round + 1, 0);
  useEffect(() => uploads.onChange(() => redraw(undefined)), []);
  return uploads.state;
}
