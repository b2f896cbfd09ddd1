// Files that were not taken in, each with its reason.

import { count } from '../wording.ts';
import type { Refusal } from './documents.ts';

export function Refusals({ refused }: { refused: readonly Refusal[] }) {
  if (refused.length === 0) return null;
  return (
    <details class="refusals" open={refused.length <= 8}>
      <summary>{count(refused.length, 'file was refused', 'files were refused')}</summary>
      <ul>
        {refused.map(({ name, code, reason }, i) => (
          <li key={`${i} ${name}`}>
            <b>{name}</b> {reason} <code>{code}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
