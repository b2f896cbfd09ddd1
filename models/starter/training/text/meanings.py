"""Where words belong that name no concept: by what lies near them in WordNet, and by word vectors.

Thousands of words are no label, no noun of a caption and no name of an emoji. Each is given a mixture of concepts (and of words of
the captions), and the text tower is taught that mixture: "pooch" lies below dog, so it is taught dog.
"""
import collections
from pathlib import Path
from typing import NamedTuple

import numpy as np

from text.corpus import Corpus
from text.tokenizer import words as pieces_of
from text.vectors import read_vectors
from text.wordnet import PHYSICAL

UP, DOWN = 4, 2
"""Steps in WordNet that are looked at."""
LESS_UP, LESS_DOWN = 0.45, 0.3
"""What is left of a concept's weight with each step."""
ALIKE = 3.0
"""How much word vectors decide between the concepts that WordNet offers: weight times exp(ALIKE * cosine)."""
NEIGHBOURS, NEIGHBOUR_SHARPNESS, LEAST_COSINE = 8, 10.0, 0.35
WORDNET_SHARE = 0.75
"""Where both speak of a word."""
UNLISTED_RANK = 30_000
RANK_SOFTENING, RANK_POWER = 1000, 0.6
BY_VECTORS_WEIGHT = 0.25
"""Words that WordNet places count so many times more than those that word vectors alone place."""
PLANTS = 20
"""WordNet's file of plants: thousands of names that nobody says."""


class Meanings(NamedTuple):
    words: list[str]
    targets: np.ndarray
    """float32 [words, dimension], unit length."""
    chances: np.ndarray
    """How often each is drawn, sum 1: common words more often."""


def find_meanings(corpus: Corpus, concepts: np.ndarray, caption_words: dict[str, np.ndarray], vectors: Path, held_out: frozenset[str]) -> Meanings:
    """`concepts`: unit vectors [concepts, n]; `caption_words`: word -> unit vector; `vectors`: GloVe's format, gzipped.

    `held_out`: words that are left out, for measuring.
    """
    near = _WordVectors(vectors, corpus, concepts, caption_words)
    named = {name for concept in corpus.concepts for name in corpus.names(concept)}
    found: dict[str, np.ndarray] = {}
    weights: list[float] = []
    for word in dict.fromkeys([*near.rank, *_nouns(corpus)]):
        if word in named or word in held_out or len(word) < 3:
            continue
        by_wordnet, by_vectors = _by_wordnet(corpus, concepts, near, word), near.place(word)
        if by_wordnet is not None and by_vectors is not None:
            found[word] = _unit(WORDNET_SHARE * by_wordnet + (1 - WORDNET_SHARE) * by_vectors)
        elif by_wordnet is not None or by_vectors is not None:
            found[word] = by_wordnet if by_wordnet is not None else by_vectors
        if word in found:
            weights.append(1.0 if by_wordnet is not None else BY_VECTORS_WEIGHT)
    ranks = np.array([near.rank.get(word, UNLISTED_RANK) for word in found])
    chances = np.array(weights) * (ranks + RANK_SOFTENING) ** -RANK_POWER
    return Meanings(list(found), np.stack(list(found.values())).astype(np.float32), chances / chances.sum())


def _nouns(corpus: Corpus) -> list[str]:
    """Dictionary forms whose first sense is a thing a step or two below a concept; no names, no plants."""
    wordnet = corpus.wordnet
    is_near = lambda sense: any(steps <= 2 and above in corpus.place for above, steps in wordnet.ancestors(sense).items())
    things = []
    for noun, senses in wordnet.index.items():
        sense = next((s for s in senses[:1] if wordnet.is_a(s, PHYSICAL) and (s in corpus.place or is_near(s))), None)
        if sense and wordnet.synsets[sense].lexfile != PLANTS and any(lemma.lower() == noun and lemma == lemma.lower() for lemma in wordnet.synsets[sense].lemmas):
            if not noun.startswith(("genus ", "family ", "order ")) and noun.replace(" ", "").isalpha() and noun.count(" ") < 2:
                things.append(noun)
    return things


def _by_wordnet(corpus: Corpus, concepts: np.ndarray, near: "_WordVectors", word: str) -> np.ndarray | None:
    """The nearest concepts above and below the first meaning that has any."""
    wordnet, place = corpus.wordnet, corpus.place
    form = wordnet.singular(word)
    for sense in wordnet.index.get(form or "", [])[:3]:
        if not wordnet.is_a(sense, PHYSICAL):
            continue
        if sense in place:
            return concepts[place[sense]]
        weights: collections.Counter = collections.Counter()
        for above, steps in wordnet.ancestors(sense).items():
            if steps <= UP and above in place:
                weights[above] += LESS_UP**steps
        below = [sense]
        for steps in range(1, DOWN + 1):
            below = [lower for one in below for lower in wordnet.hyponyms.get(one, ())]
            for lower in below:
                if lower in place:
                    weights[lower] += LESS_DOWN**steps
        if weights:
            mixed = [weight * np.exp(ALIKE * near.cosine(word, corpus.names(concept)[0])) for concept, weight in weights.items()]
            return _unit(np.array(mixed) @ concepts[[place[concept] for concept in weights]])
    return None


class _WordVectors:
    """`rank`: word -> place in the file, most frequent first."""

    def __init__(self, path: Path, corpus: Corpus, concepts: np.ndarray, caption_words: dict[str, np.ndarray]):
        vectors = read_vectors(path)
        self.rank = {word: rank for rank, word in enumerate(vectors) if pieces_of(word) == [word] and word.isalpha()}
        centre = np.mean(list(vectors.values()), 0)
        self._vectors = {word: _unit(vector - centre) for word, vector in vectors.items()}
        # A word of the captions is placed by them, unless it names a concept.
        known = dict(caption_words)
        for concept in reversed(corpus.concepts):
            known[corpus.names(concept)[0]] = concepts[corpus.place[concept]]
        names = [name for name in known if name in self._vectors]
        self._names, self._known = np.stack([self._vectors[name] for name in names]), np.stack([known[name] for name in names])
        self._own = caption_words

    def cosine(self, one: str, other: str) -> float:
        """0 where either has no vector."""
        if one not in self._vectors or other not in self._vectors:
            return 0.0
        return float(self._vectors[one] @ self._vectors[other])

    def place(self, word: str) -> np.ndarray | None:
        """Among the words near it whose place is known; its own where captions use it."""
        if word in self._own:
            return self._own[word]
        if word not in self._vectors:
            return None
        cosines = self._names @ self._vectors[word]
        best = np.argsort(-cosines)[:NEIGHBOURS]
        if cosines[best[0]] < LEAST_COSINE:
            return None
        return _unit(np.exp(NEIGHBOUR_SHARPNESS * cosines[best]) @ self._known[best])


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
