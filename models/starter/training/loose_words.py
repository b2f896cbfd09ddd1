"""Words that name no concept, drawn for a step, and how far they are from what they mean."""
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from batches import Chance
from text.encoded import encode
from text.inflection import plural, with_article
from text.meanings import Meanings
from text.prompts import TEMPLATES
from text.tokenizer import Tokenizer
from towers import unit

CONTEXT = 10
"""Pieces at which they are cut: few are longer, and all would be padded to them."""
BARE, PLURAL = 0.5, 0.17
SHARPNESS = 20.0
"""Of the distribution over all concepts that a word shares with its meaning."""


class Drawn(NamedTuple):
    texts: Tensor
    """int64 [words, pieces]."""
    concepts: Tensor
    shares: Tensor
    """[words, n]: of which concepts each is a mixture, and how much of each."""


class LooseWords:
    def __init__(self, meanings: Meanings, tokenizer: Tokenizer):
        self._meanings, self._tokenizer = meanings, tokenizer
        self._chances = np.cumsum(meanings.chances)

    def __len__(self) -> int:
        return len(self._chances)

    def draw(self, count: int, chance: Chance) -> Drawn:
        meant = np.searchsorted(self._chances, chance.numbers.random(count)).clip(max=len(self._chances) - 1)
        texts = [_dress(self._meanings.words[i], chance.words) for i in meant]
        concepts, shares = self._meanings.concepts[meant], self._meanings.shares[meant]
        return Drawn(encode(self._tokenizer, texts, CONTEXT), torch.from_numpy(concepts), torch.from_numpy(shares))


def word_loss(word: Tensor, anchors: Tensor, concepts: Tensor, shares: Tensor) -> Tensor:
    """How far words (unit vectors) are from the mixtures of concepts that they mean, and how otherwise they stand to all concepts.

    `anchors`: unit vectors [concepts, dimension], the concepts' names; `concepts`, `shares`: as in Drawn.
    """
    meant = unit((shares[:, :, None] * anchors[concepts]).sum(1))
    want = (SHARPNESS * meant @ anchors.t()).softmax(1)
    guess = (SHARPNESS * word @ anchors.t()).log_softmax(1)
    return 2 * (1 - (word * meant).sum(1).mean()) + F.kl_div(guess, want, reduction="batchmean")


def _dress(word: str, chance) -> str:
    """Bare, in the plural, or in a sentence."""
    kind = chance.random()
    if kind < BARE:
        return word
    return plural(word) if kind < BARE + PLURAL else with_article(chance.choice(TEMPLATES).format(word))
