"""The image tower in whole numbers: activations of 8 bits between its layers, so that ONNX Runtime multiplies int8.

Post-training quantization (Nagel et al., A White Paper on Neural Network Quantization, 2021): one scale a tensor, from pictures. Processors
without VNNI add two products in 16 bits, which overflow from 2 x 255 x 127 on; so nearly all activations stay below 127, and 128 to 255 are
left to the rare ones above.
"""
import copy

import torch
from torch import Tensor, nn

from storage import SMALLEST, quantise
from towers import Block, Clip, Convolution, ImageTower

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
    even_channels(image, batches)
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


@torch.no_grad()
def even_channels(image: ImageTower, batches: list[Tensor]) -> None:
    """Brings the channels of each tensor nearer to one another in size, for they share one step; what reads them takes it back. No result changes.

    Cross-layer equalization (Nagel et al., Data-Free Quantization, ICCV 2019), which a ReLU lets through. By the square root only: weights
    have a step each output, which other inputs would widen. On training pictures it nearly halves what rounding does to an embedding.
    """
    layers = list(image.features)
    largest = _largest(image, batches)
    for layer in layers:
        if isinstance(layer, Block):
            factor = _factor(largest[layer.a])
            _shrink_outputs(layer.a, factor)
            _widen_inputs(layer.b, factor)
    while len(layers) > 1:
        # What a convolution gives, the blocks after it add to: all of these share their channels, and the next convolution reads them.
        count = next(i for i in range(1, len(layers)) if not isinstance(layers[i], Block))
        first, blocks, following = layers[0], layers[1:count], layers[count]
        factor = _factor(torch.stack([largest[layer] for layer in layers[:count]]).amax(0))
        for gives in (first, *(block.b for block in blocks)):
            _shrink_outputs(gives, factor)
        for reads in (following, *(block.a for block in blocks)):
            _widen_inputs(reads, factor)
        layers = layers[count:]


def _largest(image: ImageTower, batches: list[Tensor]) -> dict[nn.Module, Tensor]:
    """Of each layer, and of each block's first convolution: the largest number of every channel, the mean over the batches."""
    watched = [*image.features, *(layer.a for layer in image.features if isinstance(layer, Block))]
    seen: dict[nn.Module, list[Tensor]] = {layer: [] for layer in watched}
    hooks = [layer.register_forward_hook(lambda module, inputs, output: seen[module].append(output.abs().amax((0, 2, 3)))) for layer in watched]
    for batch in batches:
        image(batch)
    for hook in hooks:
        hook.remove()
    return {layer: torch.stack(own).mean(0).clamp(min=1e-4) for layer, own in seen.items()}


def _factor(largest: Tensor) -> Tensor:
    return (largest / largest.log().mean().exp()).sqrt()


def _shrink_outputs(layer: Convolution, factor: Tensor) -> None:
    layer.conv.weight.div_(factor.view(-1, 1, 1, 1))
    layer.conv.bias.div_(factor)


def _widen_inputs(layer: Convolution, factor: Tensor) -> None:
    layer.conv.weight.mul_(factor.view(1, -1, 1, 1))


def rounded(net: Clip) -> Clip:
    """The folded network with its weights as int8 storage gives them back."""
    net = copy.deepcopy(net)
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear, nn.Embedding)) and module.weight.numel() > SMALLEST:
            small, scale = quantise(module.weight.detach().numpy(), 0)
            module.weight.data = torch.from_numpy(small.astype("float32") * scale)
    return net
