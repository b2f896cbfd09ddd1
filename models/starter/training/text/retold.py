"""What several people wrote of one picture that is not at hand: which sentences mean the same, from far more pictures than there are."""
import numpy as np
from torch import Tensor

from batches import Chance
from text.encoded import encode
from text.tokenizer import Tokenizer

CONTEXT = 24
"""Pieces at which sentences are cut."""


class Retold:
    def __init__(self, groups: list[list[str]], tokenizer: Tokenizer):
        """`groups`: two or more sentences of each picture."""
        self._groups, self._tokenizer = groups, tokenizer

    def __len__(self) -> int:
        return len(self._groups)

    def draw(self, count: int, chance: Chance) -> tuple[Tensor, Tensor]:
        """Two sentences of each of `count` pictures, at most all: int64 [count, pieces] twice."""
        chosen = chance.numbers.choice(len(self._groups), min(count, len(self._groups)), replace=False)
        pairs = [chance.words.sample(self._groups[i], 2) for i in chosen]
        first, second = zip(*pairs)
        return encode(self._tokenizer, first, CONTEXT), encode(self._tokenizer, second, CONTEXT)
