"""MobileNetV2 (Sandler et al., arXiv 1801.04381), with torchvision's parameter names. Knows nothing of ONNX."""

from torch import nn

# expansion, channels, repeats, stride of the first
BLOCKS = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


def conv(before, after, kernel=3, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(before, after, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU6(),
    )


class Block(nn.Module):
    def __init__(self, before, after, stride, expansion):
        super().__init__()
        inner = before * expansion
        layers = [] if expansion == 1 else [conv(before, inner, 1)]
        layers += [conv(inner, inner, 3, stride, inner), nn.Conv2d(inner, after, 1, bias=False), nn.BatchNorm2d(after)]
        self.conv = nn.Sequential(*layers)
        self.adds = stride == 1 and before == after

    def forward(self, maps):
        return maps + self.conv(maps) if self.adds else self.conv(maps)


class MobileNetV2(nn.Module):
    """`width` scales every layer, the last included: 1 gives the 1280 features."""

    def __init__(self, width=1.0, classes=1000):
        super().__init__()
        scaled = lambda channels: max(4, round(channels * width))
        before, layers = scaled(32), [conv(3, scaled(32), stride=2)]
        for expansion, channels, repeats, first in BLOCKS:
            for i in range(repeats):
                layers.append(Block(before, scaled(channels), first if i == 0 else 1, expansion))
                before = scaled(channels)
        layers.append(conv(before, scaled(1280), 1))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(scaled(1280), classes))

    def outputs(self, pixels):
        maps = self.features(pixels)
        pooled = maps.mean((2, 3))
        return {"maps": maps, "pooled": pooled, "logits": self.classifier(pooled)}

    def head(self, layer):
        return self.classifier[1] if layer in ("maps", "pooled") else None
