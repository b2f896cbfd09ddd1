"""Hubs: pictures that lie near many sentences and so come first for ones that do not tell of them (Radovanović et al., Hubs in Space, JMLR 2010).

A score of a sentence counts for less the more sentences at large a picture suits: the inverted softmax (Smith et al., ICLR 2017), for
pictures and captions query-bank normalization (Bogolin et al., Cross Modal Retrieval with Querybank Normalisation, CVPR 2022). There it
mends scores; here it is written into the picture's own vector, so that an index of cosines finds by it and knows nothing of it.
"""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

SHARPNESS = 40.0
"""Of the softmax over sentences."""
USUAL = 0.1
"""A picture that suits sentences at large no more than this cosine is left as it is: else what suits none at all would come first."""
STRENGTH = 0.9
"""Share of the correction that scores of sentences get."""
NAMES, DAMPED = 4.0, 0.002
"""Where sentences are told from names: the weight of names, and what is added to the variance of each number."""
ROUNDS, AT_ONCE = 12, 8192


class Hubs(nn.Module):
    """Vectors of pictures [n, dimension], of any length, -> the same, held back from sentences as far as they are hubs."""

    def __init__(self, count: int, dimension: int):
        """`count`: sentences at large, as the middles of as many groups. As made it changes nothing: `fit_hubs` sets it."""
        super().__init__()
        self.near = nn.Linear(dimension, count)
        self.toward = nn.Parameter(torch.zeros(dimension))
        """Product with a sentence's unit vector: about 1; with a name's: little. Names are to find all that they name."""

    def forward(self, x: Tensor) -> Tensor:
        return x - x.norm(dim=-1, keepdim=True) * self.excess(F.normalize(x, dim=-1)).unsqueeze(-1) * self.toward

    def excess(self, pictures: Tensor) -> Tensor:
        """Unit vectors [n, dimension] -> cosine by which each suits sentences at large more than USUAL [n], softly never below 0."""
        return (1 + self.near(pictures).exp().sum(-1)).log() / SHARPNESS


@torch.no_grad()
def fit_hubs(sentences: Tensor, names: Tensor, count: int, seed: int) -> Hubs:
    """Of unit vectors [n, dimension] and [m, dimension]; `count` groups of sentences."""
    middles, shares, variances = _groups(sentences, count, torch.Generator().manual_seed(seed))
    hubs = Hubs(count, sentences.shape[1])
    hubs.near.weight.copy_(SHARPNESS * middles)
    # The mean of exp over a group whose products with a picture are spread normally.
    hubs.near.bias.copy_(shares.log() + SHARPNESS**2 * variances / 2 - SHARPNESS * USUAL)
    variance = lambda rows: rows.t() @ rows / len(rows)
    both = variance(sentences) + NAMES * variance(names) + DAMPED * torch.eye(sentences.shape[1])
    toward = torch.linalg.solve(both, sentences.mean(0))
    hubs.toward.copy_(STRENGTH * toward / (sentences.mean(0) @ toward))
    return hubs


def _groups(rows: Tensor, count: int, chance: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """k-means: middles [count, dimension], each one's share of the rows, and its rows' variance along a direction. A group that loses all its
    rows begins anew at one of them."""
    middles = rows[torch.randperm(len(rows), generator=chance)[:count]]
    for _ in range(ROUNDS):
        own = torch.cat([(part @ middles.t() - middles.square().sum(1) / 2).argmax(1) for part in rows.split(AT_ONCE)])
        sizes = torch.bincount(own, minlength=len(middles))
        middles = torch.zeros_like(middles).index_add_(0, own, rows) / sizes.clamp(min=1).unsqueeze(1)
        middles = torch.where((sizes > 0).unsqueeze(1), middles, rows[torch.randint(len(rows), (len(middles),), generator=chance)])
    apart = (rows - middles[own]).square().mean(1)
    held = sizes.clamp(min=1)
    return middles, held / held.sum(), torch.zeros(len(middles)).index_add_(0, own, apart) / held
