"""Where words belong that name no concept: by what lies near them in WordNet, and by word vectors.

Thousands of words are no label, no noun of a caption and no name of an emoji. Each is given a mixture of concepts, and the text
tower is taught that mixture: "pooch" lies below dog, so it is taught dog.
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
LESS_UP, LESS_DOWN, LESS_SENSE = 0.4, 0.3, 0.5
"""What is left of a concept's weight with each step, and with each less usual meaning of the word."""
SENSES, PEOPLE, PERSON = 4, 18, 0.3
"""Meanings that count; people (WordNet's file) are called after things, and the thing is the likelier picture."""
POWER = 3
"""Of the weights: the nearest concept counts before all others."""
ALIKE = 3.0
"""How much word vectors decide between the concepts that WordNet offers: weight times exp(ALIKE * cosine)."""
NEIGHBOURS, NEIGHBOUR_SHARPNESS, LEAST_COSINE = 8, 15.0, 0.5
MOST = 8
"""Concepts of a mixture."""
USED_ALIKE = 0.55
"""Cosine of word vectors from which on a concept counts like one a step above."""
UNLISTED_RANK = 30_000
RANK_SOFTENING, RANK_POWER = 1000, 0.6
BY_VECTORS_WEIGHT = 0.25
"""Words that WordNet places count so many times more than those that word vectors alone place."""
PLANTS = 20
"""WordNet's file of plants: thousands of names that nobody says."""


class Meanings(NamedTuple):
    words: list[str]
    concepts: np.ndarray
    """int64 [words, MOST]: what each is a mixture of."""
    shares: np.ndarray
    """float32 [words, MOST], rows sum to 1."""
    chances: np.ndarray
    """How often each is drawn, sum 1: common words more often."""


def find_meanings(corpus: Corpus, vectors: Path, held_out: frozenset[str]) -> Meanings:
    """`vectors`: GloVe's format, gzipped; `held_out`: words that are left out, for measuring."""
    near = _WordVectors(vectors, corpus)
    named = {name for concept in corpus.concepts for name in corpus.names(concept)}
    words: list[str] = []
    mixtures: list[tuple[np.ndarray, np.ndarray]] = []
    weights: list[float] = []
    for word in dict.fromkeys([*near.rank, *_nouns(corpus)]):
        if word in named or word in held_out or len(word) < 3:
            continue
        by_wordnet, by_vectors = _by_wordnet(corpus, near, word), near.place(word)
        if by_wordnet is None and by_vectors is None:
            continue
        words.append(word)
        mixtures.append(_largest(by_vectors if by_wordnet is None else by_wordnet))
        weights.append(BY_VECTORS_WEIGHT if by_wordnet is None else 1.0)
    ranks = np.array([near.rank.get(word, UNLISTED_RANK) for word in words])
    chances = np.array(weights) * (ranks + RANK_SOFTENING) ** -RANK_POWER
    concepts, shares = (np.stack(part) for part in zip(*mixtures))
    return Meanings(words, concepts, shares, chances / chances.sum())


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


def _by_wordnet(corpus: Corpus, near: "_WordVectors", word: str) -> np.ndarray | None:
    """The nearest concepts above and below its meanings, by their weights; those that labels and captions name before all others."""
    senses = [s for s in corpus.wordnet.index.get(corpus.wordnet.singular(word) or "", [])[:SENSES] if corpus.wordnet.is_a(s, PHYSICAL)]
    weights = _near_in_wordnet(corpus, senses, near, word)
    if not weights:
        return None
    # A kitten is a young mammal there, and no cat: a word that is used like a name stands beside what WordNet says.
    for place, cosine in near.concepts(word):
        if cosine >= USED_ALIKE:
            weights[place] = max(weights.get(place, 0), (LESS_UP * np.exp(ALIKE * cosine)) ** POWER)
    return _at(len(corpus.place), weights)


def _near_in_wordnet(corpus: Corpus, senses: list[str], near: "_WordVectors", word: str) -> dict[int, float]:
    """Places of concepts and their weights."""
    wordnet, weights, named = corpus.wordnet, collections.Counter(), {*corpus.leaves, *corpus.nouns.concepts}
    for rank, sense in enumerate(senses):
        usual = LESS_SENSE**rank * (PERSON if wordnet.synsets[sense].lexfile == PEOPLE else 1)
        steps = {above: LESS_UP**up for above, up in wordnet.ancestors(sense).items() if up <= UP}
        below = [sense]
        for down in range(1, DOWN + 1):
            below = [lower for one in below for lower in wordnet.hyponyms.get(one, ())]
            steps.update({lower: LESS_DOWN**down for lower in below})
        known = [concept for concept in steps if concept in corpus.place]
        for concept in [one for one in known if one in named] or known:
            place, alike = corpus.place[concept], np.exp(ALIKE * near.cosine(word, corpus.names(concept)[0]))
            weights[place] = max(weights[place], usual * steps[concept] * alike)
    return {place: weight**POWER for place, weight in weights.items()}


class _WordVectors:
    """`rank`: word -> place in the file, most frequent first."""

    def __init__(self, path: Path, corpus: Corpus):
        vectors = read_vectors(path)
        self.rank = {word: rank for rank, word in enumerate(vectors) if pieces_of(word) == [word] and word.isalpha()}
        centre = np.mean(list(vectors.values()), 0)
        self._vectors = {word: _unit(vector - centre) for word, vector in vectors.items()}
        called = {corpus.names(concept)[0]: corpus.place[concept] for concept in reversed(corpus.concepts)}
        known = {name: place for name, place in called.items() if name in self._vectors}
        self._names, self._places = np.stack([self._vectors[name] for name in known]), np.array(list(known.values()))
        self._size = len(corpus.concepts)

    def cosine(self, one: str, other: str) -> float:
        """0 where either has no vector."""
        if one not in self._vectors or other not in self._vectors:
            return 0.0
        return float(self._vectors[one] @ self._vectors[other])

    def place(self, word: str) -> np.ndarray | None:
        """Among the concepts with names near it, by their weights."""
        near = self.concepts(word)
        if not near or near[0][1] < LEAST_COSINE:
            return None
        return _at(self._size, {place: np.exp(NEIGHBOUR_SHARPNESS * cosine) for place, cosine in near})

    def concepts(self, word: str) -> list[tuple[int, float]]:
        """Those whose names are used most like a word, with cosines, best first; none where the word has no vector."""
        if word not in self._vectors:
            return []
        cosines = self._names @ self._vectors[word]
        return [(int(self._places[i]), float(cosines[i])) for i in np.argsort(-cosines)[:NEIGHBOURS]]


def _at(size: int, weights: dict[int, float]) -> np.ndarray:
    row = np.zeros(size, np.float32)
    row[list(weights)] = list(weights.values())
    return row


def _largest(mixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first MOST concepts of a mixture, and their shares."""
    best = np.argsort(-mixed)[:MOST]
    return best, (mixed[best] / mixed[best].sum()).astype(np.float32)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
