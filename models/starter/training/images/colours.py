"""Which colours a picture shows much of: a red car is learnt from pictures of cars that hold much red."""
import torch
import torch.nn.functional as F
from torch import Tensor

from text.prompts import COLOURS

LITTLE, MUCH, MUCH_GREY = 0.04, 0.3, 0.6
"""Shares of the picture: below the first it has none of it, above the second (black and white: the third) it is so."""


def seen_colours(pictures: Tensor) -> Tensor:
    """Pictures from 0 to 1 -> int8 [n, colours]: 1 much of it, 0 none of it, -1 some."""
    small = F.avg_pool2d(pictures, 4)
    value, low = small.max(1).values, small.min(1).values
    spread = (value - low).clamp(min=1e-6)
    saturation = spread / value.clamp(min=1e-6)
    red, green, blue = small.unbind(1)
    in_red, in_green = (green - blue) / spread % 6, (blue - red) / spread + 2
    in_blue = (red - green) / spread + 4
    hue = 60 * torch.where(value == red, in_red, torch.where(value == green, in_green, in_blue))
    between = lambda start, end: (hue >= start) & (hue < end)
    vivid, warm = (saturation > 0.42) & (value > 0.22), between(12, 42)
    masks = {
        "red": vivid & ~between(12, 345),
        "orange": vivid & warm & (value >= 0.65) & (saturation > 0.6),
        "yellow": vivid & between(42, 68),
        "green": vivid & between(68, 165),
        "blue": vivid & between(175, 255),
        "purple": (saturation > 0.3) & (value > 0.22) & between(255, 295),
        "pink": (saturation > 0.25) & (value > 0.5) & between(295, 345),
        "brown": vivid & warm & (value < 0.55),
        "black": value < 0.18,
        "white": (value > 0.88) & (saturation < 0.1),
    }
    share = torch.stack([masks[colour].float().mean((1, 2)) for colour in COLOURS], 1)
    needed = torch.tensor([MUCH_GREY if colour in ("black", "white") else MUCH for colour in COLOURS])
    return torch.where(share > needed, 1, torch.where(share < LITTLE, 0, -1)).to(torch.int8)
