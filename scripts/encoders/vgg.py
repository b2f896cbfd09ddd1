"""VGG-16 and VGG-19 (Simonyan and Zisserman, arXiv 1409.1556), with torchvision's parameter names, so that its published
weights load as they are. Knows nothing of ONNX."""

from torch import flatten, nn

CHANNELS = {
    "vgg16": [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"],
    "vgg19": [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512, "M"],
}


class Vgg(nn.Module):
    """`width` scales every layer; `side` is the picture's (224 gives the published 7 x 7 grid before the first layer)."""

    def __init__(self, name, width=1.0, side=224, classes=1000):
        super().__init__()
        scaled = lambda channels: max(4, round(channels * width))
        layers, before = [], 3
        for entry in CHANNELS[name]:
            if entry == "M":
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(before, scaled(entry), 3, padding=1), nn.ReLU()]
                before = scaled(entry)
        hidden = scaled(4096)
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Linear(before * (side // 32) ** 2, hidden), nn.ReLU(), nn.Dropout(),
            nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(),
            nn.Linear(hidden, classes),
        )  # fmt: skip

    def outputs(self, pixels):
        """fc1 and fc2 are read behind their ReLU: features are never negative."""
        maps = self.features(pixels)
        fc1 = self.classifier[:2](flatten(maps, 1))
        fc2 = self.classifier[2:5](fc1)
        return {"maps": maps, "fc1": fc1, "fc2": fc2, "logits": self.classifier[5:](fc2)}

    def head(self, layer):
        """The layer that reads these features, or None."""
        return self.classifier[6] if layer == "fc2" else None
