"""The mean of finished networks of one lineage: better than either of two, at the cost of one (Wortsman et al., Model soups, ICML 2022).

    python3 average.py MODEL_BEFORE TEXT/last.pt --packed PACKED --out MEAN/last.pt

Each, a model folder or a checkpoint, must have gone on from another one, from these very weights, else their mean is nothing: a folder and the
checkpoint that it was exported from compute the same with other weights. Channels of a mean vary less than those that it is made of; each is
given back their mean spread, as measured on training pictures (Jordan et al., REPAIR, ICLR 2023).
"""
import argparse
import copy
import dataclasses
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from checkpoint import save_checkpoint
from folding import fold, unfold
from images.drawer import Drawer
from start import load_network
from text.load import load_corpus
from towers import Clip

SEEN = 4, 128
"""Batches and pictures by which spreads are measured."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes the mean of networks as a checkpoint.")
    parser.add_argument("networks", type=Path, nargs="+", help="model folders and checkpoints")
    parser.add_argument("--packed", type=Path, required=True, help="training pictures, by which spreads are measured")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    folded = [fold(load_network(path)) for path in options.networks]
    for path, net in zip(options.networks, folded):
        net.classifier = net.teacher = net.said = None  # heads were for training
        net.image.hubs = nn.Identity()  # who goes on does without: unhub.py comes last
        if any(one.shape != other.shape for one, other in zip(net.parameters(), folded[0].parameters())):
            raise ValueError(f"expected networks of one shape, got another in {path} than in {options.networks[0]}")
    batches = Drawer(load_corpus(options.packed)[0]).whole(*SEEN, np.random.default_rng(0))
    net = unfold(mean_of(folded, batches))
    # The last one has learnt at the size that the mean is for.
    net.shape = dataclasses.replace(net.shape, px=folded[-1].shape.px)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_checkpoint(options.out, {"shape": net.shape.to_dict(), "model": net.state_dict(), "step": 0, "seconds": 0.0})
    print(f"the mean of {len(folded)}: {options.out}")
    return 0


@torch.no_grad()
def mean_of(nets: list[Clip], batches: list[Tensor]) -> Clip:
    """Folded networks of one shape -> their mean, folded; `batches`: standardised pictures."""
    net = copy.deepcopy(nets[0])
    for own, *all_of_them in zip(net.parameters(), *(one.parameters() for one in nets)):
        own.copy_(torch.stack(all_of_them).mean(0))
    wanted = [torch.stack(one).mean(0) for one in zip(*(_spreads(one, batches) for one in nets))]
    for number, convolution in enumerate(_convolutions(net)):
        # Each in its turn: what comes before it is mended already.
        (mean, spread), (wanted_mean, wanted_spread) = _spreads(net, batches)[number], wanted[number]
        gain = wanted_spread / spread.clamp(min=1e-4)
        convolution.weight.mul_(gain.view(-1, 1, 1, 1))
        convolution.bias.copy_((convolution.bias - mean) * gain + wanted_mean)
    return net


def _convolutions(net: Clip) -> list[nn.Conv2d]:
    return [module for module in net.image.features.modules() if isinstance(module, nn.Conv2d)]


def _spreads(net: Clip, batches: list[Tensor]) -> list[Tensor]:
    """Of each convolution the mean and deviation of each channel: [2, channels]."""
    seen: dict[nn.Module, list[Tensor]] = {}
    moments = lambda module, inputs, output: seen.setdefault(module, []).append(torch.stack([output.mean((0, 2, 3)), output.std((0, 2, 3))]))
    hooks = [convolution.register_forward_hook(moments) for convolution in _convolutions(net)]
    for batch in batches:
        net.image(batch)
    for hook in hooks:
        hook.remove()
    return [torch.stack(seen[convolution]).mean(0) for convolution in _convolutions(net)]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as error:
        sys.exit(str(error))
