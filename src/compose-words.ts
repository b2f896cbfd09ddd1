// The part of compose.ts that joins word vectors with the model: what stands in for words, the bridge, facets. Split off for
// length only.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indexOptions, wordIndexKind } from './compose-indexes.ts';
import type { Config } from './config.ts';
import type { Logger } from './core/logger.ts';
import type { Matrix } from './core/vector.ts';
import type { Embedder } from './embedding/embedder.ts';
import { parseStatistics } from './query/statistics.ts';
import { TextQueries } from './services/search/text-query.ts';
import { FacetService } from './services/tags/facet-service.ts';
import { BridgeService } from './services/words/bridge-service.ts';
import { PartsOfSpeech } from './services/words/parts-of-speech.ts';
import { StandInWords } from './services/words/stand-in-words.ts';
import { loadVocabulary, readVocabulary, type Vocabulary } from './services/words/vocabulary.ts';
import { WordService } from './services/words/word-service.ts';
import type { Catalog } from './store/catalog.ts';
import { LiveIndex } from './vectors/live-index.ts';
import { WordNet, wordNetFolder } from './words/wordnet.ts';

const WORD_FILE = /\.(txt|vec)(\.gz)?$|\.zip$/;

export interface Wordly {
  readonly words: WordService;
  readonly bridge: BridgeService;
  readonly wordnet: WordNet;
  readonly texts: TextQueries;
  readonly facets: FacetService;
  /** Pictures that stand for all others; undefined where the model brings none. */
  readonly background: Matrix | undefined;
  /** For a service that stays: opens the words and warms up, in the background. */
  start(): void;
  close(): Promise<void>;
}

/** The word vectors that the configuration names; nothing is opened before it is needed. */
export function createWordService(config: Config, modelsDirectory: string, log: Logger): WordService {
  return new WordService({
    file: wordFile(config.wordsFile, join(modelsDirectory, 'words')),
    cacheFolder: join(config.dataDirectory, 'words'),
    log,
    openIndex: (vectors, source) =>
      LiveIndex.open({
        ...indexOptions(config, log),
        name: 'glove',
        kind: wordIndexKind(config.index),
        dimension: vectors.dimension,
        fingerprint: vectors.fingerprint,
        source,
      }),
  });
}

export async function composeWords(deps: {
  readonly config: Config;
  readonly modelsDirectory: string;
  readonly modelFolder: string | undefined;
  readonly embedder: Embedder;
  readonly catalog: Catalog;
  readonly vocabulary: Vocabulary;
  readonly log: Logger;
}): Promise<Wordly> {
  const { config, embedder, catalog, vocabulary, log } = deps;
  const words = createWordService(config, deps.modelsDirectory, log);
  const wordnet = new WordNet(wordNetFolder());
  const bridge = new BridgeService({ words, vocabulary, embedder, catalog, log });
  const learned = await learnedWords(embedder, catalog, vocabulary);
  const partsOfSpeech = new PartsOfSpeech(wordNetFolder());
  const standIns = new StandInWords({ embedder, learned, wordnet, partsOfSpeech, words, bridge });
  const texts = new TextQueries({ embedder, standIns });
  return {
    background: await backgroundPictures(deps.modelFolder),
    words,
    bridge,
    wordnet,
    texts,
    facets: new FacetService({ catalog, embedder, texts, vocabulary }),
    start() {
      words.start();
      standIns.warm().catch((error: unknown) => log.warn({ err: error }, 'WordNet cannot be read'));
    },
    async close() {
      standIns.stop();
      await bridge.close();
      await words.close();
      wordnet.close();
    },
  };
}

/** The model's own list, which a person's vocabulary may have replaced; empty for a model that brings none. */
async function learnedWords(embedder: Embedder, catalog: Catalog, vocabulary: Vocabulary): Promise<Vocabulary> {
  const own = await readVocabulary(embedder.model.vocabularyFile, undefined);
  const isInUse = own.length === vocabulary.words.length && own.every((word, i) => word === vocabulary.words[i]);
  return isInUse ? vocabulary : loadVocabulary(own, embedder, catalog);
}

async function backgroundPictures(modelFolder: string | undefined): Promise<Matrix | undefined> {
  const path = join(modelFolder ?? '', 'statistics.bin');
  if (modelFolder === undefined || !existsSync(path)) return undefined;
  return parseStatistics(await readFile(path)).backgroundPictures;
}

/** The largest word file of the shipped folder; undefined where there is none, or `none` is set. */
function wordFile(setting: string | undefined, shippedFolder: string): string | undefined {
  if (setting === 'none') return undefined;
  if (setting !== undefined) return setting;
  const files = readFolder(shippedFolder).filter((name) => WORD_FILE.test(name));
  const sized = files.map((name) => ({ name, bytes: statSync(join(shippedFolder, name)).size }));
  const largest = sized.sort((a, b) => b.bytes - a.bytes)[0];
  return largest === undefined ? undefined : join(shippedFolder, largest.name);
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Shipped beside the models; a checkout without it has no word vectors.
    return [];
  }
}
