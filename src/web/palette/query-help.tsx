// How one asks, in examples: those that can be typed are buttons that ask them.
import { fitting } from './commands.ts';

interface Lesson {
  readonly name: string;
  readonly also: string;
  /** Typed as it stands; absent where it is done with the pointer or by keys elsewhere. */
  readonly example?: string;
  readonly meaning: string;
}

const LESSONS: readonly Lesson[] = [
  {
    name: 'Words',
    also: 'search text phrase',
    example: 'a dog on the beach',
    meaning: 'Say what the picture shows, in plain words.',
  },
  {
    name: 'Minus',
    also: 'without exclude not leave out',
    example: 'cat -sofa',
    meaning: 'A minus in front leaves a word out.',
  },
  {
    name: 'Quotes',
    also: 'phrase several words exclude',
    example: 'street -"red car"',
    meaning: 'Quotes after a minus hold several words together.',
  },
  {
    name: 'Weights',
    also: 'more less chip stronger',
    meaning: 'Each part of a search becomes a chip; its weight says how much it counts beside the others.',
  },
  {
    name: 'Pictures',
    also: 'drop paste upload similar box part region',
    meaning:
      'Drop or paste a picture to search by it, together with words if you like; draw a box to search by a part.',
  },
  {
    name: 'Focus',
    also: 'slider tag more less steer',
    meaning: 'Searching by a picture, the sliders on its tags ask for more or less of each thing in it.',
  },
  {
    name: 'Keys',
    also: 'keyboard shortcut arrows',
    meaning:
      '/ goes to the search field, Ctrl or Cmd with K opens this; arrows, Home and End walk through the pictures.',
  },
];

interface Props {
  readonly typed: string;
  onAsk(example: string): void;
}

export function QueryHelp({ typed, onAsk }: Props) {
  // Somebody who types a search is not taught; somebody who asks for help is.
  const lessons = fitting(LESSONS, typed);
  return (
    <dl class="palette-help">
      {lessons.map(({ name, example, meaning }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {meaning}
            {example !== undefined && (
              <button type="button" class="tag" aria-label={`Search for ${example}`} onClick={() => onAsk(example)}>
                {example}
              </button>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
