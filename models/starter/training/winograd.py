"""Quicker 3 x 3 convolutions on a CPU, forward and backward: Winograd's F(4x4, 3x3), in winograd.cpp, for those of stride 1.

About 1e-5 of the largest number away from PyTorch's own, and twice as fast on a processor without AVX-512. The C++ file is
compiled when it is first asked for; nothing here is needed to use a trained network.
"""
import ctypes
import os
import subprocess
import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from towers import Block, Clip

SOURCE = Path(__file__).with_name("winograd.cpp")
COMPILER = ("c++", "-O3", "-march=native", "-ffast-math", "-funroll-loops", "-shared", "-fPIC")
TILE, LANE = 4, 32
"""Sides must be a multiple of the first, channels of the second: others are left to PyTorch."""
TILES_IN_CACHE, WIDE_LAYER, TILES_OF_WIDE = 128, 256, 256
"""At once: 36 planes of both sides stay in the cache; of wide layers more, for their kernels are what is read again and again."""

_KERNEL = torch.tensor([[1 / 4, 0, 0], [-1 / 6, -1 / 6, -1 / 6], [-1 / 6, 1 / 6, -1 / 6], [1 / 24, 1 / 12, 1 / 6], [1 / 24, -1 / 12, 1 / 6], [0, 0, 1]])
PLANES = torch.einsum("ar,bs->abrs", _KERNEL, _KERNEL).reshape(36, 9)
"""A kernel of 3 x 3 -> its 36 planes."""


class Winograd:
    """The compiled library. Raises OSError or subprocess.CalledProcessError where it cannot be built here."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            built = Path(folder) / "winograd.so"
            subprocess.run([*COMPILER, str(SOURCE), "-o", str(built)], check=True, capture_output=True)
            self._library = ctypes.CDLL(str(built))
        # Whatever matrix product PyTorch itself is linked to.
        torch_library = ctypes.CDLL(os.path.join(os.path.dirname(torch.__file__), "lib", "libtorch_cpu.so"))
        try:
            self._product = ctypes.cast(torch_library.sgemm_, ctypes.c_void_p)
        except AttributeError as error:
            raise OSError("this PyTorch shows no sgemm_") from error

    def __call__(self, pictures: Tensor, kernels: Tensor) -> Tensor:
        """Float32 [n, inputs, side, side], [outputs, inputs, 3, 3] -> [n, outputs, side, side]; padded by one, no bias."""
        return _Convolve.apply(pictures, kernels, self)

    def call(self, name: str, *arguments: Tensor | int) -> None:
        plain = [ctypes.c_void_p(a.data_ptr()) if isinstance(a, Tensor) else ctypes.c_int(a) for a in arguments]
        getattr(self._library, name)(self._product, *plain)


class _Convolve(torch.autograd.Function):
    @staticmethod
    def forward(ctx, pictures: Tensor, kernels: Tensor, library: Winograd) -> Tensor:
        x, planes = _channels_last(pictures), _planes(kernels)
        count, side, _, inputs = x.shape
        outputs = len(kernels)
        y = torch.empty(count, side, side, outputs)
        library.call("forward", x, planes, y, count, side, inputs, outputs, _together(inputs))
        ctx.save_for_backward(x, planes)
        ctx.library = library
        return y.permute(0, 3, 1, 2)

    @staticmethod
    def backward(ctx, gradient: Tensor):
        x, planes = ctx.saved_tensors
        count, side, _, inputs = x.shape
        outputs = planes.shape[2]
        dx, dplanes = torch.empty_like(x), torch.zeros_like(planes)
        ctx.library.call("backward", x, planes, _channels_last(gradient), dx, dplanes, count, side, inputs, outputs, _together(inputs))
        dkernels = (PLANES.t() @ dplanes.view(36, -1)).view(3, 3, inputs, outputs).permute(3, 2, 0, 1)
        return dx.permute(0, 3, 1, 2), dkernels, None


def _channels_last(pictures: Tensor) -> Tensor:
    return pictures.permute(0, 2, 3, 1).contiguous()


def _planes(kernels: Tensor) -> Tensor:
    """[outputs, inputs, 3, 3] -> [36, inputs, outputs]."""
    outputs, inputs = kernels.shape[:2]
    return (PLANES @ kernels.permute(2, 3, 1, 0).reshape(9, -1)).view(36, inputs, outputs)


def _together(inputs: int) -> int:
    return TILES_OF_WIDE if inputs > WIDE_LAYER else TILES_IN_CACHE


def hasten(net: Clip) -> bool:
    """Lets the blocks of the image tower convolve this way wherever sizes allow. False where it cannot be had on this machine."""
    try:
        library = Winograd()
    except (OSError, subprocess.CalledProcessError):
        return False
    for module in net.image.modules():
        if isinstance(module, Block):
            for convolution in (module.a.conv, module.b.conv):
                convolution.forward = _either(convolution, library)
    return True


def _either(convolution: nn.Conv2d, library: Winograd):
    usual = convolution.forward

    def forward(pictures: Tensor) -> Tensor:
        fits = pictures.shape[-1] % TILE == 0 and pictures.shape[-2] == pictures.shape[-1] and convolution.in_channels % LANE == 0
        plain = pictures.dtype == torch.float32 and convolution.bias is None and not torch.is_autocast_enabled()
        return library(pictures, convolution.weight) if fits and plain else usual(pictures)

    return forward
