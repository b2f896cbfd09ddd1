"""Between the stages: features of augmented training pictures from a finished image tower, for the other stages.

    python3 features.py --checkpoint RUN/last.pt --packed PACKED --out TEXT --count 140000

Writes OUT/features.npz and OUT/features.npy, for `train.py space --features`, and OUT/image.pt, the image tower that they came
from. Each view carries what the teacher says of it and the colours that are seen in it. Whole features lose what only tells
compression; with --cut what the first layers give is stored, and the space stage trains the others.
"""
import argparse
import json
import multiprocessing
import sys
from pathlib import Path
from typing import Callable

import numpy as np
import torch

from batches import stream
from checkpoint import load_checkpoint, save_checkpoint
from folding import finished
from nuisance import compression_directions
from stored import ARRAYS, FEATURES
from text.load import load_corpus
from towers import Clip
from views import Views


def main() -> int:
    options = parse_arguments()
    torch.set_num_threads(1)
    state = load_checkpoint(options.checkpoint)
    net = finished(state)
    corpus, teacher = load_corpus(options.packed)
    views = Views(corpus, teacher, net.shape.px, options.batch, options.captioned_share)
    net.to(options.device).image.to(memory_format=torch.channels_last)
    cut = net.image.depth if options.cut is None else options.cut
    options.out.mkdir(parents=True, exist_ok=True)
    nuisance = compression_directions(net, corpus, options.pairs, options.seed, options.device) if cut == net.image.depth else None
    if nuisance is not None:
        net.image.nuisance.copy_(nuisance)
    arrays, captions = Collector(net, cut, views, options).run()
    np.savez(options.out / "features.npz", relations=views.drawer.relations, captions=json.dumps(captions), cut=cut, **arrays)
    save_images(net.cpu(), cut, np.load(options.out / FEATURES, mmap_mode="r"), state, options.out / "image.pt")
    coloured, sure = (arrays["colour"] == 1).any(1).sum(), (arrays["probability"][:, 0] >= 0.5).sum()
    print(f"{len(captions)} features; {sum(map(bool, captions))} with captions, {coloured} with a colour, {sure} where the teacher is sure")
    return 0


class Collector:
    """Several processes of one thread, each with a stream of views of its own, fill one mapped file."""

    def __init__(self, net: Clip, cut: int, views: Views, options: argparse.Namespace):
        self._net, self._cut, self._views, self._options = net, cut, views, options
        self._each = -(-options.count // options.workers)

    def run(self) -> tuple[dict[str, np.ndarray], list[list[str]]]:
        """The arrays of stored.py and the captions of each view."""
        workers = self._options.workers
        np.lib.format.open_memmap(self._options.out / FEATURES, "w+", np.float16, (workers * self._each, *self._shape()))
        if workers == 1:
            parts = [self.collect(0)]
        else:
            with multiprocessing.get_context("fork").Pool(workers, _begin, (self.collect,)) as pool:
                parts = pool.map(_run, range(workers), 1)
        return {name: np.concatenate([arrays[name] for arrays, _ in parts]) for name in ARRAYS}, [c for _, own in parts for c in own]

    @torch.no_grad()
    def _shape(self) -> tuple[int, ...]:
        side = self._net.shape.px
        return tuple(self._features(torch.zeros(1, 3, side, side, device=self._options.device)).shape[1:])

    def _features(self, pixels: torch.Tensor) -> torch.Tensor:
        image = self._net.image
        found = image.early(pixels, self._cut)
        return found - (found @ image.nuisance) @ image.nuisance.t() if self._cut == image.depth else found.permute(0, 2, 3, 1)

    @torch.no_grad()
    def collect(self, rank: int) -> tuple[dict[str, np.ndarray], list[list[str]]]:
        """One process's share."""
        options, stored = self._options, {name: [] for name in ARRAYS}
        features = np.load(options.out / FEATURES, mmap_mode="r+")[rank * self._each : (rank + 1) * self._each]
        captions: list[list[str]] = []
        batches = stream(self._views.make, options.seed, rank, 0, options.loaders, options.device)
        while len(captions) < self._each:
            batch, start = next(batches), len(captions)
            left = self._each - start
            found = self._features(batch.pop("pixels").to(options.device)).cpu().half().numpy()
            features[start : start + len(found)] = found[:left]
            captions += batch.pop("captions")[:left]
            for name in ARRAYS:
                stored[name].append(batch[name].numpy()[:left])
            if rank == 0 and sys.stdout.isatty():
                print(f"\r{len(captions)}/{self._each}", end="\n" if len(captions) >= self._each else "", flush=True)
        features.flush()
        return {name: np.concatenate(parts) for name, parts in stored.items()}, captions


_collect: Callable[[int], tuple] | None = None
"""Of a process of the pool: the network is inherited, not sent."""


def _begin(collect: Callable[[int], tuple]) -> None:
    global _collect
    torch.set_num_threads(1)
    _collect = collect


def _run(rank: int) -> tuple:
    return _collect(rank)


@torch.no_grad()
def save_images(net: Clip, cut: int, features: np.ndarray, state: dict, path: Path) -> None:
    """The tower; where all of it was used, normalised by these views, at the size that it will be used with."""
    if cut == net.image.depth:
        seen = torch.from_numpy(features.astype(np.float32))
        net.image.norm.running_mean.copy_(seen.mean(0))
        net.image.norm.running_var.copy_(seen.var(0, unbiased=False))
    began = state["options"]
    has_text = began["stage"] != "image" or began["start"] is not None and began["words"] is None
    before = {"steps": state["step"], "minutes": state["seconds"] / 60}
    save_checkpoint(path, {"shape": net.shape.to_dict(), "model": net.state_dict(), "before": before, "has_text": has_text})


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Stores features of training pictures.")
    add = parser.add_argument
    add("--checkpoint", type=Path, required=True, help="last.pt of an image, joint or space stage")
    add("--packed", type=Path, required=True)
    add("--out", type=Path, required=True)
    add("--count", type=int, default=140_000, help="views")
    add("--batch", type=int, default=256)
    add("--cut", type=int, help="layers before what is stored; without it all of them")
    add("--pairs", type=int, default=200, help="pictures of each set by which compression is found")
    add("--captioned-share", type=float, default=0.17, help="of the views, photographs with captions")
    add("--device", default="cpu", choices=["cpu", "cuda"])
    add("--workers", type=int, default=1, help="CPU: processes of one thread")
    add("--loaders", type=int, default=0, help="processes that make views ahead")
    add("--seed", type=int, default=77)
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as error:
        sys.exit(str(error))
