"""Draws training batches over all data sets by their shares: pixels, labels, captions, rows of the soft labels."""
from typing import NamedTuple

import numpy as np
from torch import Tensor

from data.packed import excluded_names
from data.registry import DATA_SETS
from images.augment import standardise, to_floats
from text.corpus import Corpus
from text.inflection import with_article
from text.prompts import STYLE_TEMPLATES, STYLES, emoji_captions


class Drawn(NamedTuple):
    pixels: np.ndarray
    """uint8 [n, px, px, 3]."""
    labels: np.ndarray
    """Row of Drawer.relations of each."""
    captions: list[list[str]]
    packed: np.ndarray
    """Row of the pack's index, -1 for drawings."""
    truth: np.ndarray
    """The teacher's class where the set names it, else -1."""

    @property
    def drawings(self) -> np.ndarray:
        """Bool [n]."""
        return self.packed < 0


class _Source(NamedTuple):
    pixels: np.ndarray
    labels: np.ndarray
    sums: np.ndarray
    """Running sum of the chances of its pictures."""
    captions: list[list[str]] | None
    rows: np.ndarray
    truth: np.ndarray


class Drawer:
    """`relations`: int8 [label sets, concepts], how a picture with such labels stands to every concept."""

    def __init__(self, corpus: Corpus, shares: dict[str, float] | None = None):
        """`shares`: other shares of data sets than the registry's."""
        self._corpus = corpus
        self._row_of: dict[tuple[str, ...], int] = {}
        excluded = excluded_names()
        self._sources = {name: self._source(name, excluded) for name in corpus.sets}
        self.label_sets = list(self._row_of)
        self.relations = np.stack([corpus.row(labels) for labels in self.label_sets])
        chosen = np.array([(shares or {}).get(name, DATA_SETS[name].share) for name in self._sources])
        self._shares = chosen / chosen.sum()
        self._sums = np.cumsum(self._shares)

    def __len__(self) -> int:
        return sum(len(source.labels) for source in self._sources.values())

    def views(self):
        """For each data set: its share, labels, chance of each picture within it, rows of the pack."""
        for share, source in zip(self._shares, self._sources.values()):
            yield share, source.labels, np.diff(source.sums, prepend=0), source.rows

    def stories(self) -> list[list[str]]:
        """All sentences of each picture that has any."""
        return [own for source in self._sources.values() for own in source.captions or [] if own]

    def draw(self, count: int, captions: int, rng: np.random.Generator) -> Drawn:
        """`count` pictures, with at most `captions` sentences each."""
        # Evenly spaced points on the line of shares: every batch is as near to them as its size allows.
        points = (rng.random() + np.arange(count)) / count
        counts = np.bincount(np.searchsorted(self._sums, points).clip(max=len(self._sums) - 1), minlength=len(self._sums))
        pixels, labels, sentences, rows, truth = [], [], [], [], []
        for source, number in zip(self._sources.values(), counts):
            if number:
                chosen = np.sort(np.searchsorted(source.sums, rng.random(number)).clip(max=len(source.labels) - 1))
                pixels.append(source.pixels[chosen])
                labels.append(source.labels[chosen])
                rows.append(source.rows[chosen])
                truth.append(source.truth[chosen])
                for i in chosen:
                    own = source.captions[i] if source.captions else []
                    sentences.append([str(s) for s in rng.choice(own, min(captions, len(own)), replace=False)] if own else [])
        return Drawn(np.concatenate(pixels), np.concatenate(labels), sentences, np.concatenate(rows), np.concatenate(truth))

    def whole(self, batches: int, count: int, rng: np.random.Generator) -> list[Tensor]:
        """Batches of `count` standardised pictures as they are stored, neither cropped nor changed."""
        return [standardise(to_floats(self.draw(count, 0, rng).pixels)) for _ in range(batches)]

    def _source(self, name: str, excluded: frozenset[str]) -> _Source:
        corpus, one = self._corpus, self._corpus.sets[name]
        labels = corpus.labels_of(name)
        rows = np.array([self._row_of.setdefault(set_, len(self._row_of)) for set_ in labels])
        usable = np.array([bool(l) or one.naming is None for l in labels]) & np.array([n not in excluded for n in one.names])
        # Between every picture alike and every class alike.
        chance = usable / np.sqrt(np.bincount(rows)[rows])
        column = {synset: i for i, synset in enumerate(corpus.teacher)} if one.naming == "wnid" else {}
        truth = np.array([column.get(label, -1) for label in one.classes])
        return _Source(one.pixels, rows, np.cumsum(chance / chance.sum()), self._captions(name, labels), one.rows, truth)

    def _captions(self, name: str, labels: list[tuple[str, ...]]) -> list[list[str]] | None:
        corpus, one = self._corpus, self._corpus.sets[name]
        if one.naming is None:
            return [corpus.captions.get(file, []) for file in one.names]
        if name == "emoji":
            return [emoji_captions(corpus.emoji[points]) for points in one.classes]
        if name == "pacs":
            return [self._styled(file, own) for file, own in zip(one.files, labels)]
        return None

    def _styled(self, file: str, labels: tuple[str, ...]) -> list[str]:
        style = STYLES[file.split("/")[0]]
        thing = self._corpus.names(labels[0])[0] if labels else ""
        return [with_article(template.format(thing)) for template in STYLE_TEMPLATES[style]] if style and labels else []
