"""EfficientNet-B0 (Tan and Le, arXiv 1905.11946), with torchvision's parameter names. Knows nothing of ONNX."""

from torch import nn, sigmoid

# expansion, kernel, stride of the first, channels, repeats
STAGES = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)]  # fmt: skip


def conv(before, after, kernel, stride=1, groups=1, active=True):
    layers = [nn.Conv2d(before, after, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False), nn.BatchNorm2d(after)]
    return nn.Sequential(*layers, *([nn.SiLU()] if active else []))


class SqueezeExcitation(nn.Module):
    def __init__(self, channels, squeezed):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)
        self.activation = nn.SiLU()

    def forward(self, maps):
        return maps * sigmoid(self.fc2(self.activation(self.fc1(maps.mean((2, 3), keepdim=True)))))


class Block(nn.Module):
    def __init__(self, before, after, expansion, kernel, stride):
        super().__init__()
        inner = before * expansion
        layers = [] if expansion == 1 else [conv(before, inner, 1)]
        layers += [
            conv(inner, inner, kernel, stride, inner),
            SqueezeExcitation(inner, max(1, before // 4)),
            conv(inner, after, 1, active=False),
        ]
        self.block = nn.Sequential(*layers)
        self.adds = stride == 1 and before == after

    def forward(self, maps):
        return maps + self.block(maps) if self.adds else self.block(maps)


class EfficientNetB0(nn.Module):
    """`width` scales every layer, the last included: 1 gives the 1280 features."""

    def __init__(self, width=1.0, classes=1000):
        super().__init__()
        scaled = lambda channels: max(4, round(channels * width))
        before, layers = scaled(32), [conv(3, scaled(32), 3, 2)]
        for expansion, kernel, first, channels, repeats in STAGES:
            blocks = []
            for i in range(repeats):
                blocks.append(Block(before, scaled(channels), expansion, kernel, first if i == 0 else 1))
                before = scaled(channels)
            layers.append(nn.Sequential(*blocks))
        layers.append(conv(before, scaled(1280), 1))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(scaled(1280), classes))

    def outputs(self, pixels):
        maps = self.features(pixels)
        pooled = maps.mean((2, 3))
        return {"maps": maps, "pooled": pooled, "logits": self.classifier(pooled)}

    def head(self, layer):
        return self.classifier[1] if layer in ("maps", "pooled") else None
