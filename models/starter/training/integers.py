"""The image tower in whole numbers: activations of 8 bits between its layers, so that ONNX Runtime multiplies int8.

Post-training quantization (Nagel et al., A White Paper on Neural Network Quantization, 2021): one scale a tensor, from pictures. Processors
without VNNI add two products in 16 bits, which overflow from 2 x 255 x 127 on; so nearly all activations stay below 127, and 128 to 255 are
left to the rare ones above.
"""
import copy

import torch
from torch import Tensor, nn

from storage import SMALLEST, quantise
from towers import Block, Clip

USUAL, LARGEST = 127, 255
USUAL_SHARE = 0.9999
"""Of a tensor's numbers, by size, how many are at most USUAL steps."""
MIDDLE = 128
"""Zero of a tensor that has negative numbers."""


class Rounding:
    """Rounds to steps; exported as QuantizeLinear and DequantizeLinear. Until `settle` it only looks."""

    def __init__(self, signed: bool = False):
        self._zero = MIDDLE if signed else 0
        self._seen: list[float] | None = []
        self._step = 1.0

    def __call__(self, x: Tensor) -> Tensor:
        if self._seen is None:
            return torch.fake_quantize_per_tensor_affine(x, self._step, self._zero, 0, LARGEST)
        sizes = x.abs().flatten()
        self._seen.append(float(sizes.kthvalue(int(USUAL_SHARE * len(sizes))).values))
        return x

    def after(self, layer: nn.Module) -> "Rounding":
        """Rounds what the layer gives."""
        layer.register_forward_hook(lambda module, inputs, output: self(output))
        return self

    def settle(self) -> None:
        """From now on it rounds, by the mean of what it has seen."""
        self._step = max(sum(self._seen) / len(self._seen) / USUAL, 1e-6)
        self._seen = None


@torch.no_grad()
def count_in_integers(net: Clip, batches: list[Tensor]) -> None:
    """Changes a folded network in place. `batches`: standardised pictures such as will come, by which the steps are set.

    The first convolution, which sees the picture itself, stays in float32.
    """
    image, pooled = net.image, Rounding()
    _even_out(net, batches)
    roundings = [pooled, Rounding().after(image.project.drop)]
    for layer in image.features:
        if isinstance(layer, Block):
            roundings += [Rounding().after(layer.a), Rounding(signed=True).after(layer.b)]
        roundings.append(Rounding().after(layer))
    image.settle = pooled
    for batch in batches:
        image(batch)
    for rounding in roundings:
        rounding.settle()


def _even_out(net: Clip, batches: list[Tensor]) -> None:
    """Gives all pooled features the same spread, for they share one step; the projection takes it back. No result changes."""
    spread = torch.cat([net.image.raw(batch) for batch in batches]).std(0).clamp(min=1e-3)
    last, project = net.image.features[-1].conv, net.image.project
    last.weight.div_(spread.view(-1, 1, 1, 1))
    last.bias.div_(spread)
    for layer in (project.linear, project.inner):
        layer.weight.mul_(spread)


def rounded(net: Clip) -> Clip:
    """The folded network with its weights as int8 storage gives them back."""
    net = copy.deepcopy(net)
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear, nn.Embedding)) and module.weight.numel() > SMALLEST:
            small, scale = quantise(module.weight.detach().numpy(), 0)
            module.weight.data = torch.from_numpy(small.astype("float32") * scale)
    return net
