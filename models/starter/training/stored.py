"""Features of training pictures on disk, and batches of them: the text stage needs no pixels."""
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from text.corpus import ABOVE, RIGHT, UNKNOWN, WRONG, Corpus
from text.prompts import COLOURS, colour_concept

TOP = 6
"""Classes of the teacher that are stored for each view."""
POSSIBLE, LIKELY, SURE = 0.03, 0.4, 0.6
"""Probabilities at which the teacher makes a class unknown instead of wrong, right, and right with all above it."""
ARRAYS = ("labels", "colour", "top", "probability", "photo")
FEATURES = "features.npy"
"""Beside the file of the arrays: mapped, for activations of inner layers take gigabytes."""


class StoredBatch(NamedTuple):
    features: np.ndarray
    """float32 [n, features], or activations [n, channels, height, width]."""
    relation: np.ndarray
    """int8 [n, concepts]."""
    captions: list[list[str]]
    photo: np.ndarray
    """False for drawings, of which the teacher knows nothing."""
    top: np.ndarray
    probability: np.ndarray
    """The teacher's classes and how likely it holds them; 0 where it knows nothing."""


class Stored:
    """What features.py wrote."""

    def __init__(self, path: Path, corpus: Corpus):
        """Raises ValueError where the corpus is another one than the features were made with."""
        file = np.load(path)
        self._arrays = {name: file[name] for name in ARRAYS}
        self._features = np.load(path.with_name(FEATURES), mmap_mode="r")
        self.cut = int(file["cut"])
        """Layers of the image tower that the features went through."""
        self._relations = file["relations"]
        self._captions = json.loads(str(file["captions"]))
        if self._relations.shape[1] != len(corpus.concepts):
            made = self._relations.shape[1]
            raise ValueError(f"{path} was made with {made} concepts, now there are {len(corpus.concepts)}: run features.py again")
        self._taught = np.array([corpus.place[synset] for synset in corpus.teacher], int)
        self._colours = np.array([corpus.place[colour_concept(colour)] for colour in COLOURS])
        self._above = [np.flatnonzero(corpus.relations[place] == ABOVE) for place in self._taught]

    @property
    def captions(self) -> list[list[str]]:
        """Sentences of each view, empty for most."""
        return self._captions

    def __len__(self) -> int:
        return len(self._features)

    def features(self, views: np.ndarray) -> np.ndarray:
        """float32 [views, features], or activations [views, channels, height, width] (stored with channels last)."""
        found = self._features[np.sort(views)][np.argsort(np.argsort(views))].astype(np.float32)
        return found if found.ndim == 2 else found.transpose(0, 3, 1, 2)

    def draw(self, count: int, rng: np.random.Generator) -> StoredBatch:
        chosen = rng.integers(0, len(self), count)
        part = {name: values[chosen] for name, values in self._arrays.items()}
        relation = self._relations[part["labels"]]
        relation[:, self._colours] = part["colour"]
        if len(self._taught):
            self._add_teacher(relation, part["top"], part["probability"].astype(np.float32))
        captions = [[own[rng.integers(len(own))]] if (own := self._captions[i]) else [] for i in chosen]
        return StoredBatch(self.features(chosen), relation, captions, part["photo"], part["top"], part["probability"])

    def _add_teacher(self, relation: np.ndarray, top: np.ndarray, probability: np.ndarray) -> None:
        """What it holds possible is unknown; what it is sure of is right, unless the picture has a class of its own."""
        row, column = np.nonzero(probability >= POSSIBLE)
        place = self._taught[top[row, column]]
        relation[row, place] = np.where(relation[row, place] == WRONG, UNKNOWN, relation[row, place])
        for i in np.flatnonzero(probability[:, 0] >= LIKELY):
            best = top[i, 0]
            if relation[i, self._taught[best]] == UNKNOWN:
                above = self._above[best]
                grade = ABOVE if probability[i, 0] >= SURE else UNKNOWN
                relation[i, above] = np.where(relation[i, above] == WRONG, grade, relation[i, above])
                relation[i, self._taught[best]] = RIGHT
