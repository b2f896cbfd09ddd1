"""Makes test/fixtures/encoders/: tiny networks with random weights (seed 7) of the architectures that people use, and
golden.json, PyTorch's own features of the pictures that test/support/synthetic-pixels.ts draws.

    python3 scripts/encoders/fixtures.py
"""

import base64
import json
from pathlib import Path

import numpy
import torch
from torch import nn

from export import IMAGENET, Cut, pixel_spec, write_encoder, write_onnx
from make import build

FOLDER = Path(__file__).resolve().parents[2] / "test/fixtures/encoders"
SIDE = 32
SEED = 7
PICTURES = [1, 2, 3]
CLASSES = ["cat", "dog", "truck", "ship", "frog"]
# Keras' VGG: levels as they are, blue first, the mean colour taken off.
CAFFE = {"mean": [123.68, 116.779, 103.939], "deviation": [1, 1, 1], "rescale": 1}


def main():
    golden = {}
    for make in MAKERS:
        torch.manual_seed(SEED)
        name = make.__name__.replace("_", "-")
        folder = FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        network, features, normalisation = make(folder)
        with torch.no_grad():
            rows = {
                key: [encode(feature(network.eval().outputs(tensor(seed, normalisation)))) for seed in PICTURES]
                for key, feature in features.items()
            }
        golden[name] = rows
    content = {"side": SIDE, "seeds": PICTURES, "encoders": golden}
    (FOLDER / "golden.json").write_text(json.dumps(content, indent=1) + "\n")


def vgg16_fc2(folder):
    """4096 features at full width; here 64, with the classifier that reads them."""
    network = build("vgg16", 1 / 64, SIDE, len(CLASSES))
    livelier(network)
    write_onnx(Cut(network, ["fc1", "fc2"]), folder / "model.onnx", SIDE)
    manifest = described("vgg16-fc2", {"output": "fc2", "pooling": "none"}, IMAGENET)
    write_encoder(folder, manifest, network.head("fc2"), CLASSES)
    return network, {"fc1": lambda o: o["fc1"], "fc2": lambda o: o["fc2"]}, IMAGENET


def vgg16_caffe_maps(folder):
    """Channels last, blue first, maps without a pooling of their own."""
    network = build("vgg16", 1 / 64, 64, len(CLASSES))
    network.features = network.features[:-1]
    livelier(network)
    write_onnx(Cut(network, ["maps"], "NHWC", "BGR"), folder / "model.onnx", SIDE, "input_1")
    manifest = described("vgg16-caffe-maps", {"output": "maps", "pooling": "gap"}, CAFFE)
    manifest["input"] = {"name": "input_1", "layout": "NHWC", "channels": "BGR"}
    write_encoder(folder, manifest)
    return network, {"maps": lambda o: o["maps"].mean((2, 3))}, CAFFE


def mobilenet(folder):
    network = build("mobilenet_v2", 1 / 40, SIDE, len(CLASSES))
    livelier(network)
    write_onnx(Cut(network, ["pooled", "maps"]), folder / "model.onnx", SIDE)
    write_encoder(folder, described("mobilenet", {"output": "pooled", "pooling": "none"}, IMAGENET))
    return network, {"pooled": lambda o: o["pooled"], "maps": lambda o: o["maps"].mean((2, 3))}, IMAGENET


def vit(folder):
    """Outputs as transformers' exports name them."""
    network = build("vit_b_16", 1 / 48, SIDE, len(CLASSES), patch=8, depth=1)
    write_onnx(Cut(network, ["last_hidden_state"]), folder / "model.onnx", SIDE)
    write_encoder(folder, described("vit", {"output": "last_hidden_state", "pooling": "cls"}, IMAGENET))
    features = {"cls": lambda o: o["last_hidden_state"][:, 0], "mean": lambda o: o["last_hidden_state"].mean(1)}
    return network, features, IMAGENET


def logits_only(folder):
    """As an export for classification: nothing but class scores."""
    network = build("vit_b_16", 1 / 48, SIDE, len(CLASSES), patch=8, depth=1)
    write_onnx(Cut(network, ["logits"]), folder / "model.onnx", SIDE)
    write_encoder(folder, described("logits-only", {}, IMAGENET))
    return network, {"logits": lambda o: o["logits"]}, IMAGENET


class Patches(nn.Module):
    """The mean of one convolution; `shape` gives the number of pictures a wrong or right place in a reshape."""

    def __init__(self, shape):
        super().__init__()
        self.conv, self.shape = nn.Conv2d(3, 8, 8, 8), shape

    def outputs(self, pixels):
        maps = self.conv(pixels)
        return {"features": maps.reshape(self.shape).mean(-1)}


def one_at_a_time(folder):
    """A graph that is declared for one picture."""
    return patches(folder, "one-at-a-time", (1, 8, -1), 1)


def three_at_a_time(folder):
    """A graph that is declared for three pictures."""
    return patches(folder, "three-at-a-time", (3, 8, -1), 3)


def falsely_any(folder):
    """A graph that is declared for any number of pictures and reshapes them to one."""
    return patches(folder, "falsely-any", (1, 8, -1), None)


def patches(folder, name, shape, pictures):
    network = Patches(shape)
    write_onnx(Cut(network, ["features"]), folder / "model.onnx", SIDE, pictures=pictures)
    write_encoder(folder, described(name, {}, IMAGENET))
    network.shape = (-1, 8, (SIDE // 8) ** 2)
    return network, {"features": lambda o: o["features"]}, IMAGENET


def described(name, output, normalisation):
    return {
        "id": name,
        "file": "model.onnx",
        "input": {"name": "pixel_values", "layout": "NCHW", "channels": "RGB"},
        "pixels": pixel_spec(SIDE, {"width": SIDE, "height": SIDE}, normalisation),
        **output,
        "licence": "Apache-2.0",
        "description": f"Random weights, seed {SEED}, for tests.",
    }


def livelier(network):
    """Narrow layers of PyTorch's default scale fade to nothing over 16 of them; He's scale keeps pictures apart. Norms get
    statistics as training leaves them, which an export must fold in."""
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight)
            if layer.bias is not None:
                nn.init.constant_(layer.bias, 0.05)
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.running_mean, 0, 0.1)
            nn.init.uniform_(layer.running_var, 0.5, 1.5)


def tensor(seed, normalisation):
    """The formula of syntheticPixels, then the published normalisation, with none of the service's code in between."""
    y, x = numpy.mgrid[0:SIDE, 0:SIDE]
    stripes = numpy.where(((x >> 3) + (y >> 3) + seed) % 2 == 0, 230, 25)
    picture = numpy.stack([(x * 4 + seed * 37) % 256, (y * 4 + seed * 91) % 256, stripes]).astype("f8")
    mean, deviation = (numpy.array(normalisation[key]).reshape(3, 1, 1) for key in ("mean", "deviation"))
    return torch.from_numpy(((picture * normalisation["rescale"] - mean) / deviation).astype("f4"))[None]


def encode(row):
    """Little-endian float32 in base64."""
    return base64.b64encode(row.numpy().astype("<f4").tobytes()).decode()


MAKERS = [vgg16_fc2, vgg16_caffe_maps, mobilenet, vit, logits_only, one_at_a_time, three_at_a_time, falsely_any]

if __name__ == "__main__":
    main()
