"""What in the features tells only how a picture was compressed: found by saving pictures as JPEG, and taken out.

The first weights told the data sets apart by compression; random JPEG in training cures most of it, this the rest.
"""
import numpy as np
import torch
from torch import Tensor

from data.registry import UNCOMPRESSED
from images.augment import jpeg, standardise, to_floats
from text.corpus import Corpus
from towers import NUISANCE, Clip

QUALITY = 55, 90
MEAN_WEIGHT = 2
"""The shift that all pictures share counts more than how each moves."""


@torch.no_grad()
def compression_directions(net: Clip, corpus: Corpus, each: int, seed: int, device: str) -> Tensor:
    """[features, NUISANCE], orthonormal: where features go when `each` pictures of every uncompressed set become JPEG."""
    rng = np.random.default_rng(seed)
    sets = [corpus.sets[name].pixels for name in UNCOMPRESSED if name in corpus.sets]
    if not sets:
        raise ValueError(f"expected one of {', '.join(UNCOMPRESSED)} among the data sets, to see what compression does")
    pixels = [one[np.sort(rng.choice(len(one), min(each, len(one)), replace=False))] for one in sets]
    pictures = to_floats(np.concatenate(pixels))
    clean = _raw(net, pictures, device)
    moved = _raw(net, jpeg(pictures, rng, 1.0, QUALITY), device) - clean
    shared = moved.mean(0, keepdim=True) * len(moved) ** 0.5 * MEAN_WEIGHT
    return torch.linalg.svd(torch.cat([moved, shared]), full_matrices=False)[2][:NUISANCE].t().contiguous()


def _raw(net: Clip, pictures: Tensor, device: str) -> Tensor:
    return torch.cat([net.image.raw(standardise(part).to(device)).cpu() for part in pictures.split(128)])
