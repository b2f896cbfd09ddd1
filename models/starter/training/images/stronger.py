"""Augmentation beyond the usual one: random operations as in RandAugment, and pictures mixed of two. Off by default."""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from images.augment import soften, uniform


def rand_augment(pictures: Tensor, operations: int, strength: float, rng: np.random.Generator) -> Tensor:
    """So many operations of those below on each picture, each as strong as chance wants up to `strength` (0 to 1)."""
    for _ in range(operations):
        choice = rng.integers(len(OPERATIONS), size=len(pictures))
        for number, operation in enumerate(OPERATIONS):
            chosen = torch.from_numpy(np.flatnonzero(choice == number))
            if len(chosen):
                amount = strength * (2 * uniform(rng, len(chosen), 1, 1, 1) - 1)
                pictures[chosen] = operation(pictures[chosen], amount).clamp_(0, 1)
    return pictures


def _warp(pictures: Tensor, views: list[list[Tensor]]) -> Tensor:
    """`views`: the affine matrix's six numbers, each [n]."""
    view = torch.stack([torch.stack(row, -1) for row in views], 1)
    grid = F.affine_grid(view, list(pictures.shape), align_corners=False)
    return F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)


def _rotate(pictures: Tensor, amount: Tensor) -> Tensor:
    angle = amount.flatten() * math.pi / 6
    none = torch.zeros_like(angle)
    return _warp(pictures, [[angle.cos(), -angle.sin(), none], [angle.sin(), angle.cos(), none]])


def _shear(pictures: Tensor, amount: Tensor) -> Tensor:
    slope = amount.flatten() * 0.4
    one, none = torch.ones_like(slope), torch.zeros_like(slope)
    return _warp(pictures, [[one, slope, none], [none, one, none]])


def _shift(pictures: Tensor, amount: Tensor) -> Tensor:
    way = amount.flatten() * 0.5
    one, none = torch.ones_like(way), torch.zeros_like(way)
    return _warp(pictures, [[one, none, way], [none, one, way.flip(0)]])


def _contrast(pictures: Tensor, amount: Tensor) -> Tensor:
    mean = pictures.mean((1, 2, 3), keepdim=True)
    return mean + (pictures - mean) * (1 + 0.9 * amount)


def _tint(pictures: Tensor, amount: Tensor) -> Tensor:
    return pictures * (1 + 0.4 * torch.cat([amount, -amount, amount.flip(0)], 1))


def _gamma(pictures: Tensor, amount: Tensor) -> Tensor:
    return pictures.clamp(min=1e-4) ** torch.exp(amount)


def _posterise(pictures: Tensor, amount: Tensor) -> Tensor:
    levels = 2 ** (8 - 5 * amount.abs()).round()
    return (pictures * levels).floor() / levels


def _solarise(pictures: Tensor, amount: Tensor) -> Tensor:
    return torch.where(pictures > 1 - 0.5 * amount.abs(), 1 - pictures, pictures)


def _blur(pictures: Tensor, amount: Tensor) -> Tensor:
    return pictures + amount.abs() * (soften(soften(pictures)) - pictures)


OPERATIONS = (_rotate, _shear, _shift, _contrast, _tint, _gamma, _posterise, _solarise, _blur)


def mix(pictures: Tensor, mixup: float, cutmix: float, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Each picture with a partner: laid over it, or a window of it put in. `mixup`, `cutmix`: shares of the batches.

    Returns the pictures, the partner's row of each and the share of the picture itself: 1 where nothing was mixed.
    """
    count, kind = len(pictures), rng.random()
    partner = torch.from_numpy(rng.permutation(count))
    own = torch.ones(count)
    if kind < mixup:
        own = torch.from_numpy(rng.beta(0.4, 0.4, count).astype(np.float32))
        share = own.view(-1, 1, 1, 1)
        pictures = share * pictures + (1 - share) * pictures[partner]
    elif kind < mixup + cutmix:
        side = pictures.shape[-1]
        edge = int(side * math.sqrt(rng.random()))
        top, left = (int(rng.integers(0, side - edge + 1)) for _ in range(2))
        window = (..., slice(top, top + edge), slice(left, left + edge))
        pictures = pictures.clone()
        pictures[window] = pictures[partner][window]
        own = torch.full((count,), 1 - (edge / side) ** 2)
    return pictures, partner, own
