// Words that the model never learned by name: do they find what the common name finds, by the tower alone and as the service
// reads them, with what stands in?
import { dot, type Vector } from '../../src/core/vector.ts';
import { average } from '../../src/query/measures.ts';
import type { EmbeddedPhoto, Row } from './retrieval.ts';

/** The list of models/starter/README.md: [never a name in training, its common name]. */
export const SYNONYMS: readonly (readonly [word: string, common: string])[] = [
  ['pussycat', 'cat'],
  ['tomcat', 'cat'],
  ['doggy', 'dog'],
  ['pooch', 'dog'],
  ['sedan', 'car'],
  ['biplane', 'airplane'],
  ['jumbo jet', 'airplane'],
  ['seaside', 'beach'],
  ['shoreline', 'coast'],
  ['grove', 'forest'],
  ['pony', 'horse'],
  ['stallion', 'horse'],
  ['mare', 'horse'],
  ['colt', 'horse'],
  ['sparrow', 'bird'],
  ['songbird', 'bird'],
  ['stag', 'deer'],
  ['summit', 'mountain'],
  ['peak', 'mountain'],
  ['hilltop', 'hill'],
  ['cathedral', 'church'],
  ['gentleman', 'man'],
  ['guy', 'man'],
  ['crowd', 'people'],
  ['stream', 'river'],
  ['creek', 'river'],
  ['python', 'snake'],
  ['cottage', 'house'],
  ['mansion', 'house'],
  ['tavern', 'bar'],
  ['pond', 'lake'],
  ['town', 'city'],
  ['meal', 'food'],
  ['pullover', 'sweater'],
  ['settee', 'sofa'],
];

const TOP = 10;

type Embed = (texts: readonly string[]) => Promise<readonly Vector[]>;

/** `tower`: texts as the model reads them; `service`: as a search does. The common names are read by the tower both times. */
export async function synonymRows(photos: readonly EmbeddedPhoto[], tower: Embed, service: Embed): Promise<Row[]> {
  const words = SYNONYMS.map(([word]) => word);
  const targets = (await tower(SYNONYMS.map(([, common]) => common))).map((vector) => firstTen(photos, vector));
  const shared = (answers: readonly Vector[]): number =>
    average(answers.map((vector, i) => firstTen(photos, vector).filter((at) => targets[i]?.includes(at)).length / TOP));
  const over = `${words.length} synonyms, ${photos.length} photos`;
  const measure = 'synonym: first 10 shared with the common name';
  return [
    { measure: `${measure}, tower alone`, value: shared(await tower(words)), over },
    { measure: `${measure}, with stand-ins`, value: shared(await service(words)), over },
  ];
}

/** Positions of the nearest photos. */
function firstTen(photos: readonly EmbeddedPhoto[], query: Vector): number[] {
  return photos
    .map(({ vector }, at) => ({ at, score: dot(query, vector) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, TOP)
    .map(({ at }) => at);
}
