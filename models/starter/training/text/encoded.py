"""Many texts as few tensors: in groups of like length, so that short texts are not padded to the longest."""
from typing import NamedTuple

import torch
from torch import Tensor, nn

from text.tokenizer import Tokenizer

GROUPS = 3


class Encoded(NamedTuple):
    groups: list[Tensor]
    """int64 [texts, pieces], padded with the end token."""
    order: Tensor
    """Brings the rows of all groups back into the order of the texts."""

    def to(self, device: str) -> "Encoded":
        return Encoded([g.to(device, non_blocking=True) for g in self.groups], self.order.to(device, non_blocking=True))


def encode(tokenizer: Tokenizer, texts: list[str], context: int) -> Encoded:
    """`texts` must not be empty."""
    rows = [tokenizer.encode(text, context) for text in texts]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    cuts = [len(rows) * group // GROUPS for group in range(GROUPS + 1)]
    groups = []
    for start, end in zip(cuts, cuts[1:]):
        if end > start:
            longest = len(rows[order[end - 1]])
            padded = [rows[i] + [tokenizer.end] * (longest - len(rows[i])) for i in order[start:end]]
            groups.append(torch.tensor(padded))
    return Encoded(groups, torch.tensor(order).argsort())


def embed(tower: nn.Module, texts: Encoded) -> Tensor:
    """One row a text, in their order."""
    return torch.cat([tower(group) for group in texts.groups])[texts.order]
