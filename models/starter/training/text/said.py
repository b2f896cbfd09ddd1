"""The words that captions hold, as classes of pictures: doings and qualities too, which no label names."""
import collections
import math

import numpy as np

from text.tokenizer import words

MOST_WORDS, FEWEST_CAPTIONS = 1500, 4
TOO_COMMON = 0.1
"""A word in a larger share of all captions says nothing of a picture ("a", "in")."""


class SaidWords:
    """`words`: the most used ones of the captions."""

    def __init__(self, captions: list[list[str]]):
        """`captions`: sentences of each training photograph."""
        said = [set(words(sentence)) for sentences in captions for sentence in sentences]
        counts = collections.Counter(word for own in said for word in own if word.isalpha())
        usual = [word for word, times in counts.most_common() if FEWEST_CAPTIONS <= times < TOO_COMMON * len(said)]
        self.words = usual[:MOST_WORDS]
        self._place = {word: i for i, word in enumerate(self.words)}
        self._rarity = [math.log(len(said) / counts[word]) for word in self.words]

    def shares(self, captions: list[list[str]]) -> np.ndarray:
        """Sentences of each picture -> float32 [pictures, words]: how often a word is said, times how rare it is, as a share
        of the row; zeros where no word is known."""
        table = np.zeros((len(captions), len(self.words)), np.float32)
        for row, sentences in zip(table, captions):
            for place in (self._place.get(word) for sentence in sentences for word in set(words(sentence))):
                if place is not None:
                    row[place] += self._rarity[place]
        return table / np.maximum(table.sum(1, keepdims=True), 1e-6)
