// The files of a drop, also those of dropped folders and everything below them. Knows no service.

export interface DroppedFiles {
  readonly files: readonly File[];
  /** Names of what could not be read, each with the browser's reason. */
  readonly unreadable: ReadonlyArray<{ readonly name: string; readonly reason: string }>;
  readonly hasFolder: boolean;
}

/** Hidden files and what operating systems strew about are no pictures and no news. */
const STRAY = /^(\.|Thumbs\.db$|desktop\.ini$)/i;

/** To be called while the drop event is being handled: its items are gone afterwards. */
export function filesOfDrop(carrier: DataTransfer): Promise<DroppedFiles> {
  const entries = [...carrier.items].filter(({ kind }) => kind === 'file').map((item) => item.webkitGetAsEntry());
  // A file that a program made up has no entry.
  if (entries.some((entry) => entry === null))
    return Promise.resolve({ files: [...carrier.files], unreadable: [], hasFolder: false });
  return filesOfEntries(entries.filter((entry) => entry !== null));
}

/** Of a chosen folder the browser hands down everything. */
export function withoutStray(files: Iterable<File>): File[] {
  return [...files].filter(({ name }) => !STRAY.test(name));
}

async function filesOfEntries(entries: readonly FileSystemEntry[]): Promise<DroppedFiles> {
  const files: File[] = [];
  const unreadable: Array<{ name: string; reason: string }> = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
    try {
      if (isFolder(entry)) waiting.unshift(...(await childrenOf(entry)));
      else if (!STRAY.test(entry.name)) files.push(await fileOf(entry as FileSystemFileEntry));
    } catch (error) {
      unreadable.push({ name: entry.fullPath, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { files, unreadable, hasFolder: entries.some(isFolder) };
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** A reader tells a hundred at a time, and none at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return children.sort((a, b) => a.name.localeCompare(b.name));
    children.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
