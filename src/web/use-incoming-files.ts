// Files that are dropped on the page or pasted into it. One picture is a question, several are an addition.
import { useEffect, useState } from 'preact/hooks';

/** Number of files that hover over the page; 0 when none do. */
export function useIncomingFiles(onFiles: (files: readonly File[]) => void): number {
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
      deliver(event.dataTransfer?.files, onFiles);
    };
    const paste = (event: ClipboardEvent) => deliver(event.clipboardData?.files, onFiles);

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

function deliver(files: FileList | undefined, onFiles: (files: readonly File[]) => void): void {
  if (files !== undefined && files.length > 0) onFiles([...files]);
}
