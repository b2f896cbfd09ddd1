"""What is done to every training picture: crop, mirror, sharpness, colour, JPEG. Whole batches at once.

JPEG and sharpness are not for variety: they keep compression from telling the data sets apart.
"""
import io

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

MEAN, DEVIATION = (0.48, 0.45, 0.41), (0.26, 0.26, 0.27)
"""Of a channel from 0 to 1; preprocessor_config.json says the same to the service."""
UNCROPPED = 0.2
"""Share of pictures that stay whole, not resampled, as in use."""
SMALLEST_AREA = 0.35
DRAWN_UNCROPPED, DRAWN_SMALLEST_AREA = 0.3, 0.7
"""Of drawings, which were made on grounds of many sizes already: half a drawing may be another emoji."""
LONGEST, DRAWN_LONGEST = 0.25, 0.35
"""Of a window's sides, the logarithm of one by the other."""
TURNED, SLANTED = 0.2, 0.15
"""Drawings are turned by so many radians at most, and slanted: vendors give the same thing other proportions."""
MIRRORED, DRAWN_MIRRORED = 0.5, 0.0
"""Shares of pictures and of drawings: three o'clock in a mirror is nine, a right arrow a left one."""


def to_floats(pixels: np.ndarray) -> Tensor:
    """uint8 [n, px, px, 3] -> [n, 3, px, px] from 0 to 1."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous().float().div_(255)


def standardise(pictures: Tensor) -> Tensor:
    mean, deviation = (torch.tensor(values).view(1, 3, 1, 1) for values in (MEAN, DEVIATION))
    return ((pictures - mean) / deviation).contiguous(memory_format=torch.channels_last)


def augment(pictures: Tensor, drawn: np.ndarray, px: int, rng: np.random.Generator, smallest_area: float = SMALLEST_AREA) -> Tensor:
    """Pictures from 0 to 1 -> new ones of `px` a side, from 0 to 1. `drawn`: bool, which of them are drawings; `smallest_area`: of the others' windows."""
    cropped = crop(pictures, torch.from_numpy(drawn), px, rng, smallest_area)
    return jpeg(recolour(resharpen(restyle(cropped, np.flatnonzero(drawn), rng), rng), rng).clamp_(0, 1), rng)


def crop(pictures: Tensor, drawn: Tensor, px: int, rng: np.random.Generator, smallest_area: float = SMALLEST_AREA) -> Tensor:
    """A window of `smallest_area` (drawings: 70 %) to 100 % of the area; drawings are turned and slanted a little, of the others every second is mirrored."""
    count = len(pictures)
    smallest = torch.where(drawn, DRAWN_SMALLEST_AREA, smallest_area)
    area = smallest + (1 - smallest) * uniform(rng, count)
    ratio = torch.exp((2 * uniform(rng, count) - 1) * torch.where(drawn, DRAWN_LONGEST, LONGEST))
    whole = uniform(rng, count) < torch.where(drawn, DRAWN_UNCROPPED, UNCROPPED)
    area[whole], ratio[whole] = 1, 1
    width, height = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
    free = drawn & ~whole
    turn, slant = ((2 * uniform(rng, count) - 1) * torch.where(free, most, 0.0) for most in (TURNED, SLANTED))
    view = torch.zeros(count, 2, 3)
    view[:, 0, 0] = width * turn.cos() * torch.where(uniform(rng, count) < torch.where(drawn, DRAWN_MIRRORED, MIRRORED), -1.0, 1.0)
    view[:, 0, 1], view[:, 1, 0], view[:, 1, 1] = width * (slant - turn.sin()), height * turn.sin(), height * turn.cos()
    view[:, 0, 2] = (1 - width) * (2 * uniform(rng, count) - 1)
    view[:, 1, 2] = (1 - height) * (2 * uniform(rng, count) - 1)
    grid = F.affine_grid(view, [count, 3, px, px], align_corners=False)
    return F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)


def restyle(pictures: Tensor, drawn: np.ndarray, rng: np.random.Generator) -> Tensor:
    """Other colours and another light for the pictures of the numbers `drawn`; in place. Vendors paint the same thing in their own way."""
    count, side = len(drawn), pictures.shape[-1]
    some = pictures[drawn].clamp(0, 1)
    grey = some.mean(1, keepdim=True)
    some = grey + (some - grey) * (0.4 + 1.2 * uniform(rng, count, 1, 1, 1))
    some = some.clamp(0, 1) ** torch.exp(uniform(rng, count, 3, 1, 1) - 0.5)
    across, down = (torch.linspace(-1, 1, side).view(shape) for shape in ((1, 1, 1, side), (1, 1, side, 1)))
    slope = 0.4 * uniform(rng, 2, count, 1, 1, 1) - 0.2
    pictures[drawn] = some * (1 + slope[0] * across + slope[1] * down)
    return pictures


def resharpen(pictures: Tensor, rng: np.random.Generator) -> Tensor:
    """Three in four become sharper or softer."""
    amount = 2 * uniform(rng, len(pictures), 1, 1, 1) - 1.1  # below zero: sharper
    amount[uniform(rng, len(pictures)) < 0.25] = 0
    return pictures + amount * (soften(pictures) - pictures)


def soften(pictures: Tensor) -> Tensor:
    """Weights 1 2 1 in both directions."""
    wide = F.pad(pictures, (1, 1, 1, 1), mode="reflect")
    rows = wide[:, :, :-2] + wide[:, :, 2:] + 2 * wide[:, :, 1:-1]
    return (rows[..., :-2] + rows[..., 2:] + 2 * rows[..., 1:-1]) / 16


def recolour(pictures: Tensor, rng: np.random.Generator) -> Tensor:
    """Saturation, contrast and brightness; now and then black and white."""
    count = len(pictures)
    saturation = 1 + 0.5 * (uniform(rng, count, 1, 1, 1) - 0.5)
    saturation[uniform(rng, count) < 0.04] = 0
    grey = pictures.mean(1, keepdim=True)
    pictures = grey + (pictures - grey) * saturation
    return pictures * (0.75 + 0.5 * uniform(rng, count, 1, 1, 1)) + 0.2 * (uniform(rng, count, 1, 1, 1) - 0.5)


def jpeg(pictures: Tensor, rng: np.random.Generator, share: float = 0.5, quality: tuple[int, int] = (40, 96)) -> Tensor:
    """Saves a share of the pictures as JPEG and reads them again; in place."""
    for i in np.flatnonzero(rng.random(len(pictures)) < share):
        file = io.BytesIO()
        pixels = (pictures[i] * 255).round().byte().permute(1, 2, 0).contiguous().numpy()
        Image.fromarray(pixels).save(file, "JPEG", quality=int(rng.integers(*quality)))
        pictures[i] = to_floats(np.array(Image.open(file))[None])[0]
    return pictures


def uniform(rng: np.random.Generator, *shape: int) -> Tensor:
    """Float32 from 0 to 1."""
    return torch.from_numpy(rng.random(shape, dtype=np.float32))
