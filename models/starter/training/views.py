"""Augmented views of training pictures with everything that the text stage wants to know of them."""
import random

import numpy as np
import torch

from batches import Chance
from data.registry import DATA_SETS, UNTOLD
from data.teacher import Teacher
from images.augment import augment, standardise, to_floats
from images.colours import seen_colours
from images.drawer import Drawer
from stored import TOP
from text.corpus import Corpus
from text.inflection import with_article
from text.prompts import COLOUR_TEMPLATES, COLOURS

CAPTIONS = 5
"""Sentences of each view at most."""
COLOUR_NAMED = 0.3
"""Share of the coloured views of one thing that are called by it: "a red car"."""


class Views:
    def __init__(self, corpus: Corpus, teacher: Teacher | None, px: int, batch: int, captioned_share: float, smallest_area: float):
        """`captioned_share`: of the photographs with captions, of all sets together, beside the shares of the other sets."""
        captioned = {name: DATA_SETS[name].share for name, one in corpus.sets.items() if one.naming is None and name != UNTOLD}
        self.drawer = Drawer(corpus, {name: captioned_share * share / sum(captioned.values()) for name, share in captioned.items()})
        self._teacher, self._px, self._batch, self._smallest_area = teacher, px, batch, smallest_area
        things = [[concept for concept in labels if not concept.startswith("x:")] for labels in self.drawer.label_sets]
        self._names = [corpus.names(own[0])[0] if len(own) == 1 else None for own in things]

    def make(self, number: int, chance: Chance) -> dict:
        """`pixels`, `captions`, and the arrays that stored.py names, but the features."""
        drawn = self.drawer.draw(self._batch, CAPTIONS, chance.numbers)
        pictures = augment(to_floats(drawn.pixels), drawn.drawings, self._px, chance.numbers, self._smallest_area)
        colour = seen_colours(pictures)
        top, probability = self._taught(drawn)
        self._name_colours(drawn.captions, drawn.labels, colour.numpy(), chance.words)
        return {
            "pixels": standardise(pictures), "captions": drawn.captions, "colour": colour, "top": top, "probability": probability,
            "labels": torch.from_numpy(drawn.labels.astype(np.int32)), "row": torch.from_numpy(drawn.packed.astype(np.int32)), "photo": torch.from_numpy(~drawn.drawings),
        }

    def _taught(self, drawn) -> tuple[torch.Tensor, torch.Tensor]:
        if self._teacher is None:
            return torch.zeros(len(drawn.labels), TOP, dtype=torch.int16), torch.zeros(len(drawn.labels), TOP).half()
        soft, weight = self._teacher.labels(drawn.packed, drawn.truth)
        probability, top = soft.softmax(1).topk(TOP, 1)
        return top.short(), (probability * (weight[:, None] > 0)).half()

    def _name_colours(self, captions: list[list[str]], labels: np.ndarray, colour: np.ndarray, words: random.Random) -> None:
        """Adds sentences to the views about which nothing else is written."""
        for i in np.flatnonzero((colour == 1).any(1)):
            name = self._names[labels[i]]
            if name and not captions[i] and words.random() < COLOUR_NAMED:
                own = COLOURS[words.choice(np.flatnonzero(colour[i] == 1).tolist())]
                captions[i] = [with_article(template.format(own, name)) for template in COLOUR_TEMPLATES]
