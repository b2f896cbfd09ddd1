// What the palette offers, and which of it fits what is typed. Pure: knows no document and no service.

export interface PaletteActions {
  /** Views beside the pictures that there are. */
  readonly views: ReadonlyArray<'map' | 'library'>;
  /** Only likely hits are shown; undefined where no search is on. */
  readonly isSure: boolean | undefined;
  onSearchText(text: string): void;
  onGo(view: 'newest' | 'map' | 'library'): void;
  onAdd(): void;
  onSure(isSure: boolean): void;
}

export interface Command {
  readonly id: string;
  readonly name: string;
  /** Further words that find it. */
  readonly also: string;
  /** Said beside the name. */
  readonly hint: string;
  /** The palette stays open where it answers false. */
  readonly run: () => boolean | Promise<boolean>;
}

export interface OwnDeeds {
  /** Shows how to ask; the palette stays. */
  onHelp(): void;
  /** Copies the page's address; false where the browser did not let it, which is then said. */
  onCopyLink(): Promise<boolean>;
}

const NAMES = { map: 'Go to the map', library: 'Go to the library' } as const;

export function commandsOf({ views, isSure, onGo, onAdd, onSure }: PaletteActions, own: OwnDeeds): Command[] {
  const command = (id: string, name: string, also: string, hint: string, deed: () => void): Command => ({
    id,
    name,
    also,
    hint,
    run: () => {
      deed();
      return true;
    },
  });
  return [
    command('newest', 'Go to the newest pictures', 'home start all', '', () => onGo('newest')),
    ...views.map((view) => command(view, NAMES[view], 'view show open', '', () => onGo(view))),
    command('add', 'Add pictures', 'upload import index folder files', '', onAdd),
    ...(isSure === undefined
      ? []
      : [
          command(
            'sure',
            isSure ? 'Show all hits' : 'Show only sure hits',
            'confidence likely toggle',
            isSure ? 'only sure ones now' : 'all now',
            () => onSure(!isSure),
          ),
        ]),
    { id: 'copy', name: 'Copy the link', also: 'share address url', hint: 'to this view', run: own.onCopyLink },
    {
      id: 'help',
      name: 'Help: how to ask',
      also: 'query language syntax minus quotes weight focus',
      hint: '',
      run: () => {
        own.onHelp();
        return false;
      },
    },
  ];
}

/** Those of which every typed word is the beginning of a word, in their order; all where nothing is typed. */
export function fitting<Item extends { readonly name: string; readonly also: string }>(
  items: readonly Item[],
  typed: string,
): Item[] {
  const wanted = wordsOf(typed);
  return items.filter(({ name, also }) => {
    const words = wordsOf(`${name} ${also}`);
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  });
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
