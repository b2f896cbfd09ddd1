// Why a picture is an answer: how sure the service is, the words that were found in it, and what it lacks.
import type { Hit } from '../documents.ts';
import { percent } from '../wording.ts';

export function Why({ score, confidence, why, missing }: Omit<Hit, 'image'>) {
  return (
    <section class="why" aria-label="Why it was found">
      <p class="why-sure">
        {confidence !== null && (
          <>
            <meter min={0} max={1} value={confidence} aria-label="Confidence" />
            <b>{percent(confidence)} sure</b>
          </>
        )}
        <span title="Cosine between the question and the picture; compares within one answer only">
          score {score.toFixed(2)}
        </span>
      </p>
      {why.length > 0 && (
        <p class="why-words">
          <span class="label">Found for</span>
          {why.map(({ word, weight }) => (
            <span key={word} class="why-word" title={`${percent(weight)} of what they share`}>
              {word}
            </span>
          ))}
        </p>
      )}
      {missing.length > 0 && (
        <p class="why-words">
          <span class="label">Not in it</span>
          {missing.map(({ word }) => (
            <span key={word} class="why-word is-missing">
              {word}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
