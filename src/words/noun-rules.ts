// From a plural to the forms it may be the plural of: WordNet's rules of detachment (morphy, https://wordnet.princeton.edu/
// documentation/morphy7wn) and the common irregular nouns. Which form exists, only a dictionary says. Pure.

const RULES: readonly (readonly [ending: string, replacement: string])[] = [
  ['ves', 'f'],
  ['ves', 'fe'],
  ['men', 'man'],
  ['s', ''],
  ['ies', 'y'],
  ['ches', 'ch'],
  ['shes', 'sh'],
  ['ses', 's'],
  ['xes', 'x'],
  ['zes', 'z'],
  ['oes', 'o'],
];
/** Endings of words that only look like plurals: glass, bus, tennis. */
const NOT_PLURAL = /(?:ss|us|is)$/;

const IRREGULAR: Readonly<Record<string, string>> = {
  aircraft: 'aircraft',
  alumni: 'alumnus',
  analyses: 'analysis',
  antennae: 'antenna',
  appendices: 'appendix',
  axes: 'axe',
  ashes: 'ash',
  bacteria: 'bacterium',
  bases: 'base',
  buses: 'bus',
  cacti: 'cactus',
  children: 'child',
  crises: 'crisis',
  criteria: 'criterion',
  deer: 'deer',
  dice: 'die',
  feet: 'foot',
  fish: 'fish',
  fungi: 'fungus',
  geese: 'goose',
  glasses: 'glasses',
  grandchildren: 'grandchild',
  hypotheses: 'hypothesis',
  larvae: 'larva',
  lice: 'louse',
  matrices: 'matrix',
  men: 'man',
  mice: 'mouse',
  moose: 'moose',
  nebulae: 'nebula',
  nuclei: 'nucleus',
  octopi: 'octopus',
  offspring: 'offspring',
  oxen: 'ox',
  pants: 'pants',
  people: 'people',
  phenomena: 'phenomenon',
  radii: 'radius',
  scissors: 'scissors',
  series: 'series',
  sheep: 'sheep',
  shorts: 'shorts',
  species: 'species',
  stadia: 'stadium',
  stimuli: 'stimulus',
  strata: 'stratum',
  swine: 'swine',
  teeth: 'tooth',
  thieves: 'thief',
  trousers: 'trousers',
  vertebrae: 'vertebra',
  women: 'woman',
};

/** Possible singulars of a lower-case noun, likeliest first, without the word itself unless it is its own singular. */
export function singularForms(word: string): string[] {
  const irregular = IRREGULAR[word];
  if (irregular !== undefined) return [irregular];
  if (word.length < 4 || NOT_PLURAL.test(word)) return [];
  const forms = RULES.filter(([ending]) => word.endsWith(ending)).map(
    ([ending, replacement]) => word.slice(0, word.length - ending.length) + replacement,
  );
  return [...new Set(forms.filter((form) => form.length > 1))];
}
