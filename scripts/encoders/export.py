"""Writes one network as a folder that Semblance reads: the ONNX file, encoder.json, and the layer that reads the features
with the names of its classes."""

import json
from pathlib import Path

import numpy
import torch
from torch import nn

IMAGENET = {"mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225], "rescale": 1 / 255}


class Cut(nn.Module):
    """The network with only some of its outputs; NHWC and BGR turn what comes in and the maps that go out."""

    def __init__(self, network, names, layout="NCHW", channels="RGB"):
        super().__init__()
        self.network, self.names, self.layout, self.channels = network, names, layout, channels

    def forward(self, pixels):
        if self.layout == "NHWC":
            pixels = pixels.permute(0, 3, 1, 2)
        if self.channels == "BGR":
            pixels = pixels.flip(1)
        outputs = self.network.outputs(pixels)
        chosen = [outputs[name] for name in self.names]
        turn = self.layout == "NHWC"
        return tuple(x.permute(0, 2, 3, 1) if turn and x.dim() == 4 else x for x in chosen)


def write_onnx(cut, path, side, input_name="pixel_values", pictures=None):
    """`pictures`: how many the graph takes at a time; None: any number."""
    sides = (side, side, 3) if cut.layout == "NHWC" else (3, side, side)
    axes = {name: {0: "pictures"} for name in [input_name, *cut.names]} if pictures is None else None
    torch.onnx.export(
        cut.eval(), torch.zeros((pictures or 1, *sides)), str(path), input_names=[input_name],
        output_names=list(cut.names), dynamic_axes=axes, opset_version=14,
    )  # fmt: skip


def pixel_spec(side, resize, normalisation=IMAGENET):
    return {"resize": resize, "kernel": "linear", "width": side, "height": side, **normalisation}


def write_encoder(folder, manifest, head=None, classes=None):
    """`head` is the linear layer that reads the features; `classes` its names, one a row."""
    folder = Path(folder)
    manifest = {"format": 1, **manifest}
    if head is not None:
        numpy.save(folder / "classifier.npy", head.weight.detach().numpy().astype("<f4"))
        names = classes or [f"class {i}" for i in range(head.out_features)]
        (folder / "classes.txt").write_text("\n".join(names) + "\n")
        manifest["classifier"] = {"weights": "classifier.npy", "classes": "classes.txt"}
    (folder / "encoder.json").write_text(json.dumps(manifest, indent=2) + "\n")
