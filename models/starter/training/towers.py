"""The two towers, and the heads that only training has. Small, dense, and plain enough for ONNX."""
import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from text.tokenizer import CONTEXT

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
    text_width: int = 256
    text_layers: int = 3
    text_heads: int = 4
    concepts: int = 0
    """Outputs of the label classifier."""
    taught: int = 0
    """Outputs of the head that imitates the teacher."""

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
        self.project = nn.Linear(shape.head, shape.dimension)

    def raw(self, pixels: Tensor) -> Tensor:
        """Pooled features as the last convolution gives them: what features.py stores."""
        return self.features(pixels).mean((2, 3)).float()

    def settle(self, raw: Tensor) -> Tensor:
        """Without what tells only how a picture was compressed, and normalised: what both heads and `project` read."""
        return self.norm(raw - (raw @ self.nuisance) @ self.nuisance.t())

    def forward(self, pixels: Tensor) -> Tensor:
        return self.project(self.settle(self.raw(pixels)))


class TextBlock(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        texts, length, width = x.shape
        size = width // self.heads
        query, key, value = self.qkv(self.norm1(x)).view(texts, length, 3, self.heads, size).permute(2, 0, 3, 1, 4)
        weights = (query @ key.transpose(-1, -2) * size**-0.5 + mask).softmax(-1)
        x = x + self.out((weights @ value).transpose(1, 2).reshape(texts, length, width))
        inner = self.fc1(self.norm2(x))
        return x + self.fc2(inner * torch.sigmoid(1.702 * inner))  # quick GELU, as in CLIP


class TextTower(nn.Module):
    """Numbers of pieces [N, length] -> [N, dimension]; causal, the state at the first end token is the sentence."""

    def __init__(self, shape: Shape):
        super().__init__()
        width = shape.text_width
        self.end = shape.end
        self.token = nn.Embedding(shape.vocabulary, width)
        self.position = nn.Parameter(torch.randn(CONTEXT, width) * 0.01)
        self.blocks = nn.ModuleList(TextBlock(width, shape.text_heads) for _ in range(shape.text_layers))
        self.norm = nn.LayerNorm(width)
        self.project = nn.Linear(width, shape.dimension, bias=False)
        self.register_buffer("causal", torch.full((CONTEXT, CONTEXT), -1e4).triu(1), persistent=False)
        nn.init.normal_(self.token.weight, std=0.02)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=width**-0.5 * (0.5 if layer.out_features == width else 1))
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def forward(self, pieces: Tensor) -> Tensor:
        # transformers.js truncates after adding the special tokens, so a long text loses its end: put it back here.
        pieces = pieces[:, :CONTEXT]
        ended = (pieces == self.end).int().sum(1, keepdim=True) > 0
        last = torch.where(ended, pieces[:, -1:], torch.full_like(pieces[:, -1:], self.end))
        pieces = torch.cat([pieces[:, :-1], last], 1)
        length = pieces.shape[1]
        x = self.token(pieces) + self.position[:length]
        for block in self.blocks:
            x = block(x, self.causal[:length, :length])
        end = (pieces == self.end).int().argmax(1)
        return self.project(self.norm(x[torch.arange(x.shape[0], device=x.device), end]))


class Clip(nn.Module):
    """Both towers, the two heads, and how sharply similarities are told apart."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.image, self.text = ImageTower(shape), TextTower(shape)
        self.classifier = nn.Linear(shape.head, shape.concepts) if shape.concepts else None
        self.teacher = nn.Linear(shape.head, shape.taught) if shape.taught else None
        self.logit_scale = nn.Parameter(torch.tensor(math.log(14.0)))
        self.text_scale = nn.Parameter(torch.tensor(math.log(14.0)))
        self.sigmoid_bias = nn.Parameter(torch.tensor(-10.0))
        """Read by the sigmoid loss only."""


def unit(vectors: Tensor) -> Tensor:
    return F.normalize(vectors.float(), dim=-1)
