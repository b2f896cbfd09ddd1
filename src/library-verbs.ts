// The verbs about pictures, tags and words: their options and their help. What a verb does stands in commands/.
import { type Command, Option } from 'commander';
import { DUPLICATE_KINDS } from './commands/option-values.ts';
import { CONFIDENCE_LEVELS, FOCUS_METHODS } from './commands/query-options.ts';
import { wholeNumber } from './commands/whole-number.ts';
import type { Config } from './config.ts';
import { type AddVerb, jsonOption, later } from './verb.ts';

const doctor = later(async () => (await import('./commands/doctor.ts')).doctor);
const duplicates = later(async () => (await import('./commands/duplicates.ts')).duplicates);
const addFolders = later(async () => (await import('./commands/index-folders.ts')).addFolders);
const removePictures = later(async () => (await import('./commands/index-folders.ts')).removePictures);
const reindex = later(async () => (await import('./commands/reindex.ts')).reindex);
const search = later(async () => (await import('./commands/search.ts')).search);
const similar = later(async () => (await import('./commands/similar.ts')).similar);
const status = later(async () => (await import('./commands/status.ts')).status);
const tag = later(async () => (await import('./commands/tag.ts')).tag);
const tags = later(async () => (await import('./commands/tags.ts')).tags);
const words = later(async () => (await import('./commands/words.ts')).words);

export function addLibraryVerbs(verb: AddVerb): void {
  /** Which hits, by what they show: `search` and `similar` share them. */
  const withQueryOptions = (command: Command): Command =>
    command
      .option('--space <name>', 'the space to search in; the main one if not given')
      .option('--not <text...>', 'what the pictures should not show')
      .option('--more-like <id...>', 'pictures that are right')
      .option('--less-like <id...>', 'pictures that are wrong')
      .addOption(new Option('--confidence <level>', 'leave out hits below it').choices(CONFIDENCE_LEVELS))
      .option('--diversity <share>', '0 to 1: how much the first hits should differ from each other')
      .option('--why', 'say in words why each picture was found')
      .option('--folder <path>', 'only pictures of this folder')
      .option('--tag <name...>', 'only pictures with all these tags');
  const first = new Option('-n, --first <count>', 'how many, 1 to 100')
    .default(10)
    .argParser((text) => wholeNumber('first', text));

  verb(
    'serve',
    'Serves the page and GraphQL; indexes the folders given, or the demo gallery where the library is empty.',
    '  semblance serve\n  semblance serve ~/Pictures /other/folder --port 8080\n',
    serveVerb,
  ).argument('[folders...]', 'folders to index first');
  verb(
    'index',
    'Takes in folders with everything below them; known pictures are passed over.',
    '  semblance index ~/Pictures\n  semblance index holiday.jpg --json\n',
    addFolders,
  )
    .argument('<folders...>', 'folders or files')
    .addOption(jsonOption);
  verb(
    'remove',
    'Takes pictures out of the library; files in indexed folders stay on disk.',
    '  semblance remove 12 31\n',
    removePictures,
  )
    .argument('<ids...>', 'ids as search prints them')
    .addOption(jsonOption);
  withQueryOptions(
    verb(
      'search',
      'Finds pictures by words.',
      '  semblance search "a cat on a sofa"\n  semblance search beach -n 5 --folder ~/Pictures/2024 --json\n  semblance search "a drink" --not bottle --confidence strict --why\n',
      search,
    )
      .argument('<text...>', 'what the pictures should show')
      .addOption(first)
      .addOption(jsonOption),
  );
  withQueryOptions(
    verb(
      'similar',
      'Finds pictures like a picture: a file, or the id of one in the library.',
      '  semblance similar a.jpg\n  semblance similar 42 -n 20 --grid neighbours.png\n  semblance similar a.jpg --region 0.5,0,0.5,1\n  semblance similar a.jpg --focus cat=0.8 --not bottle --why\n',
      similar,
    )
      .argument('<picture>', 'a file or an id')
      .addOption(first)
      .addOption(jsonOption)
      .option('--grid <file.png>', 'draw the query and its neighbours as a labelled contact sheet')
      .option('--region <x,y,width,height>', 'search by this part only, in fractions of the picture')
      .option('--focus <class=strength...>', 'look for these classes in the picture, 0 to 1 strong')
      .addOption(new Option('--focus-method <name>', 'how a focus is computed').choices(FOCUS_METHODS)),
  );
  verb(
    'duplicates',
    'Finds pictures that are one file, one photograph or nearly so.',
    '  semblance duplicates\n  semblance duplicates --kind similar --folder ~/Pictures/2024 --json\n  semblance duplicates --not 12 31\n',
    duplicates,
  )
    .option('--not <id...>', 'remember that these pictures are no duplicates of each other, and look for none')
    .addOption(new Option('--kind <kind>', 'how alike').choices(DUPLICATE_KINDS).default('same-photo'))
    .addOption(first)
    .addOption(jsonOption)
    .option('--folder <path>', 'only pictures of this folder')
    .option('--tag <name...>', 'only pictures with all these tags');
  verb(
    'tags',
    'Names what pictures show: by the vocabulary, or by labels of your own with their probabilities.',
    '  semblance tags photo.jpg\n  semblance tags 42 43 -n 5 --json\n  semblance tags photo.jpg --vocabulary labels.txt\n',
    tags,
  )
    .argument('<pictures...>', 'files or ids')
    .option('--space <name>', 'the space whose texts name the pictures; the main one if not given')
    .addOption(first)
    .addOption(jsonOption);
  verb(
    'tag',
    "Replaces a person's own tags of a picture; without any, takes them away.",
    '  semblance tag 42 "my cat" garden\n',
    tag,
  )
    .argument('<id>', 'id as search prints it')
    .argument('[tags...]', 'the tags')
    .addOption(jsonOption);
  verb(
    'words',
    'Word vectors: loads a file, or finds the words nearest to some less others.',
    '  semblance words load glove.6B.300d.txt\n  semblance words similar king --minus man --plus woman\n',
    words,
  )
    .argument('<action>', 'load or similar')
    .argument('<words...>', 'a file (.txt, .vec, .gz, .zip), or words')
    .addOption(first)
    .addOption(jsonOption)
    .option('--minus <word...>', 'words to take away')
    .option('--plus <word...>', 'more words to add');
  verb(
    'reindex',
    'Builds the index of the pictures anew from the catalog.',
    '  semblance reindex --index hnswlib\n',
    reindex,
  ).addOption(jsonOption);
  verb('status', 'Says what is in the library.', '  semblance status --json\n', status).addOption(jsonOption);
  verb(
    'doctor',
    'Checks the machine, the model, the catalog and the indexes, and says what to do.',
    '  semblance doctor\n',
    doctor,
  ).addOption(jsonOption);
}

async function serveVerb(config: Config, folders: readonly string[]): Promise<number> {
  // The HTTP server is half of what there is to load, and no other verb needs it.
  const { serve } = await import('./commands/serve.ts');
  await serve(config, folders);
  return 0;
}
