// The verbs about embedding spaces: their options and their help. What a verb does stands in commands/.
import { Option } from 'commander';
import { COMPARE_DEFAULTS, HEADS } from './commands/option-values.ts';
import { type AddVerb, jsonOption, later } from './verb.ts';

const compareSpaces = later(async () => (await import('./commands/compare.ts')).compareSpaces);
const learnFolder = later(async () => (await import('./commands/learn.ts')).learnFolder);
const exportVectors = later(async () => (await import('./commands/space.ts')).exportVectors);
const space = later(async () => (await import('./commands/space.ts')).space);

export function addSpaceVerbs(verb: AddVerb): void {
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
    .addOption(jsonOption);
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
    .addOption(jsonOption);
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
    .addOption(jsonOption);
  verb(
    'export',
    'Writes the vectors of a space as .npy, and which picture each row is as .json beside it.',
    '  semblance export vectors.npy\n  semblance export --space dino dino.npy\n',
    exportVectors,
  )
    .argument('<file.npy>', 'where to')
    .option('--space <name>', 'the space; the main one if not given')
    .addOption(jsonOption);
}
