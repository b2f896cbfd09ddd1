"""The two towers, and the heads that only training has. Small, dense, and plain enough for ONNX."""
import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hubs import Hubs

DROPPED = 0.1
"""Share of a projection's hidden numbers that a training step leaves out."""
NUISANCE = 4
"""Directions of the pooled features that are taken out: see nuisance.py."""


@dataclass(frozen=True)
class Shape:
    """Stored in every checkpoint."""

    vocabulary: int
    end: int
    """Number of the end token."""
    px: int = 64
    widths: tuple[int, ...] = (96, 192, 384)
    blocks: tuple[int, ...] = (1, 2, 1)
    stem: int = 48
    head: int = 768
    dimension: int = 256
    hidden: int = 768
    """Of the image tower's projection."""
    word: int = 160
    """Numbers of a piece's vector."""
    text_hidden: int = 512
    concepts: int = 0
    """Outputs of the label classifier."""
    taught: int = 0
    """Outputs of the head that imitates the teacher."""
    said: int = 0
    """Outputs of the head that says which words captions hold."""
    hubs: int = 0
    """Groups of sentences by which pictures that suit too many are held back; 0 while anything is trained."""

    def to_dict(self) -> dict:
        return asdict(self)


class Convolution(nn.Module):
    """Convolution, normalisation, and a ReLU unless a shortcut comes first."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, active: bool = True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(outputs)
        self.active = active
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn(self.conv(x))
        return F.relu(x) if self.active else x


class Block(nn.Module):
    """Two convolutions and a shortcut; the second starts as nothing."""

    def __init__(self, width: int):
        super().__init__()
        self.a = Convolution(width, width)
        self.b = Convolution(width, width, active=False)
        nn.init.zeros_(self.b.bn.weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.b(self.a(x)))


class Projection(nn.Module):
    """A linear map, and what one hidden layer adds to it: [N, inputs] -> [N, outputs]."""

    def __init__(self, inputs: int, hidden: int, outputs: int):
        super().__init__()
        self.linear, self.inner, self.outer = nn.Linear(inputs, outputs), nn.Linear(inputs, hidden), nn.Linear(hidden, outputs)
        self.drop = nn.Dropout(DROPPED)
        nn.init.zeros_(self.outer.weight)
        nn.init.zeros_(self.outer.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) + self.outer(self.drop(F.relu(self.inner(x))))


class ImageTower(nn.Module):
    """Standardised pixels [N, 3, px, px] -> [N, dimension], not normalised."""

    def __init__(self, shape: Shape):
        super().__init__()
        widths = shape.widths
        layers = [Convolution(3, shape.stem, stride=2), Convolution(shape.stem, widths[0], stride=2)]
        for i, (width, count) in enumerate(zip(widths, shape.blocks)):
            if i:
                layers.append(Convolution(widths[i - 1], width, stride=2))
            layers += [Block(width) for _ in range(count)]
        self.features = nn.Sequential(*layers, Convolution(widths[-1], shape.head, kernel=1))
        self.register_buffer("nuisance", torch.zeros(shape.head, NUISANCE))
        self.norm = nn.BatchNorm1d(shape.head)  # without it all pictures end up in one narrow cone
        self.project = Projection(shape.head, shape.hidden, shape.dimension)
        self.hubs = Hubs(shape.hubs, shape.dimension) if shape.hubs else nn.Identity()

    def raw(self, pixels: Tensor) -> Tensor:
        """Pooled features as the last convolution gives them: what features.py stores."""
        return self.features(pixels).mean((2, 3)).float()

    def settle(self, raw: Tensor) -> Tensor:
        """Without what tells only how a picture was compressed, and normalised: what the heads and `project` read."""
        return self.norm(raw - (raw @ self.nuisance) @ self.nuisance.t())

    def forward(self, pixels: Tensor) -> Tensor:
        return self.hubs(self.project(self.settle(self.raw(pixels))))


class TextTower(nn.Module):
    """Numbers of pieces [N, length] -> [N, dimension]: a deep averaging network (Iyyer et al., ACL 2015).

    The vectors of the pieces are added up, so begin, end and padding (all of them left out) and the order of the words
    change nothing; the projection then sees which words go together.
    """

    def __init__(self, shape: Shape):
        super().__init__()
        self.end = shape.end
        self.token = nn.Embedding(shape.vocabulary, shape.word)
        self.norm = nn.LayerNorm(shape.word)
        self.project = Projection(shape.word, shape.text_hidden, shape.dimension)
        nn.init.normal_(self.token.weight, std=0.05)

    def forward(self, pieces: Tensor) -> Tensor:
        said = (pieces != self.end) & (pieces != self.end - 1)  # the begin token is the one before the end token
        return self.project(self.norm((self.token(pieces) * said.unsqueeze(-1).float()).sum(1)))


class Clip(nn.Module):
    """Both towers, the heads, and how sharply similarities are told apart."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.image, self.text = ImageTower(shape), TextTower(shape)
        self.classifier = nn.Linear(shape.head, shape.concepts) if shape.concepts else None
        self.teacher = nn.Linear(shape.head, shape.taught) if shape.taught else None
        self.said = nn.Linear(shape.head, shape.said) if shape.said else None
        self.logit_scale = nn.Parameter(torch.tensor(math.log(14.0)))
        self.sigmoid_bias = nn.Parameter(torch.tensor(-10.0))
        """Read by the sigmoid loss only."""


def unit(vectors: Tensor) -> Tensor:
    return F.normalize(vectors.float(), dim=-1)
