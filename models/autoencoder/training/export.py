"""The encoder as files that Semblance opens: encoder.onnx and its manifest encoder.json; checked before they are left."""
import copy
import json
import os
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from fitting import DEVIATION, MEAN, SAMPLE, Run
from onnx_runtime import run_onnx
from whitening import whiten

OPSET = 13
POWER = 0.25
"""How far the codes are whitened (whitening.py): half way. Chosen by measurement, see ../README.md."""
SMALLEST_HALF = 1024
"""Weights of at least so many numbers are stored as float16 and widened when the file is loaded."""
TOLERANCE = 0.02
"""Greatest difference of a number of an embedding (their deviation is 1) between torch and ONNX Runtime: float16 rounds."""


def export_encoder(run: Run, out: Path, name: str, description: str, licence: str) -> None:
    """Writes `out`/encoder.onnx and encoder.json. Raises RuntimeError where ONNX Runtime does not give torch's numbers."""
    encoder = copy.deepcopy(run.model.encoder)
    whiten(encoder, run.sample(2 * SAMPLE), POWER)
    encoder = encoder.cpu().eval()
    shape = run.model.shape
    example = torch.rand(3, 3, shape.side, shape.side) * 4 - 2
    file, beside = out / "encoder.onnx", out / "encoder.onnx.tmp"
    torch.onnx.export(
        encoder, example, str(beside), opset_version=OPSET, input_names=["pixels"], output_names=["embedding"],
        dynamic_axes={"pixels": {0: "pictures"}, "embedding": {0: "pictures"}},
    )
    model = _store_as_half(onnx.load(str(beside)))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(beside))
    with torch.no_grad():
        _compare(beside, example.numpy(), encoder(example).numpy())
    os.replace(beside, file)
    (out / "encoder.json").write_text(json.dumps(_manifest(name, shape.side, description, licence), indent=2) + "\n")


def _manifest(name: str, side: int, description: str, licence: str) -> dict:
    """Fields as src/embedding/encoders/encoder-manifest.ts reads them."""
    return {
        "format": 1,
        "id": name,
        "file": "encoder.onnx",
        "input": {"name": "pixels", "layout": "NCHW", "channels": "RGB"},
        "pixels": {
            "width": side,
            "height": side,
            "resize": {"shortestEdge": side},
            "kernel": "lanczos3",
            "mean": [MEAN] * 3,
            "deviation": [DEVIATION] * 3,
            "rescale": 1 / 255,
        },
        "output": "embedding",
        "pooling": "none",
        "description": description,
        "licence": licence,
    }


def _store_as_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """Halves the file: float32 is still what is computed with, a Cast behind each stored weight sees to that."""
    graph, casts = model.graph, []
    for stored in list(graph.initializer):
        if stored.data_type != TensorProto.FLOAT or np.prod(stored.dims) < SMALLEST_HALF:
            continue
        name = stored.name
        half = numpy_helper.from_array(numpy_helper.to_array(stored).astype(np.float16), f"{name}.half")
        graph.initializer.remove(stored)
        graph.initializer.append(half)
        casts.append(helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    return model


def _compare(file: Path, pictures: np.ndarray, expected: np.ndarray) -> None:
    """Runs the file in the runtime that will serve it: onnxruntime-node of this project."""
    got = run_onnx(file, pictures)
    if got is None:
        print("not compared with ONNX Runtime: node or onnxruntime-node is missing (npm ci)")
        return
    difference = float(np.abs(got - expected).max())
    print(f"torch and ONNX Runtime differ by at most {difference:.4f} (codes deviate by about {expected.std():.1f})")
    if not difference <= TOLERANCE * max(1.0, float(expected.std())):
        raise RuntimeError(f"expected ONNX Runtime to give torch's numbers to {TOLERANCE}, got a difference of {difference}")
