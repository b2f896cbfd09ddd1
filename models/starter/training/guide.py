"""What the text tower is to learn, as free vectors: one for each concept, and one for each word of the captions.

A text tower is slow and sees few texts in a step; these see every concept in every step. So the space is found with them first,
and the text tower is taught to reach their places afterwards.
"""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

PADDING = 0
"""Number of no word."""


class Guide(nn.Module):
    def __init__(self, concepts: int, words: int, dimension: int):
        """`words`: how many the captions use, numbered from 1."""
        super().__init__()
        self.concepts = nn.Parameter(torch.randn(concepts, dimension) * dimension**-0.5)
        self.words = nn.Embedding(words + 1, dimension, padding_idx=PADDING)
        nn.init.normal_(self.words.weight, std=dimension**-0.5)
        with torch.no_grad():
            self.words.weight[PADDING] = 0

    def concept_vectors(self) -> Tensor:
        """Unit vectors [concepts, dimension] around zero, as the pictures' are."""
        return F.normalize(self.concepts - self.concepts.mean(0), dim=1)

    def frame(self) -> tuple[Tensor, Tensor]:
        """Where the concepts lie together, and how far from there: a text of direction d belongs at mean + length * d."""
        mean = self.concepts.mean(0)
        return mean, (self.concepts - mean).norm(dim=1).mean()

    def sentences(self, words: Tensor) -> Tensor:
        """Numbers of words [n, longest], padded -> unit vectors: the sum of the words, long ones counting more."""
        return F.normalize(self.words(words).sum(1), dim=1)
