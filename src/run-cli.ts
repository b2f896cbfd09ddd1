// The verbs of the command line, their options and their help. What a verb does stands in commands/.
import { Command, CommanderError, Option } from 'commander';
import { COMPARE_DEFAULTS, DUPLICATE_KINDS, HEADS } from './commands/option-values.ts';
import { CONFIDENCE_LEVELS, FOCUS_METHODS } from './commands/query-options.ts';
import { reportFailure } from './commands/terminal.ts';
import { type Config, flagOf, readConfig, SETTINGS } from './config.ts';
import { AppError } from './core/errors.ts';

const EXIT_CODES = `
Exit status: 0 done, 1 the machine or the data is at fault, 2 the request is, 3 nothing was found.`;

/** Runs one command line and resolves to its exit status. Never rejects. */
export async function runCli(args: readonly string[]): Promise<number> {
  const outcome = { status: 0 };
  const program = createProgram(outcome);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return outcome.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportFailure(error, { json: args.includes('--json') });
  }
}

/** A verb's action: what it returns is the exit status. */
type Action<Options> = (config: Config, args: readonly string[], options: Options) => Promise<number>;

/** An action whose code is read when it runs: no verb waits for that of another, and the page's door opens at once. */
function later<Options>(load: () => Promise<Action<Options>>): Action<Options> {
  return async (config, args, options) => (await load())(config, args, options);
}

const compareSpaces = later(async () => (await import('./commands/compare.ts')).compareSpaces);
const doctor = later(async () => (await import('./commands/doctor.ts')).doctor);
const duplicates = later(async () => (await import('./commands/duplicates.ts')).duplicates);
const addFolders = later(async () => (await import('./commands/index-folders.ts')).addFolders);
const removePictures = later(async () => (await import('./commands/index-folders.ts')).removePictures);
const learnFolder = later(async () => (await import('./commands/learn.ts')).learnFolder);
const reindex = later(async () => (await import('./commands/reindex.ts')).reindex);
const search = later(async () => (await import('./commands/search.ts')).search);
const similar = later(async () => (await import('./commands/similar.ts')).similar);
const exportVectors = later(async () => (await import('./commands/space.ts')).exportVectors);
const space = later(async () => (await import('./commands/space.ts')).space);
const status = later(async () => (await import('./commands/status.ts')).status);
const tag = later(async () => (await import('./commands/tag.ts')).tag);
const tags = later(async () => (await import('./commands/tags.ts')).tags);
const words = later(async () => (await import('./commands/words.ts')).words);

function createProgram(outcome: { status: number }): Command {
  const program = new Command('semblance')
    .description('Finds pictures by what they show.')
    .exitOverride()
    .showHelpAfterError('(add --help for what it takes)')
    .addHelpText('after', EXIT_CODES);

  /** `own`: flags of settings that mean something else to this verb. */
  const verb = <Options>(
    name: string,
    description: string,
    examples: string,
    action: Action<Options>,
    own: readonly string[] = [],
  ): Command => {
    const command = program
      .command(name)
      .description(description)
      .addHelpText('after', `\nExamples:\n${examples}${EXIT_CODES}`);
    for (const setting of Object.values(SETTINGS)) {
      if (own.includes(flagOf(setting))) continue;
      command.addOption(
        new Option(`--${flagOf(setting)} <value>`, `${setting.meaning} (${setting.key})`).helpGroup('Settings:'),
      );
    }
    return command.action(async () => {
      const options = command.optsWithGlobals() as Options & Record<string, unknown>;
      outcome.status = await action(readConfig(settingFlags(command, own)), command.args, options);
    });
  };
  const json = new Option('--json', 'print JSON for programs');
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
  const first = new Option('-n, --first <count>', 'how many, 1 to 100').default(10).argParser(wholeNumber);

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
    .addOption(json);
  verb(
    'remove',
    'Takes pictures out of the library; files in indexed folders stay on disk.',
    '  semblance remove 12 31\n',
    removePictures,
  )
    .argument('<ids...>', 'ids as search prints them')
    .addOption(json);
  withQueryOptions(
    verb(
      'search',
      'Finds pictures by words.',
      '  semblance search "a cat on a sofa"\n  semblance search beach -n 5 --folder ~/Pictures/2024 --json\n  semblance search "a drink" --not bottle --confidence strict --why\n',
      search,
    )
      .argument('<text...>', 'what the pictures should show')
      .addOption(first)
      .addOption(json),
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
      .addOption(json)
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
    .addOption(json)
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
    .addOption(json);
  verb(
    'tag',
    "Replaces a person's own tags of a picture; without any, takes them away.",
    '  semblance tag 42 "my cat" garden\n',
    tag,
  )
    .argument('<id>', 'id as search prints it')
    .argument('[tags...]', 'the tags')
    .addOption(json);
  verb(
    'words',
    'Word vectors: loads a file, or finds the words nearest to some less others.',
    '  semblance words load glove.6B.300d.txt\n  semblance words similar king --minus man --plus woman\n',
    words,
  )
    .argument('<action>', 'load or similar')
    .argument('<words...>', 'a file (.txt, .vec, .gz, .zip), or words')
    .addOption(first)
    .addOption(json)
    .option('--minus <word...>', 'words to take away')
    .option('--plus <word...>', 'more words to add');
  verb(
    'space',
    'Embedding spaces beside the main one: other encoders, metrics, indexes and reductions over the same pictures.',
    '  semblance space add autoencoder\n  semblance space add dino --encoder Xenova/dinov2-small --index lsh --reduce pca:64\n  semblance space add raw --encoder pixels:32 --metric euclidean\n  semblance space list\n  semblance space remove dino\n  semblance space import vgg features.npy --map map.json\n',
    space,
    ['index'],
  )
    .argument('<action>', 'add, list, remove or import')
    .argument('[arguments...]', 'the name of the space; for import also the .npy file')
    .option(
      '--encoder <source>',
      'autoencoder, starter:image, pixels:32, model:ID, a folder or a hub id; the name if not given',
    )
    .option('--metric <metric>', 'cosine, dot or euclidean')
    .option('--index <kind>', 'usearch, hnswlib, exact, lsh, int8 or binary; SEMBLANCE_INDEX if not given')
    .option('--reduce <method>', 'pca:64, gaussian:64 or sparse:64: shorter vectors in the index')
    .option('--map <file.json>', 'which picture each row of an import is')
    .addOption(json);
  verb(
    'compare',
    'Measures encoders, metrics, indexes and reductions on a folder with a sub-folder for each class.',
    '  semblance compare ~/Pictures/labelled\n  semblance compare photos --encoders Xenova/dinov2-small,pixels --chart spaces.svg\n  semblance compare photos --metrics cosine --variants exact,lsh,pca:64/usearch --grid neighbours.webp\n',
    compareSpaces,
  )
    .argument('<folder>', 'class folders with pictures')
    .option(
      '--encoders <list>',
      'also these, separated by commas: autoencoder, pixels:32, a folder, a hub id; without further spaces in the library, some that ship',
    )
    .option('--metrics <list>', 'some of cosine, dot, euclidean', COMPARE_DEFAULTS.metrics)
    .option('--variants <list>', 'indexes, reductions, or both as pca:64/usearch', COMPARE_DEFAULTS.variants)
    .option('--queries <count>', 'how many of the pictures ask', COMPARE_DEFAULTS.queries)
    .option('-k, --k <count>', 'neighbours that precision and recall count', COMPARE_DEFAULTS.k)
    .option('--seed <number>', 'draws the pictures that ask', COMPARE_DEFAULTS.seed)
    .option('--markdown <file.md>', 'write the table')
    .option('--chart <file.svg>', 'draw precision against bytes')
    .option('--grid <file.webp>', 'draw the same pictures with their neighbours in each space')
    .option('--query <picture...>', 'pictures of the folder that ask in the grid')
    .option('--neighbors <count>', 'neighbours in the grid', COMPARE_DEFAULTS.neighbors)
    .addOption(json);
  verb(
    'learn',
    'Learns a space from a folder of class folders: word vectors name its pictures. The pictures need not be in the library and are not added.',
    '  semblance learn ~/pets\n  semblance learn ~/pets --space autoencoder --name shapes\n  semblance learn ~/pets --head linear --hold-out "rabbit,ferret"\n',
    learnFolder,
  )
    .argument('<folder>', 'one folder for each class, named by a word or a phrase')
    .option('--name <name>', "name of the new space; the folder's if not given")
    .option('--space <name>', 'the space whose vectors are learned on; the main one if not given')
    .addOption(new Option('--head <kind>', 'a linear head or one with a hidden layer').choices(HEADS).default('hidden'))
    .option('--test-share <share>', 'of each class, kept to judge by; all are learned in the end', '0.2')
    .option('--seed <number>', 'which pictures these are', '1')
    .option(
      '--hold-out <classes>',
      'names, or a share of the classes, that are never learned: do their words find them?',
    )
    .addOption(json);
  verb(
    'export',
    'Writes the vectors of a space as .npy, and which picture each row is as .json beside it.',
    '  semblance export vectors.npy\n  semblance export --space dino dino.npy\n',
    exportVectors,
  )
    .argument('<file.npy>', 'where to')
    .option('--space <name>', 'the space; the main one if not given')
    .addOption(json);
  verb(
    'reindex',
    'Builds the index of the pictures anew from the catalog.',
    '  semblance reindex --index hnswlib\n',
    reindex,
  ).addOption(json);
  verb('status', 'Says what is in the library.', '  semblance status --json\n', status).addOption(json);
  verb(
    'doctor',
    'Checks the machine, the model, the catalog and the indexes, and says what to do.',
    '  semblance doctor\n',
    doctor,
  ).addOption(json);
  return program;
}

async function serveVerb(config: Config, folders: readonly string[]): Promise<number> {
  // The HTTP server is half of what there is to load, and no other verb needs it.
  const { serve } = await import('./commands/serve.ts');
  await serve(config, folders);
  return 0;
}

/** Only the settings that were given as flags. */
function settingFlags(command: Command, own: readonly string[]): Record<string, string> {
  const flags: Record<string, string> = {};
  for (const setting of Object.values(SETTINGS)) {
    const flag = flagOf(setting);
    if (own.includes(flag)) continue;
    const value: unknown = command.getOptionValue(flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()));
    if (typeof value === 'string') flags[flag] = value;
  }
  return flags;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new AppError('BAD_ARGUMENT', `--first expects a whole number, got "${text}".`);
  return value;
}
