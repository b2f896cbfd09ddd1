"""The autoencoder: a picture through a narrow code and back.

Encoder: blocks of convolution, max-pooling, ReLU that halve the side down to 4 x 4, then one layer over all of it to the
code. Decoder: the code to 4 x 4, then transposed convolutions that double the side. The code is the embedding.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

INNER_SIDE = 4
"""Rows and columns that the encoder's blocks end with, and the decoder's begin with."""


@dataclass(frozen=True)
class Shape:
    """What the network looks like; stored in every checkpoint."""

    side: int = 64
    """Pixels a side of the pictures: 4 times a power of two, at least 16."""
    width: int = 16
    """Channels of the first block; each further block has twice as many, at most 128."""
    code: int = 192
    """Numbers in an embedding."""

    def channels(self) -> list[int]:
        """Channels of each of the encoder's blocks, from the picture on."""
        blocks = (self.side // INNER_SIDE).bit_length() - 1
        if blocks < 2 or self.side != INNER_SIDE << blocks:
            raise ValueError(f"expected --side of 16, 32, 64, 128 ..., got {self.side}")
        return [min(self.width << i, 128) for i in range(blocks)]

    def to_dict(self) -> dict:
        return asdict(self)


class TransposedConvolution(nn.ConvTranspose2d):
    """`ConvTranspose2d` of kernel 4, stride 2, padding 1: doubles the side.

    On a CPU it is computed as the equal 3 x 3 convolution to four times the channels and a shuffle of them into 2 x 2
    pixels: PyTorch has a fast convolution for CPUs, but not a fast transposed one (measured: README.md beside this file).
    """

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, outputs, kernel_size=4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        if x.is_cuda or torch.onnx.is_in_onnx_export():
            return super().forward(x)
        # Output row 2y reads input rows y - 1 and y by the kernel's rows 3 and 1; row 2y + 1 reads y and y + 1 by 2 and 0.
        # Index 4 is a row (column) of zeros: the tap that is not read.
        taps = F.pad(self.weight, (0, 1, 0, 1))[:, :, _PHASES][..., _PHASES]
        # [in, out, phase y, tap y, phase x, tap x] -> [out, phase y, phase x, in, tap y, tap x]
        kernel = taps.permute(1, 2, 4, 0, 3, 5).reshape(-1, self.in_channels, 3, 3)
        return F.pixel_shuffle(F.conv2d(x, kernel, self.bias.repeat_interleave(4), padding=1), 2)


_PHASES = torch.tensor([[3, 1, 4], [4, 2, 0]])


class Encoder(nn.Module):
    """Pictures [N, 3, side, side], standardised -> codes [N, code]."""

    def __init__(self, shape: Shape):
        super().__init__()
        channels = shape.channels()
        self.blocks = nn.Sequential(*(_down(i, o) for i, o in zip([3, *channels], channels)))
        self.code = nn.Conv2d(channels[-1], shape.code, INNER_SIDE)
        # No scale of its own: every number of the code has mean 0 and variance 1 over the training pictures, so that
        # none outweighs the others in a distance.
        self.norm = nn.BatchNorm2d(shape.code, affine=False)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.norm(self.code(self.blocks(pictures))).flatten(1)


class Decoder(nn.Module):
    """Codes [N, code] -> pictures [N, 3, side, side], standardised."""

    def __init__(self, shape: Shape):
        super().__init__()
        channels = shape.channels()[::-1]
        self.inner = channels[0]
        # A transposed convolution of one place to 4 x 4 is a plain layer of 16 times the channels.
        self.open = nn.Conv2d(shape.code, channels[0] * INNER_SIDE**2, 1)
        ups = [nn.Sequential(TransposedConvolution(i, o), nn.ReLU()) for i, o in zip(channels, channels[1:])]
        self.blocks = nn.Sequential(nn.ReLU(), *ups, TransposedConvolution(channels[-1], 3))

    def forward(self, codes: Tensor) -> Tensor:
        opened = self.open(codes[:, :, None, None])
        return self.blocks(opened.view(-1, self.inner, INNER_SIDE, INNER_SIDE))


class Autoencoder(nn.Module):
    """Both halves; trained so that what comes out equals what went in."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape)
        self.decoder = Decoder(shape)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.decoder(self.encoder(pictures))


def _down(inputs: int, outputs: int) -> nn.Module:
    """Halves the side. ReLU and normalisation after the pooling: the same for the first, a quarter of the work."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )
