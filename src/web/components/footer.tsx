// The foot of the page: the library's state, and whose pictures the demo shows.
import type { ComponentChildren } from 'preact';
import type { Library } from '../documents.ts';

interface Props {
  readonly library: Library | undefined;
  readonly children: ComponentChildren;
}

export function Footer({ library, children }: Props) {
  return (
    <footer class="foot">
      {children}
      {library?.folders.some((folder) => /[\\/]gallery[\\/]?$/.test(folder)) === true && (
        <p>
          Drawings: Twemoji by Twitter and contributors, CC BY 4.0. Photographs: courtesy of the Getty's Open Content
          Program.
        </p>
      )}
      <p>
        Every answer here comes from <a href="/graphql">/graphql</a>, whose contract is{' '}
        <a href="/schema.graphql">schema.graphql</a>.
      </p>
    </footer>
  );
}
