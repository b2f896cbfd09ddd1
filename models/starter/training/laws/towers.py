"""Laws of the towers: what changes their form changes nothing that they find."""
import json
import subprocess
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from average import mean_of
from folding import fold, renormalise, unfold
from images.augment import standardise
from gathered import kernel_gradient
from integers import count_in_integers, even_channels
from laws.common import CLOSE, RNG, STARTER, small_net
from start import load_towers, settle_norms, shape_of
from storage import quantise
from text.tokenizer import Tokenizer
from towers import Clip, Shape, unit
from winograd import hasten

HERE = Path(__file__).resolve().parent
ALIKE = 0.99
"""Cosine of what a tower finds in float32 and in whole numbers."""


def folding_changes_nothing() -> bool:
    net, pixels = small_net(), torch.randn(4, 3, 64, 64)
    settle_norms(net, [torch.randn(16, 3, 64, 64)])
    net.image.nuisance.copy_(torch.linalg.qr(torch.randn(net.shape.head, 4))[0])
    return bool((fold(net).image(pixels) - net.image(pixels)).abs().max() < CLOSE)


def another_normalisation_changes_nothing() -> bool:
    """Also of a mean, whose normalisation does nothing; what the heads read is of spread 1 afterwards."""
    net, pixels = small_net(), torch.randn(4, 3, 64, 64)
    settle_norms(net, [torch.randn(16, 3, 64, 64)])
    good = True
    for one in (net, unfold(fold(net))):
        one.classifier = torch.nn.Linear(one.shape.head, 5)
        found, told = one.image(pixels), one.classifier(one.image.settle(one.image.raw(pixels)))
        raw = one.image.raw(torch.randn(64, 3, 64, 64))
        renormalise(one, raw.mean(0), raw.var(0) + CLOSE)
        settled = one.image.settle(one.image.raw(pixels))
        good &= bool((one.image(pixels) - found).abs().max() < CLOSE and (one.classifier(settled) - told).abs().max() < CLOSE)
    spread = one.image.settle(raw).var(0) / one.image.norm.weight**2
    return good and bool(spread.max() < 1.01)


def a_warm_start_equals_the_files() -> bool:
    """Torch's network against ONNX Runtime on the shipped files, whose image tower counts in whole numbers: but for rounding the same,
    before and after the normalisation layers are set."""
    net = Clip(shape_of(STARTER)).eval()
    load_towers(net, STARTER)
    pixels, pieces = _pictures(4), torch.tensor([Tokenizer(STARTER).encode("two dogs on a beach")])
    pictures, texts = _run_onnx("vision_model", pixels), _run_onnx("text_model", pieces)
    first = net.image(pixels)
    settle_norms(net, [_pictures(16)])
    cosine, later = _least_cosine(first, pictures), (net.image(pixels) - first).abs().max()
    text = (net.text(pieces) - texts).abs().max()
    print(f"     least cosine of pictures {cosine:.4f}; greatest differences: with settled layers {later:.1e}, text {text:.1e}")
    return bool(cosine > ALIKE and max(later, text) < CLOSE)


def whole_numbers_change_little() -> bool:
    net = Clip(shape_of(STARTER)).eval()
    load_towers(net, STARTER)
    net, pixels = fold(net), _pictures(16)
    exact = net.image(pixels)
    count_in_integers(net, [_pictures(32), _pictures(32)])
    counted = net.image(pixels)
    return _least_cosine(exact, counted) > ALIKE and not torch.equal(exact, counted)


def evened_channels_change_nothing() -> bool:
    """But the channels: they come nearer to one another in size."""
    net = Clip(shape_of(STARTER)).eval()
    load_towers(net, STARTER)
    net, pixels = fold(net), _pictures(16)
    spread = lambda: float(net.image.features[0](pixels).amax((0, 2, 3)).clamp(min=1e-4).log().std())
    exact, before = net.image(pixels), spread()
    even_channels(net.image, [_pictures(32)])
    return bool((net.image(pixels) - exact).abs().max() < CLOSE) and spread() < before


def the_mean_of_one_network_is_itself() -> bool:
    """Also in the form that is trained, and folded again."""
    net, pixels = small_net(), _pictures(8)
    settle_norms(net, [pixels])
    one = fold(net)
    mean = mean_of([one, one], [pixels])
    return all(bool((other.image(pixels) - one.image(pixels)).abs().max() < CLOSE) for other in (mean, unfold(mean), fold(unfold(mean))))


def rounding_is_small() -> bool:
    weights = RNG.standard_normal((8, 40)).astype(np.float32)
    small, scale = quantise(weights, 0)
    return small.dtype == np.int8 and np.abs(small * scale - weights).mean() < 0.01


def quick_convolutions_are_pytorchs() -> bool:
    """Outputs and gradients of the blocks, whose sizes suit them, at 64 and (left to PyTorch) at 48 pixels."""
    shape = Shape(10, 9, widths=(32, 64), blocks=(1, 1), stem=8, head=32)
    usual, quick = Clip(shape), Clip(shape)
    quick.load_state_dict(usual.state_dict())
    if not hasten(quick):
        print("     cannot be built here: PyTorch's own are used")
        return True
    return all(_differ(usual, quick, torch.randn(9, 3, px, px)) < CLOSE for px in (64, 48))


def gathered_gradients_are_pytorchs() -> bool:
    """Of kernels of 3 and of 1, at both strides; in float64."""
    good = True
    for kernel, stride in ((3, 1), (3, 2), (1, 1)):
        pictures, kernels = torch.randn(5, 6, 8, 8).double(), torch.randn(7, 6, kernel, kernel).double()
        with torch.enable_grad():
            found = F.conv2d(pictures, kernels.requires_grad_(), stride=stride, padding=kernel // 2)
            wanted = torch.randn_like(found)
            found.backward(wanted)
        good &= bool((kernel_gradient(pictures, wanted, kernel, stride, kernel // 2) - kernels.grad).abs().max() < CLOSE)
    return good


def _pictures(count: int) -> torch.Tensor:
    """Standardised blots of colour, of the size that the shipped files want: [count, 3, px, px]."""
    blots, px = torch.from_numpy(RNG.random((count, 3, 6, 6), dtype=np.float32)), shape_of(STARTER).px
    return standardise(F.interpolate(blots, (px, px), mode="bicubic").clamp(0, 1))


def _least_cosine(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((unit(one) * unit(other)).sum(1).min())


def _differ(one: Clip, other: Clip, pixels: torch.Tensor) -> float:
    """The greatest difference of features and of gradients, each against the largest number of its kind."""
    greatest = 0.0
    with torch.enable_grad():
        found = [net.image.raw(pixels) for net in (one, other)]
        kinds = [found, *zip(*(torch.autograd.grad(raw.square().sum(), list(net.image.features.parameters())) for raw, net in zip(found, (one, other))))]
    for first, second in kinds:
        greatest = max(greatest, float((first - second).abs().max() / first.abs().max().clamp(min=1e-6)))
    return greatest


def _run_onnx(tower: str, values: torch.Tensor) -> torch.Tensor:
    """The shipped tower in onnxruntime-node."""
    script = """
        import { readFileSync } from 'node:fs';
        import { InferenceSession, Tensor } from 'onnxruntime-node';
        const { file, type, values, dims } = JSON.parse(readFileSync(0, 'utf8'));
        const session = await InferenceSession.create(file, { intraOpNumThreads: 1 });
        const data = type === 'int64' ? BigInt64Array.from(values, BigInt) : Float32Array.from(values);
        const out = Object.values(await session.run({ [session.inputNames[0]]: new Tensor(type, data, dims) }))[0];
        console.log(JSON.stringify({ data: [...out.data], dims: out.dims }));"""
    kind = "int64" if values.dtype == torch.int64 else "float32"
    job = {"file": str(STARTER / "onnx" / f"{tower}.onnx"), "type": kind, "dims": list(values.shape)}
    job["values"] = values.flatten().tolist()
    command = ["node", "--input-type=module", "-e", script]
    answer = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=True, cwd=HERE)
    out = json.loads(answer.stdout)
    return torch.tensor(out["data"]).view(out["dims"])


LAWS = (
    folding_changes_nothing, another_normalisation_changes_nothing, a_warm_start_equals_the_files, whole_numbers_change_little,
    evened_channels_change_nothing, the_mean_of_one_network_is_itself,
    rounding_is_small, quick_convolutions_are_pytorchs, gathered_gradients_are_pytorchs,
)
