"""Synsets whose words are worth knowing: the tokenizer learns from their names and definitions."""
import collections

import numpy as np

from text.corpus import Corpus
from text.wordnet import PHYSICAL

GROUPS, PLACES, PEOPLE, STATES = 14, 15, 18, 24
"""Numbers of files of WordNet."""


def word_pool(corpus: Corpus) -> tuple[list[str], np.ndarray]:
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
