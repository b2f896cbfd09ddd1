// Everything the page can do, by its name: Ctrl-K or Cmd-K from anywhere, or the button. And how to ask.
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { Dialog } from '../components/dialog.tsx';
import { type Command, commandsOf, fitting, type PaletteActions } from './commands.ts';
import { QueryHelp } from './query-help.tsx';

interface Props extends PaletteActions {
  onClose(): void;
}

export function Palette({ onClose, ...actions }: Props) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [said, setSaid] = useState('');
  const help = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const text = typed.trim();

  const commands = useMemo(() => {
    const known = commandsOf(actions, {
      onHelp() {
        setTyped('');
        help.current?.focus();
      },
      async onCopyLink() {
        const isCopied = await navigator.clipboard?.writeText(location.href).then(
          () => true,
          () => false,
        );
        if (!isCopied) setSaid('The browser does not let this page copy here; the address bar holds the link.');
        return isCopied === true;
      },
    });
    const search: Command = {
      id: 'search',
      name: `Search for “${text}”`,
      also: '',
      hint: '',
      run: () => {
        actions.onSearchText(text);
        return true;
      },
    };
    return [...fitting(known, text), ...(text === '' ? [] : [search])];
  }, [text, actions.isSure]);
  const chosen = Math.min(at, commands.length - 1);

  // The first that is chosen lies in sight anyway.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  const run = async (command: Command | undefined) => {
    if (command !== undefined && (await command.run())) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = commands.length - 1;
    const to = {
      ArrowDown: chosen === last ? 0 : chosen + 1,
      ArrowUp: chosen === 0 ? last : chosen - 1,
      PageDown: last,
      PageUp: 0,
    }[event.key];
    if (event.key === 'Enter') void run(commands[chosen]);
    else if (to !== undefined) setAt(to);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog heading="Commands and help" kind="sheet" onClose={onClose}>
      <div class="palette">
        <input
          type="text"
          data-first
          role="combobox"
          aria-label="Command or search"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={`${id}list`}
          aria-activedescendant={commands[chosen] === undefined ? undefined : `${id}${commands[chosen].id}`}
          placeholder="Type a command or a search"
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div ref={list} id={`${id}list`} class="palette-list" role="listbox" aria-label="Commands">
          {commands.map((command, i) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
            <div
              key={command.id}
              id={`${id}${command.id}`}
              role="option"
              aria-selected={i === chosen}
              onPointerMove={() => setAt(i)}
              onClick={() => void run(command)}
            >
              {command.name}
              {command.hint !== '' && <span>{command.hint}</span>}
            </div>
          ))}
        </div>
        <p class={said === '' ? 'hidden' : 'note'} role="status">
          {said === '' ? `${commands.length} to choose from` : said}
        </p>
        <section ref={help} tabIndex={-1} aria-label="How to ask">
          <QueryHelp
            typed={text}
            onAsk={(example) => {
              actions.onSearchText(example);
              onClose();
            }}
          />
        </section>
      </div>
    </Dialog>
  );
}
