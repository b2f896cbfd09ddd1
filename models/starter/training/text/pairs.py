"""Pairs of texts that mean the same, or nearly: word and definition, synonyms, word and what lies above it, two captions."""
import collections
import random

import numpy as np

from text.corpus import Corpus
from text.inflection import plural, with_article
from text.prompts import TEMPLATES
from text.wordnet import PHYSICAL

GROUPS, PLACES, PEOPLE, STATES = 14, 15, 18, 24
"""Numbers of files of WordNet."""
PARENT, GRANDPARENT = 0.20, 0.08
"""Shares of pairs with the concept above, and with the one above that; the rest are definitions."""


def pair_pool(corpus: Corpus) -> tuple[list[str], np.ndarray]:
    """Synsets whose words are worth knowing, with weights that sum to 1: near the trained concepts, or common."""
    wordnet, near = corpus.wordnet, collections.Counter()
    for concept in corpus.concepts:
        if concept in wordnet.synsets:
            near[concept] += 6
            below = [concept]
            for value in (3, 2, 1):
                below = [lower for one in below for lower in wordnet.hyponyms.get(one, ())]
                for lower in below:
                    near[lower] = max(near[lower], value)
    pool, weights = [], []
    for synset in wordnet.synsets.values():
        if not near[synset.id] and not _is_common(corpus, synset):
            continue
        if not synset.hypernyms or synset.lemmas[0].startswith(("genus ", "family ", "order ")):
            continue
        times = wordnet.count[synset.id]
        pool.append(synset.id)
        weights.append(0.05 + near[synset.id] + (times > 0) + min(3.0, 0.3 * times**0.5))
    return pool, np.array(weights) / sum(weights)


def _is_common(corpus: Corpus, synset) -> bool:
    """A thing, called by a word and not by a name."""
    wordnet, named = corpus.wordnet, synset.lemmas[0] != synset.lemmas[0].lower()
    if synset.lexfile in (PEOPLE, STATES) or not wordnet.is_a(synset.id, PHYSICAL):
        return False
    return not (named and (synset.lexfile in (GROUPS, PLACES) or not wordnet.count[synset.id]))


class TextPairs:
    """Draws pairs; what is no negative for what goes with them."""

    def __init__(self, corpus: Corpus, synonyms: float = 0.2):
        """`synonyms`: share of pairs of two names of one concept."""
        self._corpus, self._synonyms = corpus, synonyms
        self._pool, weights = pair_pool(corpus)
        self._sums = np.cumsum(weights)

    def draw(self, words: int, captions: int, rng: random.Random) -> tuple[list[str], list[str], np.ndarray]:
        """Left texts, right texts, and bool [n, n]: pairs that may mean the same although they are not paired."""
        wordnet, corpus = self._corpus.wordnet, self._corpus
        drawn = [self._pool[min(int(np.searchsorted(self._sums, rng.random())), len(self._pool) - 1)] for _ in range(words)]
        pairs = [self._pair(synset, rng) for synset in drawn]
        for sentences in rng.sample(corpus.trained_captions, min(captions, len(corpus.trained_captions))):
            pairs.append(tuple(rng.sample(sentences, 2)))
        close = np.zeros((len(pairs),) * 2, bool)
        above = [wordnet.ancestors(synset) for synset in drawn]
        parent = [wordnet.synsets[synset].hypernyms[0] for synset in drawn]
        for i in range(words):
            for j in range(i):
                related = drawn[i] == drawn[j] or drawn[j] in above[i] or drawn[i] in above[j] or parent[i] == parent[j]
                close[i, j] = close[j, i] = related
        return [left for left, _ in pairs], [right for _, right in pairs], close

    def _pair(self, synset: str, rng: random.Random) -> tuple[str, str]:
        corpus, wordnet = self._corpus, self._corpus.wordnet
        names = corpus.names(synset)
        left = names[0] if rng.random() < 0.6 else rng.choice(names)
        others = [name for name in names if name != left]
        parent = rng.choice(wordnet.synsets[synset].hypernyms)
        kind = rng.random()
        if kind < self._synonyms and others:
            right = rng.choice(others)
        elif kind < self._synonyms + PARENT:
            right = corpus.names(parent)[0]
        elif kind < self._synonyms + PARENT + GRANDPARENT and wordnet.synsets[parent].hypernyms:
            right = corpus.names(wordnet.synsets[parent].hypernyms[0])[0]
        else:
            right = corpus.gloss(synset)
        if rng.random() < 0.35:
            left = with_article(rng.choice(TEMPLATES).format(left)) if rng.random() < 0.7 else plural(left)
        return left, right
