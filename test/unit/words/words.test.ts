import { afterAll, describe, expect, it } from 'vitest';
import { norm, unit } from '../../../src/core/vector.ts';
import { foldTags } from '../../../src/words/fold.ts';
import { KnownWords } from '../../../src/words/known-words.ts';
import { packedInMemory } from '../../../src/words/packed-words.ts';
import { nearestSpellings } from '../../../src/words/spelling.ts';
import { wordQuery } from '../../../src/words/word-query.ts';
import { WordVectors } from '../../../src/words/word-vectors.ts';
import { WordNet, wordNetFolder } from '../../../src/words/wordnet.ts';

const wordnet = new WordNet(wordNetFolder());
afterAll(() => wordnet.close());

describe('nearest spellings', () => {
  const words = ['the', 'cats', 'cat', 'cart', 'sofa', 'Sofia', 'elephant'];

  it('come by number of edits, then by frequency', () => {
    expect(nearestSpellings('cta', ['cat', 'eta', 'cut', 'a'])).toEqual(['eta']);
    expect(nearestSpellings('sofaa', words)).toEqual(['sofa', 'Sofia']);
    expect(nearestSpellings('cst', words)).toEqual(['cat']);
    expect(nearestSpellings('cat', words)).toEqual(['cat', 'cats', 'cart']);
    expect(nearestSpellings('ELEFANT', words)).toEqual(['elephant']);
  });

  it('are at most five, and none where nothing is near', () => {
    expect(nearestSpellings('aa', ['ab', 'ac', 'ad', 'ae', 'af', 'ag'])).toHaveLength(5);
    expect(nearestSpellings('qqqqqq', words)).toEqual([]);
  });
});

describe('a query of words', () => {
  const list = ['king', 'queen', 'man', 'woman', 'ice', 'cream', 'new-york'];
  const rows = [
    [1, 1, 0],
    [1, -1, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [1, 0, 0],
    [0.6, 0, 0.8],
  ];
  const data = Float32Array.from(rows.flatMap((values) => [...unit(Float32Array.from(values))]));
  const vectors = new WordVectors(packedInMemory(list, data, 'test'));

  it('is the unit mean of its words, less those taken away', () => {
    const query = wordQuery(vectors, ['king', 'woman'], ['man']);
    expect(norm(query)).toBeCloseTo(1, 6);
    expect(query[0]).toBeGreaterThan(0);
    expect(query[1]).toBeLessThan(0);
  });

  it('takes phrases: as one entry, else as the mean of their words', () => {
    expect([...(vectors.phraseVector('New York') ?? [])]).toEqual([...vectors.vectorAt(6)]);
    expect([...(vectors.phraseVector('ice cream') ?? [])].map((value) => value.toFixed(3))).toEqual([
      '0.707',
      '0.000',
      '0.707',
    ]);
  });

  it('names the unknown word and what is spelled nearly so', () => {
    expect(() => wordQuery(vectors, ['ice creem'])).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_WORD', details: { word: 'creem', suggestions: ['cream'] } }),
    );
  });

  it('refuses words that cancel each other', () => {
    expect(() => wordQuery(vectors, ['king'], ['king'])).toThrow(
      expect.objectContaining({ code: 'QUERY_CANCELS_OUT' }),
    );
    expect(() => wordQuery(vectors, [])).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });

  it('hands out every row once, in batches', () => {
    const batches = [...vectors.scan(3)];
    expect(batches.map(({ start, vectors: { rows: count } }) => [start, count])).toEqual([
      [0, 3],
      [3, 3],
      [6, 1],
    ]);
    expect(batches.flatMap(({ vectors: { data: part } }) => [...part])).toEqual([...data]);
  });
});

describe('WordNet', () => {
  it.each([
    ['dogs', 'dog'],
    ['mice', 'mouse'],
    ['women', 'woman'],
    ['leaves', 'leaf'],
    ['potatoes', 'potato'],
    ['cookies', 'cookie'],
    ['ladies', 'lady'],
    ['churches', 'church'],
    ['boxes', 'box'],
    ['Ice Creams', 'ice cream'],
    ['dog', 'dog'],
    ['bus', 'bus'],
    ['glass', 'glass'],
    ['gas', 'gas'],
    ['people', 'people'],
  ])('has %s as %s', (word, lemma) => {
    expect(wordnet.lemma(word)).toBe(lemma);
  });

  it('finds the first and the last entry of its index, and no other', () => {
    expect(wordnet.senses('.22').length).toBe(1);
    expect(wordnet.senses('zymurgy').length).toBe(1);
    for (const word of ['', 'zzzz', 'a b c d', '  ', '!']) expect(wordnet.lemma(word), word).toBeUndefined();
  });

  it('knows synonyms, kinds and siblings', () => {
    expect(wordnet.synonyms('sofa')).toEqual(['couch', 'lounge']);
    expect(wordnet.hypernyms('pussycat', 2, 2).map(({ lemma }) => lemma)).toContain('cat');
    expect(wordnet.sameSynset('cars', 'automobile')).toBe(true);
    expect(wordnet.sameSynset('car', 'cat')).toBe(false);
    expect(wordnet.stepsUp('puppy', 'dog', 3)).toBe(1);
    expect(wordnet.stepsUp('dog', 'puppy', 3)).toBeUndefined();
  });

  it('says which package is missing', () => {
    expect(() => new WordNet('/nowhere').lemma('dog')).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }));
  });
});

describe('stand-ins', () => {
  const deps = {
    vocabulary: ['person', 'cat', 'dog', 'horse', 'bird', 'sofa', 'shirt'],
    wordnet,
    vectorOf: () => undefined,
    bridgeTrust: 0.3,
  };
  const known = new KnownWords(deps);
  const brokenUp = { pieces: 3, spread: 1 };

  it.each([
    ['pussycat', 'cat'],
    ['pooch', 'dog'],
    ['stallions', 'horse'],
    ['settee', 'sofa'],
    ['songbird', 'bird'],
  ])('for %s: %s', (word, other) => {
    const { parts, notice } = known.standIn(word, known.knownness(word, brokenUp));
    expect(parts).toEqual([{ via: 'WORDNET', word: other, weight: 1 }]);
    expect(notice).toContain(`"${other}" stood in`);
  });

  it.each(['dog', 'Dogs', 'a dog on a sofa', 'xyzzy'])(
    'leaves alone what is known, and what nobody knows: %s',
    (word) => {
      expect(known.standIn(word, known.knownness(word, brokenUp))).toEqual({
        parts: [{ via: 'TOWER', word, weight: 1 }],
      });
    },
  );

  it('share the query with the tower as far as it knows the word', () => {
    expect(known.knownness('tomcat', { pieces: 1, spread: 1.2 })).toBe(1);
    expect(known.knownness('tomcat', { pieces: 1, spread: 0.65 })).toBeCloseTo(0.5);
    expect(known.knownness('tomcat', { pieces: 1, spread: 0.5 })).toBe(0);
    const { parts } = known.standIn('tomcat', 0.25);
    expect(parts).toEqual([
      { via: 'WORDNET', word: 'cat', weight: 0.75 },
      { via: 'TOWER', word: 'tomcat', weight: 0.25 },
    ]);
  });

  it('come over the bridge, in part, where WordNet has nothing', () => {
    const bridged = new KnownWords({ ...deps, vectorOf: () => Float32Array.of(1, 0) });
    const { parts } = bridged.standIn('xyzzy', 0);
    expect(parts).toEqual([
      { via: 'TOWER', word: 'xyzzy', weight: 0.7 },
      { via: 'BRIDGE', word: 'xyzzy', weight: 0.3 },
    ]);
  });

  it('are not used for a model without a vocabulary: it is taken to know every word', () => {
    const trusting = new KnownWords({ ...deps, vocabulary: [] });
    expect(trusting.standIn('pussycat', trusting.knownness('pussycat', brokenUp)).notice).toBeUndefined();
  });
});

describe('folding', () => {
  const tags = (...names: string[]) => names.map((name, i) => ({ name, score: 1 - i / 10 }));

  it('keeps one of dog, dogs and puppy, and lists the others', () => {
    expect(foldTags(tags('dog', 'sofa', 'dogs', 'puppy', 'couch'), wordnet)).toEqual([
      { name: 'dog', score: 1, also: ['dogs', 'puppy'] },
      { name: 'sofa', score: 0.9, also: ['couch'] },
    ]);
  });

  it('names a group by the singular where it is there, with the score of the best', () => {
    expect(foldTags(tags('dogs', 'dog'), wordnet)).toEqual([{ name: 'dog', score: 1, also: ['dogs'] }]);
  });

  it('names what cannot be told from its kind by the general word', () => {
    expect(foldTags(tags('puppy', 'dog'), wordnet)).toEqual([{ name: 'dog', score: 1, also: ['puppy'] }]);
  });

  it('keeps apart what is only remotely one kind', () => {
    expect(foldTags(tags('dog', 'cat', 'animal', 'car'), wordnet).map(({ name }) => name)).toEqual([
      'dog',
      'cat',
      'animal',
      'car',
    ]);
  });

  it('keeps a kind apart that the model tells apart, and folds what it cannot', () => {
    const [x, y] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    const far = [
      { name: 'dog', score: 1, vector: x },
      { name: 'puppy', score: 0.5, vector: y },
    ];
    expect(foldTags(far, wordnet)).toHaveLength(2);
    const near = [
      { name: 'pier', score: 1, vector: x },
      { name: 'jetty', score: 0.5, vector: x },
    ];
    expect(foldTags(near, undefined)).toEqual([{ name: 'pier', score: 1, also: ['jetty'] }]);
  });

  it('never loses a tag', () => {
    const names = ['dog', 'puppy', 'dogs', 'car', 'automobile', 'tree', 'xyzzy', 'xyzzy'];
    const folded = foldTags(tags(...names), wordnet);
    expect(folded.reduce((sum, { also }) => sum + 1 + also.length, 0)).toBe(new Set(names).size);
  });
});
