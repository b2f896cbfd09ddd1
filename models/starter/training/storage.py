"""Small storage of weights in an ONNX file: int8 with a scale, or float16; widened when the file is loaded.

ONNX Runtime computes Cast and Mul of constants once, when it loads a model: what reads float32 then runs in float32 at no extra cost.
Where a layer reads whole numbers (integers.py), DequantizeLinear says so of its weights too: ONNX Runtime then multiplies int8.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SMALLEST = 1024
"""Weights of at most so many numbers stay as they are."""
STORED = ("Conv", "MatMul", "Gemm", "Gather")
"""Operations whose weights are stored small."""
CLIPPING = (1.0, 0.95, 0.9, 0.85, 0.8)
"""Shares of the largest weight at which clipping is tried."""


def quantise(weights: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8 and scales (broadcastable), one for each slice of `axis`, clipped where the squared error is least."""
    rows = np.moveaxis(weights, axis, 0).reshape(weights.shape[axis], -1).astype(np.float32)
    largest = np.abs(rows).max(1, keepdims=True) + 1e-12
    scale, least = largest / 127, np.full((len(rows), 1), np.inf)
    for share in CLIPPING:
        tried = largest * share / 127
        error = ((np.clip(np.round(rows / tried), -127, 127) * tried - rows) ** 2).sum(1, keepdims=True)
        scale, least = np.where(error < least, tried, scale), np.minimum(error, least)
    scale = scale.astype(np.float32).reshape([-1 if i == axis else 1 for i in range(weights.ndim)])
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale


def shrink(model: onnx.ModelProto, storage: str) -> None:
    """Changes `model` in place; `storage`: int8, float16 or float32."""
    if storage == "float32":
        return
    graph, widening = model.graph, []
    users = {name: node for node in reversed(graph.node) for name in node.input}
    steps = _steps(graph)
    for stored in list(graph.initializer):
        weights, user = numpy_helper.to_array(stored), users.get(stored.name)
        if user is None or user.op_type not in STORED or weights.dtype != np.float32 or weights.ndim < 2 or weights.size <= SMALLEST:
            continue
        name = stored.name
        graph.initializer.remove(stored)
        if storage == "float16":
            graph.initializer.append(numpy_helper.from_array(weights.astype(np.float16), f"{name}_f16"))
            widening.append(helper.make_node("Cast", [f"{name}_f16"], [name], to=TensorProto.FLOAT))
            continue
        small, scale = quantise(weights, _outputs_axis(user, weights))
        if user.input[0] in steps:
            bias = next(item for item in graph.initializer if item.name == user.input[2])
            graph.initializer.remove(bias)
            scale, step = scale.flatten(), steps[user.input[0]]
            widening.append(_whole(graph, name, small, scale))
            widening.append(_whole(graph, bias.name, np.round(numpy_helper.to_array(bias) / (scale * step)).astype(np.int32), scale * step))
            continue
        graph.initializer.append(numpy_helper.from_array(small, f"{name}_q8"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
        widening.append(helper.make_node("Cast", [f"{name}_q8"], [f"{name}_wide"], to=TensorProto.FLOAT))
        widening.append(helper.make_node("Mul", [f"{name}_wide", f"{name}_scale"], [name]))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(widening + nodes)


def _steps(graph: onnx.GraphProto) -> dict[str, np.float32]:
    """What DequantizeLinear makes -> the size of its steps."""
    constants = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    constants |= {node.output[0]: numpy_helper.to_array(node.attribute[0].t) for node in graph.node if node.op_type == "Constant"}
    return {node.output[0]: np.float32(constants[node.input[1]]) for node in graph.node if node.op_type == "DequantizeLinear"}


def _whole(graph: onnx.GraphProto, name: str, numbers: np.ndarray, scale: np.ndarray) -> onnx.NodeProto:
    """Stores whole numbers with a scale for each output; the node makes `name` of them."""
    stored = f"{name}_q{8 * numbers.itemsize}"
    graph.initializer.append(numpy_helper.from_array(numbers, stored))
    graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}_scale"))
    graph.initializer.append(numpy_helper.from_array(np.zeros(len(scale), numbers.dtype), f"{name}_zero"))
    return helper.make_node("DequantizeLinear", [stored, f"{name}_scale", f"{name}_zero"], [name], axis=0)


def _outputs_axis(node: onnx.NodeProto, weights: np.ndarray) -> int:
    if node.op_type == "MatMul":
        return weights.ndim - 1
    transposed = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
    return 1 if node.op_type == "Gemm" and not transposed else 0
