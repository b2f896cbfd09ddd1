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
CAPTIONS = 2
"""Sentences of each picture in a batch at most."""
ARRAYS = ("features", "labels", "colour", "top", "probability", "photo", "row")


class StoredBatch(NamedTuple):
    features: np.ndarray
    relation: np.ndarray
    """int8 [n, concepts]."""
    captions: list[list[str]]
    photo: np.ndarray
    """False for drawings, of which the teacher knows nothing."""
    rows: np.ndarray
    """Of the pack's index, -1 for drawings."""


class Stored:
    """What features.py wrote."""

    def __init__(self, paths: list[Path], corpus: Corpus):
        """Files of one image tower. Raises ValueError where the corpus is another one than the features were made with."""
        files = [np.load(path) for path in paths]
        for path, file in zip(paths, files):
            if missing := [name for name in ARRAYS if name not in file]:
                raise ValueError(f"{path} lacks {', '.join(missing)}, for an earlier features.py wrote it: run it again")
        self._arrays = {name: np.concatenate([file[name] for file in files]) for name in ARRAYS}
        self._relations = files[0]["relations"]
        self._captions = [captions for file in files for captions in json.loads(str(file["captions"]))]
        for path, file in zip(paths, files):
            made = file["relations"].shape
            if made != (len(self._relations), len(corpus.concepts)):
                raise ValueError(f"{path} was made with {made[1]} concepts, now there are {len(corpus.concepts)}: run features.py again")
        self._taught = np.array([corpus.place[synset] for synset in corpus.teacher], int)
        self._colours = np.array([corpus.place[colour_concept(colour)] for colour in COLOURS])
        self._above = [np.flatnonzero(corpus.relations[place] == ABOVE) for place in self._taught]

    def __len__(self) -> int:
        return len(self._arrays["features"])

    def told(self, sentences: set[str]) -> tuple[np.ndarray, list[list[str]]]:
        """Features float32 [n, head] of the views of which only these sentences are told, and what is told of each."""
        chosen = [i for i, own in enumerate(self._captions) if own and sentences.issuperset(own)]
        return self._arrays["features"][chosen].astype(np.float32), [self._captions[i] for i in chosen]

    def drawn(self) -> tuple[np.ndarray, np.ndarray]:
        """Features float32 [n, head] of the views of drawings, and the number of what each shows."""
        chosen = ~self._arrays["photo"]
        return self._arrays["features"][chosen].astype(np.float32), self._arrays["labels"][chosen]

    def draw(self, count: int, rng: np.random.Generator) -> StoredBatch:
        chosen = rng.integers(0, len(self), count)
        part = {name: values[chosen] for name, values in self._arrays.items()}
        relation = self._relations[part["labels"]]
        relation[:, self._colours] = part["colour"]
        if len(self._taught):
            self._add_teacher(relation, part["top"], part["probability"].astype(np.float32))
        drawn = lambda own: [str(one) for one in rng.choice(own, min(CAPTIONS, len(own)), replace=False)]
        captions = [drawn(own) if (own := self._captions[i]) else [] for i in chosen]
        return StoredBatch(part["features"].astype(np.float32), relation, captions, part["photo"], part["row"])

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
