"""The words of captions by number, for captions as bags of words."""
import collections
from typing import Iterable

import numpy as np

from text.tokenizer import words

FEWEST = 4
"""A word that fewer captions use has no number."""


class CaptionWords:
    """`list`: the words, the first one has number 1; 0 is padding."""

    def __init__(self, known: Iterable[str]):
        self.list = list(known)
        self._numbers = {word: number for number, word in enumerate(self.list, 1)}

    @classmethod
    def of(cls, captions: Iterable[str]) -> "CaptionWords":
        counts = collections.Counter(word for caption in captions for word in set(words(caption)) if word.isalnum())
        return cls(word for word, times in counts.most_common() if times >= FEWEST)

    def encode(self, captions: list[str]) -> np.ndarray:
        """int64 [captions, longest], padded with 0; words without a number are left out."""
        rows = [[n for word in words(caption) if (n := self._numbers.get(word))] for caption in captions]
        out = np.zeros((len(rows), max([1, *map(len, rows)])), np.int64)
        for row, numbers in zip(out, rows):
            row[: len(numbers)] = numbers
        return out
