"""ViT-B/16 (Dosovitskiy et al., arXiv 2010.11929), with torchvision's parameter names. Attention is written out, because
PyTorch's fused one does not export to ONNX. Knows nothing of ONNX."""

from collections import OrderedDict

import torch
from torch import nn


class Attention(nn.Module):
    """The parameters of nn.MultiheadAttention under its names."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        nn.init.xavier_uniform_(self.in_proj_weight)

    def forward(self, tokens):
        count, width = tokens.shape[1], tokens.shape[2]
        split = nn.functional.linear(tokens, self.in_proj_weight, self.in_proj_bias).chunk(3, -1)
        query, key, value = (x.reshape(-1, count, self.heads, width // self.heads).transpose(1, 2) for x in split)
        scores = query @ key.transpose(-1, -2) / (width // self.heads) ** 0.5
        return self.out_proj((scores.softmax(-1) @ value).transpose(1, 2).reshape(-1, count, width))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width, eps=1e-6)
        self.self_attention = Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width, eps=1e-6)
        inner = [nn.Linear(width, 4 * width), nn.GELU(), nn.Dropout(0.0), nn.Linear(4 * width, width)]
        self.mlp = nn.Sequential(*inner)

    def forward(self, tokens):
        tokens = tokens + self.self_attention(self.ln_1(tokens))
        return tokens + self.mlp(self.ln_2(tokens))


class Vit(nn.Module):
    """`width` scales 768; `depth` layers of 12 heads (fewer where the width does not hold 12)."""

    def __init__(self, width=1.0, side=224, patch=16, depth=12, classes=1000):
        super().__init__()
        hidden = max(16, round(768 * width / 4) * 4)
        heads = 12 if hidden % 12 == 0 and hidden >= 192 else 4
        self.class_token = nn.Parameter(torch.zeros(1, 1, hidden))
        self.conv_proj = nn.Conv2d(3, hidden, patch, patch)
        layers = OrderedDict((f"encoder_layer_{i}", Layer(hidden, heads)) for i in range(depth))
        self.encoder = nn.Module()
        self.encoder.pos_embedding = nn.Parameter(torch.randn(1, (side // patch) ** 2 + 1, hidden) * 0.02)
        self.encoder.layers = nn.Sequential(layers)
        self.encoder.ln = nn.LayerNorm(hidden, eps=1e-6)
        self.heads = nn.Sequential(OrderedDict(head=nn.Linear(hidden, classes)))

    def outputs(self, pixels):
        patches = self.conv_proj(pixels).flatten(2).transpose(1, 2)
        token = self.class_token.expand(patches.shape[0], -1, -1)
        tokens = self.encoder.layers(torch.cat([token, patches], 1) + self.encoder.pos_embedding)
        tokens = self.encoder.ln(tokens)
        return {"last_hidden_state": tokens, "logits": self.heads(tokens[:, 0])}

    def head(self, layer):
        return self.heads.head if layer == "last_hidden_state" else None
