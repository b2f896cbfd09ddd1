"""What is done to a picture before the network sees it; it must still give back the picture as it was.

Whatever is changed here, the code learns to pass over: where the thing stands, which way it faces, how light the day was.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Corruption:
    """Strengths; zero leaves a kind out."""

    crop: float = 0.3
    """Share of the side by which a view may be smaller than the picture; placed at random."""
    flip: bool = True
    """Every second picture mirrored, left to right."""
    colour: float = 0.3
    """Change of each channel's contrast, as a share; and of the brightness, in half standard deviations."""
    noise: float = 0.0
    """Standard deviation of Gaussian noise, in those of the pictures."""
    mask: float = 0.0
    """Share of the 8 x 8 fields that are painted grey."""

    def to_dict(self) -> dict:
        return asdict(self)


def corrupt(pictures: Tensor, how: Corruption, random: torch.Generator) -> Tensor:
    """A new tensor of the same shape [N, 3, side, side]; pictures are standardised, so grey is 0.

    `random` lives on the CPU on every device, so that a run is the same on each.
    """
    count, device = len(pictures), pictures.device

    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=random).to(device)

    if how.crop > 0 or how.flip:
        scale = 1 - how.crop * uniform(count)
        mirror = torch.where(uniform(count) < 0.5, -1.0, 1.0) if how.flip else torch.ones(count, device=device)
        view = torch.zeros(count, 2, 3, device=device)
        view[:, 0, 0], view[:, 1, 1] = scale * mirror, scale
        view[:, :, 2] = (uniform(count, 2) * 2 - 1) * (1 - scale)[:, None]
        grid = F.affine_grid(view, list(pictures.shape), align_corners=False)
        pictures = F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
    if how.colour > 0:
        contrast = 1 + how.colour * (uniform(count, 3, 1, 1) * 2 - 1)
        pictures = pictures * contrast + 2 * how.colour * (uniform(count, 1, 1, 1) * 2 - 1)
    if how.noise > 0:
        pictures = pictures + how.noise * torch.randn(pictures.shape, generator=random).to(device)
    if how.mask > 0:
        fields = (uniform(count, 1, 8, 8) >= how.mask).float()
        pictures = pictures * F.interpolate(fields, size=pictures.shape[2:])
    return pictures
