"""Quicker gradients of kernels on a CPU with bfloat16: one matrix product instead of oneDNN's convolution backward.

For wide layers with few positions (8 x 8 and less) oneDNN's own takes two to five times as long; everywhere else it is left alone.
Nothing here is needed to use a trained network.
"""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from towers import Clip

FEWEST_CHANNELS, LARGEST_SIDE = 96, 8
"""Of a layer's input and of its output, for which it pays."""


class _Convolve(torch.autograd.Function):
    @staticmethod
    def forward(ctx, pictures: Tensor, kernels: Tensor, stride: int, padding: int) -> Tensor:
        small = kernels.to(pictures.dtype).contiguous(memory_format=torch.channels_last)
        ctx.save_for_backward(pictures, small)
        ctx.stride, ctx.padding = stride, padding
        return F.conv2d(pictures, small, stride=stride, padding=padding)

    @staticmethod
    def backward(ctx, gradient: Tensor):
        pictures, kernels = ctx.saved_tensors
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        to_pictures, _, _ = torch.ops.aten.convolution_backward(
            gradient, pictures, kernels, None, [ctx.stride] * 2, [ctx.padding] * 2, [1, 1], False, [0, 0], 1, [True, False, False])
        return to_pictures, kernel_gradient(pictures, gradient, kernels.shape[-1], ctx.stride, ctx.padding).float(), None, None


def kernel_gradient(pictures: Tensor, gradient: Tensor, kernel: int, stride: int, padding: int) -> Tensor:
    """[n, inputs, side, side], [n, outputs, rows, columns] -> [outputs, inputs, kernel, kernel], in the precision of both."""
    (count, inputs, *_), (_, outputs, rows, columns) = pictures.shape, gradient.shape
    padded = F.pad(pictures.permute(0, 2, 3, 1), (0, 0, padding, padding, padding, padding)).contiguous()
    picture, row, column, _ = padded.stride()
    # The pixels of a kernel's row lie one after another.
    windows = padded.as_strided((count, rows, columns, kernel, kernel * inputs), (picture, row * stride, column * stride, row, 1))
    product = gradient.permute(0, 2, 3, 1).reshape(-1, outputs).t() @ windows.reshape(count * rows * columns, -1)
    return product.view(outputs, kernel, kernel, inputs).permute(0, 3, 1, 2)


def gather(net: Clip) -> None:
    """Lets the image tower's convolutions learn this way wherever it pays."""
    for module in net.image.modules():
        if isinstance(module, nn.Conv2d) and module.in_channels >= FEWEST_CHANNELS:
            module.forward = _either(module)


def _either(convolution: nn.Conv2d):
    usual, stride, padding = convolution.forward, convolution.stride[0], convolution.padding[0]

    def forward(pictures: Tensor) -> Tensor:
        few = pictures.shape[-1] <= LARGEST_SIDE * stride
        if not (few and torch.is_autocast_enabled("cpu") and convolution.bias is None):
            return usual(pictures)
        return _Convolve.apply(pictures.to(torch.get_autocast_dtype("cpu")), convolution.weight, stride, padding)

    return forward
