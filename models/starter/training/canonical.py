"""Canonical correlation of pictures' features and the words of their captions (Hotelling 1936; Hardoon et al. 2004).

Closed, linear and strongly damped, it learns 7,000 photographs less by heart than the towers do, and errs elsewhere: what
both think of a sentence is better than what either thinks. How words go together it also sees in sentences without pictures.
"""
import collections
import re

import numpy as np
import torch
from torch import Tensor

FEWEST = 12
"""Sentences that a word must be in."""
KEPT = 96
"""Directions that are kept."""
DAMPED_FEATURES, DAMPED_WORDS = 0.5, 1.0
"""What is added to each variance, as a share of the mean one."""
SMALLEST = 1e-9


class Canonical:
    def __init__(self, features: np.ndarray, captions: list[list[str]], groups: list[list[str]]):
        """`features`: [views, n], `captions`: each view's sentences, `groups`: sentences of pictures that are not at hand."""
        told = list(dict.fromkeys(tuple(sorted(own)) for own in captions))
        sentences = [one for own in [*told, *groups] for one in own]
        counts = collections.Counter(word for one in sentences for word in _words(one))
        self._place = {word: i for i, word in enumerate(sorted(word for word, count in counts.items() if count >= FEWEST))}
        if not self._place:
            raise ValueError(f"expected words that are in {FEWEST} sentences, found none in {len(sentences)} sentences")
        self._rarity = np.array([np.log(len(sentences) / counts[word]) ** 0.5 for word in self._place])
        mean, spread = self._moments(sentences)
        place = {own: i for i, own in enumerate(told)}
        owner = np.array([place[tuple(sorted(own))] for own in captions])
        self._centre = features.mean(0, dtype=np.float64)
        centred = features - self._centre
        sums = np.zeros((len(told), centred.shape[1]))
        np.add.at(sums, owner, centred)
        said = np.stack([self._bags(own).mean(0) for own in told]) - mean
        both = sums.T @ said / len(features)
        self._features, self._words = _directions(centred.T @ centred / len(features), spread, both)
        self._offset = mean @ self._words

    def pictures(self, features: Tensor) -> Tensor:
        """[n, features] -> unit vectors [n, KEPT]."""
        seen = (features - torch.from_numpy(self._centre).float()) @ torch.from_numpy(self._features).float()
        return torch.nn.functional.normalize(seen, dim=-1)

    def sentences(self, sentences: list[str]) -> Tensor:
        """Unit vectors [n, KEPT]; of a sentence without a known word the mean sentence's opposite."""
        ids, weights, starts = self._flat(sentences)
        sums = np.add.reduceat(self._words[ids] * weights[:, None], starts)
        return torch.nn.functional.normalize(torch.from_numpy(sums - self._offset).float(), dim=-1)

    def _flat(self, sentences: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Words of all sentences one after another, their weights (of each sentence of length 1), where each sentence starts."""
        known = [[self._place[word] for word in _words(one) if word in self._place] or [-1] for one in sentences]
        sizes = np.array([len(own) for own in known])
        ids, starts = np.concatenate([np.array(own) for own in known]), np.cumsum(sizes) - sizes
        weights = np.where(ids < 0, 0.0, self._rarity[ids])
        lengths = np.sqrt(np.add.reduceat(weights**2, starts))
        return ids, weights / np.repeat(np.maximum(lengths, SMALLEST), sizes), starts

    def _bags(self, sentences: tuple[str, ...]) -> np.ndarray:
        """[sentences, words]."""
        ids, weights, starts = self._flat(list(sentences))
        bags = np.zeros((len(sentences), len(self._place)))
        np.add.at(bags, (np.searchsorted(starts, np.arange(len(ids)), "right") - 1, ids), weights)
        return bags

    def _moments(self, sentences: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Mean bag [words], covariance [words, words]."""
        ids, weights, starts = self._flat(sentences)
        count = len(self._place)
        together = np.zeros(count * count)
        ends = np.append(starts[1:], len(ids))
        for size in np.unique(ends - starts):
            rows = starts[ends - starts == size][:, None] + np.arange(size)
            one, other = ids[rows][:, :, None], ids[rows][:, None, :]
            pairs = (one * count + other).ravel()
            by = (weights[rows][:, :, None] * weights[rows][:, None, :]).ravel()
            together += np.bincount(np.maximum(pairs, 0), by, count * count)
        mean = np.bincount(np.maximum(ids, 0), weights, count) / len(sentences)
        return mean, together.reshape(count, count) / len(sentences) - np.outer(mean, mean)


def _directions(features: np.ndarray, words: np.ndarray, both: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Covariances -> maps of features and of words to the directions, each scaled by its correlation."""
    damp = lambda spread, share: spread + share * np.trace(spread) / len(spread) * np.eye(len(spread))
    values, vectors = np.linalg.eigh(damp(features, DAMPED_FEATURES))
    whiten = (vectors / np.sqrt(values)) @ vectors.T
    lower = np.linalg.cholesky(damp(words, DAMPED_WORDS))
    cross = np.linalg.solve(lower, (whiten @ both).T).T
    squares, turned = np.linalg.eigh(cross @ cross.T)
    best = np.argsort(-squares)[:KEPT]
    correlation = np.sqrt(np.maximum(squares[best], SMALLEST))
    of_words = np.linalg.solve(lower.T, cross.T @ turned[:, best]) / correlation
    return whiten @ turned[:, best] * correlation, of_words * correlation


def _words(sentence: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"[a-z]+", sentence.lower())))
