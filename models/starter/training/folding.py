"""From a checkpoint to the network that is used: averaged weights, normalisation layers folded into their neighbours; and back."""
import copy

import torch
from torch import Tensor, nn

from towers import Clip, Convolution, ImageTower, Shape


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


@torch.no_grad()
def unfold(folded: Clip) -> Clip:
    """A folded network in the form that is trained and exported; it computes the same, and has no heads; hubs are not held back."""
    net = Clip(Shape(**{**folded.shape.to_dict(), "concepts": 0, "taught": 0, "said": 0, "hubs": 0})).eval()
    set_folded(net.image, folded.image.state_dict())
    net.text.load_state_dict(folded.text.state_dict())
    net.logit_scale.copy_(folded.logit_scale)
    return net


@torch.no_grad()
def set_folded(image: ImageTower, weights: dict[str, Tensor]) -> None:
    """Sets an image tower's weights to those of a folded one; its normalisation layers add what is left to add and do nothing else."""
    for name, module in image.named_modules():
        if isinstance(module, Convolution):
            module.conv.weight.copy_(weights[f"{name}.conv.weight"])
            _be_plain(module.bn, weights[f"{name}.conv.bias"])
    _be_plain(image.norm, torch.zeros(image.norm.num_features))
    image.nuisance.zero_()
    for kind in ("project", "hubs"):
        module = getattr(image, kind)
        module.load_state_dict({name: weights[f"{kind}.{name}"] for name in module.state_dict()})


@torch.no_grad()
def renormalise(net: Clip, mean: Tensor, variance: Tensor) -> None:
    """Gives the normalisation of the pooled features these statistics [head], and whatever reads it weights by which it computes the same."""
    norm = net.image.norm
    scale, shift = _of(norm)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
    new_scale, new_shift = _of(norm)
    stretch = scale / new_scale
    for layer in (net.image.project.linear, net.image.project.inner, net.classifier, net.teacher, net.said):
        if layer is not None:
            layer.bias.add_(layer.weight @ (shift - stretch * new_shift))
            layer.weight.mul_(stretch)


def _be_plain(norm: nn.Module, shift: Tensor) -> None:
    """The layer adds `shift` and does nothing else."""
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)
    norm.weight.fill_(1)
    norm.bias.copy_(shift)


def _of(norm: nn.Module) -> tuple[torch.Tensor, torch.Tensor]:
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return scale, norm.bias - norm.running_mean * scale
