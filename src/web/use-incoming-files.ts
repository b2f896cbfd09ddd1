// Files and folders that are dropped on the page or pasted into it. One picture is a question, more are an addition.
import { useEffect, useState } from 'preact/hooks';
import { type DroppedFiles, filesOfDrop } from './adding/dropped-files.ts';

/** Number of files that hover over the page; 0 when none do. */
export function useIncomingFiles(onFiles: (given: DroppedFiles) => void): number {
  const [hovering, setHovering] = useState(0);

  useEffect(() => {
    // Entering a child comes before leaving its parent, so a count tells when the pointer is really gone.
    let depth = 0;
    const stop = () => {
      depth = 0;
      setHovering(0);
    };
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth++;
      setHovering(Math.max(1, event.dataTransfer?.items.length ?? 1));
    };
    const leave = (event: DragEvent) => {
      if (carriesFiles(event) && --depth <= 0) stop();
    };
    const over = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      stop();
      void deliver(event.dataTransfer, onFiles);
    };
    const paste = (event: ClipboardEvent) => void deliver(event.clipboardData, onFiles);

    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, [onFiles]);

  return hovering;
}

/** A picture dragged from the page itself, or selected text, is not for us. */
function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

async function deliver(carrier: DataTransfer | null, onFiles: (given: DroppedFiles) => void): Promise<void> {
  if (carrier === null) return;
  const given = await filesOfDrop(carrier);
  if (given.files.length + given.unreadable.length > 0) onFiles(given);
}
