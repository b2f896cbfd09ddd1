"""Cuts a trained classifier in ONNX form before one of its fully connected layers, so that it gives features, and keeps the
last layer as the classifier. Works for any file whose head is made of Gemm or MatMul nodes (ONNX model zoo, torchvision).

    python3 scripts/encoders/cut.py vgg16-12.onnx --out models/vgg16-fc2               what the last layer reads (4096)
    python3 scripts/encoders/cut.py vgg16-12.onnx --before-last 2 --out models/vgg16-fc1   the layer before it (4096)
    python3 scripts/encoders/cut.py mobilenetv2-12.onnx --list                         the names to choose from
    python3 scripts/encoders/cut.py model.onnx --output 464 --pooling gap --out models/mobilenet

Needs onnx and numpy (Debian: python3-onnx)."""

import argparse
import json
from pathlib import Path

import numpy
import onnx
from onnx import helper, numpy_helper, shape_inference, utils

IMAGENET = {"mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225], "rescale": 1 / 255}


def heads(graph):
    """Fully connected layers in order: node, features that it reads, weights as classes x features."""
    weights = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type not in ("Gemm", "MatMul") or len(node.input) < 2 or node.input[1] not in weights:
            continue
        matrix = numpy_helper.to_array(weights[node.input[1]])
        turned = any(entry.name == "transB" and entry.i == 1 for entry in node.attribute)
        if matrix.ndim == 2:
            yield node, node.input[0], matrix if turned else matrix.T


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path, help="folder to write; its name is the encoder's id")
    parser.add_argument("--before-last", type=int, default=1, help="1: what the last layer reads; 2: the one before it")
    parser.add_argument("--output", help="cut at this tensor instead (no classifier then)")
    parser.add_argument("--pooling", choices=["none", "cls", "mean", "gap"], default="none")
    parser.add_argument("--classes", type=Path, help="names of the classes, one a line")
    parser.add_argument("--list", action="store_true", help="print the tensors and fully connected layers, and stop")
    given = parser.parse_args()

    model = onnx.load(given.model)
    layers = list(heads(model.graph))
    if given.list:
        for node in model.graph.node:
            print(f"{node.op_type:24} {', '.join(node.output)}")
        for node, features, matrix in layers:
            print(f"fully connected: reads {features}, {matrix.shape[1]} -> {matrix.shape[0]}")
        return
    if given.out is None:
        parser.error("--out: expected a folder")
    if given.output is None and len(layers) < given.before_last:
        parser.error(f"expected {given.before_last} fully connected layers, found {len(layers)}: see --list, give --output")
    tensor = given.output or layers[-given.before_last][1]
    # Old files list weights among the inputs; the picture is what is left.
    weights = {entry.name for entry in model.graph.initializer}
    picture = next(entry for entry in model.graph.input if entry.name not in weights)
    model = with_shape(model, tensor)
    given.out.mkdir(parents=True, exist_ok=True)
    source = given.out / "uncut.onnx.tmp"
    onnx.save(model, source)
    utils.extract_model(str(source), str(given.out / "model.onnx"), [picture.name], [tensor])
    source.unlink()
    write_manifest(given, picture, tensor, layers)


def with_shape(model, tensor):
    """extract_model needs the tensor's type; shape inference gives it, else a free shape stands in."""
    model = shape_inference.infer_shapes(model)
    known = [entry.name for entry in [*model.graph.value_info, *model.graph.output]]
    if tensor not in known:
        model.graph.value_info.append(helper.make_tensor_value_info(tensor, onnx.TensorProto.FLOAT, None))
    return model


def write_manifest(given, picture, tensor, layers):
    sides = [entry.dim_value for entry in picture.type.tensor_type.shape.dim]
    last_is_colour = len(sides) == 4 and sides[3] == 3
    side = (sides[1] if last_is_colour else sides[2]) or 224
    manifest = {
        "format": 1,
        "id": given.out.name,
        "file": "model.onnx",
        "input": {"name": picture.name, "layout": "NHWC" if last_is_colour else "NCHW", "channels": "RGB"},
        # What ImageNet classifiers of PyTorch and of the model zoo were evaluated with: check it against the model's card.
        "pixels": {"resize": {"shortestEdge": round(side * 256 / 224)}, "kernel": "linear", "width": side, "height": side, **IMAGENET},
        "output": tensor,
        "pooling": given.pooling,
        "description": f"{given.model.name} cut at {tensor}.",
    }  # fmt: skip
    # Only the very last layer tells classes apart, and only from the features that it reads.
    if given.output is None and given.before_last == 1:
        matrix = layers[-1][2]
        numpy.save(given.out / "classifier.npy", numpy.ascontiguousarray(matrix, "<f4"))
        names = given.classes.read_text().splitlines() if given.classes else [f"class {i}" for i in range(len(matrix))]
        (given.out / "classes.txt").write_text("\n".join(names) + "\n")
        manifest["classifier"] = {"weights": "classifier.npy", "classes": "classes.txt"}
    (given.out / "encoder.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
