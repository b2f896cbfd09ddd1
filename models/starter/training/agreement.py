"""What a finished model and a linear method think of a batch together: the text stage imitates it.

Of sentences of pictures that are not at hand nobody has said which photographs of the batch they may tell of, so that nothing can be
learnt by heart there. The mean of several models as a teacher: Hinton et al., Distilling the knowledge in a neural network, 2015.
"""
import numpy as np
import torch
from torch import Tensor

from canonical import Canonical
from discriminant import Discriminant
from heard import Heard
from towers import Clip, unit

CANONICAL, DISCRIMINANT = 0.5, 1.0
"""Weights of the linear methods beside the finished model's own scores, all of equal spread."""
WIDER = 0.4
"""Their sum spreads wider than the first by about so much of the second's weight."""


class Agreement:
    def __init__(self, first: Clip, canonical: Canonical, discriminant: Discriminant, heard: Heard | None = None):
        """`first`: a finished network whose image tower settles features as that of the network that learns; `heard`: what an earlier one thinks."""
        self._first = first.eval().requires_grad_(False)
        self._canonical, self._discriminant, self._heard = canonical, discriminant, heard
        self.emoji = discriminant.centres
        """Mean settled features of the drawings of each emoji: [emoji, head]."""

    def sentences(self, sentences: list[str]) -> Tensor:
        """What `told` wants to know of them beside their pieces."""
        return self._canonical.sentences(sentences)

    def numbers(self, sentences: list[str]) -> Tensor | None:
        """By which `told` finds what was heard of them."""
        return None if self._heard is None else torch.from_numpy(self._heard.numbers(sentences))

    @torch.no_grad()
    def told(self, settled: Tensor, pieces: Tensor, sentences: Tensor, rows: Tensor | None = None, numbers: Tensor | None = None) -> Tensor:
        """Settled features [n, head], pieces [m, length] and `sentences` of the same -> scores [n, m].

        `rows` of the pack's index and `numbers` of the sentences: the mean with what was heard, where it is known.
        """
        first = unit(self._first.image.project(settled)) @ unit(self._first.text(pieces)).t()
        scores = self._joined(first, self._canonical.pictures(settled) @ sentences.t(), CANONICAL)
        if self._heard is not None and rows is not None and numbers is not None:
            own = rows.cpu().numpy()
            known = np.flatnonzero(self._heard.known(own))
            scores[known] = (scores[known] + self._heard.scores(own[known], numbers.cpu().numpy()).to(scores.device)) / 2
        return scores

    @torch.no_grad()
    def shown(self, settled: Tensor) -> Tensor:
        """Settled features of drawings [n, head] -> scores [n, emoji]."""
        first = unit(self._first.image.project(settled)) @ unit(self._first.image.project(self.emoji)).t()
        return self._joined(first, self._discriminant.vectors(settled) @ self._discriminant.vectors(self.emoji).t(), DISCRIMINANT)

    def _joined(self, first: Tensor, second: Tensor, weight: float) -> Tensor:
        """About as sharp as the finished model's own scores."""
        return self._first.logit_scale.exp() * (first + weight * first.std() / second.std() * second) / (1 + WIDER * weight)
