"""From a checkpoint to the network that is used: averaged weights, normalisation layers folded into their neighbours."""
import copy

import torch
from torch import nn

from towers import Clip, Convolution, Shape


def finished(state: dict) -> Clip:
    """The averaged weights of a checkpoint, in evaluation mode."""
    net = Clip(Shape(**state["shape"]))
    net.load_state_dict({**state["model"], **state.get("average", {})})
    return net.eval()


@torch.no_grad()
def fold(net: Clip) -> Clip:
    """A copy that computes the same with no normalisation in the image tower. Kept in ONNX it would cost time and space."""
    net = copy.deepcopy(net).eval()
    for module in net.modules():
        if isinstance(module, Convolution):
            convolution, scale, shift = module.conv, *_of(module.bn)
            sizes = convolution.in_channels, convolution.out_channels, convolution.kernel_size
            folded = nn.Conv2d(*sizes, convolution.stride, convolution.padding)
            folded.weight.copy_(convolution.weight * scale.view(-1, 1, 1, 1))
            folded.bias.copy_(shift)
            module.conv, module.bn = folded, nn.Identity()
    image = net.image
    scale, shift = _of(image.norm)
    for layer in (image.project.linear, image.project.inner):
        layer.bias.add_(layer.weight @ shift)
        layer.weight.mul_(scale)
        layer.weight.sub_((layer.weight @ image.nuisance) @ image.nuisance.t())
    image.norm = nn.Identity()
    image.settle = lambda raw: raw
    return net


def _of(norm: nn.Module) -> tuple[torch.Tensor, torch.Tensor]:
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return scale, norm.bias - norm.running_mean * scale
