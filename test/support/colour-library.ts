// A small library whose pictures are colours, and what the tests of its queries read of an answer.
import { join } from 'node:path';
import { type GraphqlAnswer, startTestApp, type TestApp } from './app.ts';
import { createFakeEmbedder } from './fake-embedder.ts';
import { halves, solid, writeFiles } from './pictures.ts';

export interface ColourLibrary {
  readonly service: TestApp;
  /** Seven pictures, which another service may index as well. */
  readonly folder: string;
  /** Of the picture of this name. */
  idOf(name: string): string;
  /** How many pictures and windows were embedded by now. */
  embeddedPictures(): number;
}

export interface AnsweredHit {
  readonly score: number;
  readonly confidence: number | null;
  readonly cursor: string;
  readonly why: readonly { word: string; weight: number }[];
  readonly missing: readonly { word: string }[];
  readonly image: { readonly id: string; readonly name: string };
}

export const RESULT =
  'hits { score confidence cursor image { id name } } reason notices { code } focusMap { weight region { x width } } expression { all { text imageId weight region { x } focus { text strength } } not { text } } pageInfo { hasNextPage endCursor }';
export const SEARCH = `query($input: SearchInput!) { search(input: $input) { ${RESULT} } }`;

/** The caller stops the service. */
export async function startColourLibrary(): Promise<ColourLibrary> {
  const fake = createFakeEmbedder();
  let embeddedPictures = 0;
  const service = await startTestApp({
    embedder: {
      ...fake,
      embedPixels: async (pictures, urgency) => {
        embeddedPictures += pictures.length;
        return fake.embedPixels(pictures, urgency);
      },
    },
  });
  const folder = join(service.directory, 'pictures');
  await writeFiles(folder, {
    'red.png': await solid('red'),
    'red again.png': await solid('red', 60, 50),
    'blue.png': await solid('blue'),
    'green.png': await solid('green'),
    'white.png': await solid('white'),
    'red blue.png': await halves('red', 'blue'),
    'red green.png': await halves('red', 'green', 120, 60),
  });
  await service.index(folder);
  const { data } = await service.query('{ images(first: 50) { edges { node { id name } } } }');
  const edges: { readonly node: { readonly id: string; readonly name: string } }[] = data.images.edges;
  const ids = new Map(edges.map(({ node }) => [node.name, node.id]));
  return {
    service,
    folder,
    idOf: (name) => ids.get(name) ?? 'unknown',
    embeddedPictures: () => embeddedPictures,
  };
}

/** Of the found pictures, best first. */
export function names({ hits }: { readonly hits: readonly AnsweredHit[] }): string[] {
  return hits.map(({ image }) => image.name);
}

export function codeOf({ errors }: GraphqlAnswer) {
  return errors?.[0]?.extensions.code;
}
