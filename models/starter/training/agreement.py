"""What a finished model and a linear method think of a batch together: the text stage imitates it.

Of sentences of pictures that are not at hand nobody has said which photographs of the batch they may tell of, so that nothing can be
learnt by heart there. The mean of several models as a teacher: Hinton et al., Distilling the knowledge in a neural network, 2015.
"""
import torch
from torch import Tensor

from canonical import Canonical
from discriminant import Discriminant
from towers import Clip, unit

CANONICAL, DISCRIMINANT = 0.5, 1.0
"""Weights of the linear methods beside the finished model's own scores, all of equal spread."""
WIDER = 0.4
"""Their sum spreads wider than the first by about so much of the second's weight."""


class Agreement:
    def __init__(self, first: Clip, canonical: Canonical, discriminant: Discriminant):
        """`first`: a finished network whose image tower settles features as that of the network that learns."""
        self._first = first.eval().requires_grad_(False)
        self._canonical, self._discriminant = canonical, discriminant
        self.emoji = discriminant.centres
        """Mean settled features of the drawings of each emoji: [emoji, head]."""

    def sentences(self, sentences: list[str]) -> Tensor:
        """What `told` wants to know of them beside their pieces."""
        return self._canonical.sentences(sentences)

    @torch.no_grad()
    def told(self, settled: Tensor, pieces: Tensor, sentences: Tensor) -> Tensor:
        """Settled features [n, head], pieces [m, length] and `sentences` of the same -> scores [n, m]."""
        first = unit(self._first.image.project(settled)) @ unit(self._first.text(pieces)).t()
        return self._joined(first, self._canonical.pictures(settled) @ sentences.t(), CANONICAL)

    @torch.no_grad()
    def shown(self, settled: Tensor) -> Tensor:
        """Settled features of drawings [n, head] -> scores [n, emoji]."""
        first = unit(self._first.image.project(settled)) @ unit(self._first.image.project(self.emoji)).t()
        return self._joined(first, self._discriminant.vectors(settled) @ self._discriminant.vectors(self.emoji).t(), DISCRIMINANT)

    def _joined(self, first: Tensor, second: Tensor, weight: float) -> Tensor:
        """About as sharp as the finished model's own scores."""
        return self._first.logit_scale.exp() * (first + weight * first.std() / second.std() * second) / (1 + WIDER * weight)
