// The words around a word, by how people use them: a small graph to wander through, and the same as a list.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Failure } from '../components/failure.tsx';
import { type ServiceError, toServiceError } from '../graphql-client.ts';
import { useService } from '../service.ts';
import { useElementWidth } from '../use-element-width.ts';
import type { ViewActions } from '../view-actions.ts';
import { WORDS_AROUND } from './documents.ts';
import { drawWords, halfWidthOf, type Neighbor, type WordGraph } from './word-graph.ts';

const NEIGHBORS = 12;
const FURTHER = 6;
const KEPT_UNDER = 'semblance-word';

interface Around {
  readonly word: string;
  readonly neighbors: readonly Neighbor[];
  readonly further: ReadonlyMap<string, readonly Neighbor[]>;
}

export function WordsTab({ onSearchText }: Pick<ViewActions, 'onSearchText'>) {
  const [word, setWord] = useState(() => sessionStorage.getItem(KEPT_UNDER) ?? 'cat');
  const [typed, setTyped] = useState(word);
  const { around, error, isBusy } = useWordsAround(word);

  const go = (next: string) => {
    if (next.trim() === '') return;
    setWord(next.trim());
    setTyped(next.trim());
  };
  return (
    <>
      <form
        class="words-form"
        onSubmit={(event) => {
          event.preventDefault();
          go(typed);
        }}
      >
        <label class="field">
          <span>A word</span>
          <input
            type="text"
            autocapitalize="off"
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </label>
        <button type="submit" class="button">
          Show its neighbours
        </button>
        <button type="button" class="button" onClick={() => onSearchText(word)}>
          Pictures of {word}
        </button>
      </form>
      {error !== undefined && <Failure error={error} onSuggestion={go} />}
      <p role="status" class="hidden">
        {isBusy ? 'Looking…' : around === undefined ? '' : `${around.neighbors.length} words around ${around.word}.`}
      </p>
      {around !== undefined && (
        <div class="words" aria-busy={isBusy}>
          <WordPlane around={around} onWord={go} />
          <ol class="words-list" aria-label={`Words around ${around.word}, nearest first`}>
            {around.neighbors.map(({ word, score }) => (
              <li key={word}>
                <button type="button" class="tag" aria-label={`Neighbours of ${word}`} onClick={() => go(word)}>
                  {word}
                </button>
                <span class="score">{score.toFixed(2)}</span>
                <button
                  type="button"
                  class="words-pictures"
                  aria-label={`Pictures of ${word}`}
                  onClick={() => onSearchText(word)}
                >
                  pictures
                </button>
              </li>
            ))}
          </ol>
        </div>
      )}
    </>
  );
}

/** For the eye and the pointer only: the list beside it says and does the same. */
function WordPlane({ around, onWord }: { around: Around; onWord(word: string): void }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useElementWidth(box);
  const height = width < 520 ? 460 : 440;
  const graph = useMemo<WordGraph>(
    () =>
      width === 0 ? { nodes: [], links: [] } : drawWords(around.word, around.neighbors, around.further, width, height),
    [around, width, height],
  );
  return (
    <div ref={box} class="words-plane" aria-hidden="true">
      <svg width={width} height={height} focusable="false">
        <title>Words around {around.word}</title>
        {graph.links.map(({ from, to, score }) => (
          <line
            key={`${from.word} ${to.word}`}
            class={from.word === around.word ? 'words-spoke' : 'words-across'}
            x1={from.x}
            y1={from.y}
            x2={to.x}
            y2={to.y}
            stroke-width={0.6 + 2.4 * Math.max(0, score)}
          />
        ))}
        {graph.nodes.map(({ word, x, y }) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same
          <g key={word} class={word === around.word ? 'words-middle' : 'words-node'} onClick={() => onWord(word)}>
            <rect x={x - halfWidthOf(word)} y={y - 15} width={2 * halfWidthOf(word)} height={30} rx={15} />
            <text x={x} y={y + 5} text-anchor="middle">
              {word}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

function useWordsAround(word: string) {
  const send = useService();
  const [around, setAround] = useState<Around>();
  const [error, setError] = useState<ServiceError>();
  const [isBusy, setBusy] = useState(true);

  useEffect(() => {
    const controller = new AbortController();
    const ask = async (word: string, first: number) =>
      (await send(WORDS_AROUND, { words: [word], first }, controller.signal)).similarWords;
    const look = async () => {
      setBusy(true);
      setError(undefined);
      try {
        const neighbors = await ask(word, NEIGHBORS);
        sessionStorage.setItem(KEPT_UNDER, word);
        // Shown at once; the links among the neighbours follow. One that cannot be had is a link that is not drawn.
        setAround({ word, neighbors, further: new Map() });
        const further = await Promise.all(
          neighbors.map(async ({ word }) => [word, await ask(word, FURTHER).catch(() => [])] as const),
        );
        if (!controller.signal.aborted) setAround({ word, neighbors, further: new Map(further) });
      } catch (thrown) {
        if (controller.signal.aborted) return;
        setError(toServiceError(thrown));
      }
      setBusy(false);
    };
    void look();
    return () => controller.abort();
  }, [word, send]);

  return { around, error, isBusy };
}
