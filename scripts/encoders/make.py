"""Makes an image encoder of a known architecture: ONNX file, encoder.json and classifier, in a folder that Semblance reads.

    python3 scripts/encoders/make.py vgg16 --layer fc2 --weights vgg16-397923af.pth --classes imagenet.txt --out models/vgg16-fc2
    python3 scripts/encoders/make.py mobilenet_v2 --weights mobilenet_v2-b0353104.pth --out models/mobilenet

Needs PyTorch and onnx (Debian: python3-torch python3-onnx), not torchvision. Without --weights the weights are random from
--seed: the right architecture, features of no meaning; --width makes it small."""

import argparse
from pathlib import Path

import torch

from efficientnet_b0 import EfficientNetB0
from export import Cut, pixel_spec, write_encoder, write_onnx
from mobilenet_v2 import MobileNetV2
from vgg import Vgg
from vit import Vit

# architecture: its layers, the default first, each with its pooling
LAYERS = {
    "vgg16": {"fc2": "none", "fc1": "none", "maps": "gap"},
    "vgg19": {"fc2": "none", "fc1": "none", "maps": "gap"},
    "mobilenet_v2": {"pooled": "none", "maps": "gap"},
    "efficientnet_b0": {"pooled": "none", "maps": "gap"},
    "vit_b_16": {"last_hidden_state": "cls"},
}


def build(name, width, side, classes=1000, **more):
    if name.startswith("vgg"):
        return Vgg(name, width, side, classes)
    if name == "vit_b_16":
        return Vit(width, side, classes=classes, **more)
    return (MobileNetV2 if name == "mobilenet_v2" else EfficientNetB0)(width, classes)


def renamed(weights):
    """Older files of ViT call the two layers of the perceptron by other names than torchvision's code."""
    return {k.replace("mlp.linear_1.", "mlp.0.").replace("mlp.linear_2.", "mlp.3."): v for k, v in weights.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("architecture", choices=LAYERS)
    parser.add_argument("--out", type=Path, required=True, help="folder to write; its name is the encoder's id")
    parser.add_argument("--layer", help="the output that holds the features (default: the first of its architecture)")
    parser.add_argument("--weights", type=Path, help="torchvision's .pth of the same architecture")
    parser.add_argument("--classes", type=Path, help="names of the classes, one a line, in the weights' order")
    parser.add_argument("--width", type=float, default=1.0, help="scales every layer (default 1, the published size)")
    parser.add_argument("--side", type=int, default=224, help="sides of the picture, a multiple of 32")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--licence", help="of the weights; written into encoder.json")
    given = parser.parse_args()
    layer = given.layer or next(iter(LAYERS[given.architecture]))
    if layer not in LAYERS[given.architecture]:
        parser.error(f"--layer: expected {' or '.join(LAYERS[given.architecture])}, got {layer}")
    if given.side % 32 != 0:
        parser.error(f"--side: expected a multiple of 32, got {given.side}")

    torch.manual_seed(given.seed)
    network = build(given.architecture, given.width, given.side)
    if given.weights:
        network.load_state_dict(renamed(torch.load(given.weights, map_location="cpu")))
    given.out.mkdir(parents=True, exist_ok=True)
    write_onnx(Cut(network, [layer]), given.out / "model.onnx", given.side)
    origin = given.weights.name if given.weights else f"random weights, seed {given.seed}"
    manifest = {
        "id": given.out.name,
        "file": "model.onnx",
        "input": {"name": "pixel_values", "layout": "NCHW", "channels": "RGB"},
        # torchvision's own evaluation: the shorter side to 256/224 of the crop, bilinear, centre crop.
        "pixels": pixel_spec(given.side, {"shortestEdge": round(given.side * 256 / 224)}),
        "output": layer,
        "pooling": LAYERS[given.architecture][layer],
        "description": f"{given.architecture} at {layer} ({origin}).",
    }
    if given.licence:
        manifest["licence"] = given.licence
    classes = given.classes.read_text().splitlines() if given.classes else None
    write_encoder(given.out, manifest, network.head(layer), classes)
    print(f"{given.out}: {sum(p.numel() for p in network.parameters()):,} parameters in the whole network")


if __name__ == "__main__":
    main()
