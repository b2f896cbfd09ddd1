"""Between the stages: features of augmented training pictures from a finished image tower, for the text stage.

    python3 features.py --checkpoint RUN/last.pt --packed PACKED --out TEXT --count 140000

Writes OUT/features.npz, for `train.py text --features`, and OUT/image.pt, the image tower that they came from. Each view
carries what the teacher says of it and the colours that are seen in it; what only tells compression is taken out.
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from assemble import has_bfloat16
from batches import stream
from checkpoint import load_checkpoint, save_checkpoint
from folding import finished, renormalise
from images.augment import SMALLEST_AREA
from nuisance import compression_directions
from stored import ARRAYS
from text.load import load_corpus
from towers import Clip
from views import Views
from winograd import hasten


def main() -> int:
    options = parse_arguments()
    torch.set_num_threads(1)
    state = load_checkpoint(options.checkpoint)
    net = finished(state)
    corpus, teacher = load_corpus(options.packed)
    views = Views(corpus, teacher, net.shape.px, options.batch, options.captioned_share, options.smallest_area)
    net.to(options.device).image.to(memory_format=torch.channels_last)
    if options.device == "cpu" and not has_bfloat16():
        hasten(net)
    nuisance = compression_directions(net, corpus, options.pairs, options.seed, options.device)
    arrays, captions = collect(net, views, nuisance, options)
    options.out.mkdir(parents=True, exist_ok=True)
    np.savez(options.out / "features.npz", relations=views.drawer.relations, captions=json.dumps(captions), **arrays)
    save_images(net.cpu(), nuisance, arrays["features"], state, options.out / "image.pt")
    coloured, sure = (arrays["colour"] == 1).any(1).sum(), (arrays["probability"][:, 0] >= 0.5).sum()
    print(f"{len(captions)} features; {sum(map(bool, captions))} with captions, {coloured} with a colour, {sure} where the teacher is sure")
    return 0


@torch.no_grad()
def collect(net: Clip, views: Views, nuisance: Tensor, options: argparse.Namespace) -> tuple[dict[str, np.ndarray], list[list[str]]]:
    """The arrays of stored.py and the captions of each view."""
    stored: dict[str, list[np.ndarray]] = {name: [] for name in ARRAYS}
    captions: list[list[str]] = []
    batches = stream(views.make, options.seed, 0, 0, options.loaders, options.device)
    while len(captions) < options.count:
        batch = next(batches)
        with torch.autocast(options.device, dtype=torch.bfloat16, enabled=options.device == "cpu" and has_bfloat16()):
            raw = net.image.raw(batch.pop("pixels").to(options.device)).cpu()
        batch["features"] = (raw - (raw @ nuisance) @ nuisance.t()).half()
        captions += batch.pop("captions")
        for name, values in batch.items():
            stored[name].append(values.numpy())
        if sys.stdout.isatty():
            print(f"\r{len(captions)}/{options.count}", end="\n" if len(captions) >= options.count else "", flush=True)
    return {name: np.concatenate(parts) for name, parts in stored.items()}, captions


@torch.no_grad()
def save_images(net: Clip, nuisance: Tensor, features: np.ndarray, state: dict, path: Path) -> None:
    """The tower with the directions taken out, and normalised by these views; apart from those directions it computes what it did."""
    seen = torch.from_numpy(features.astype(np.float32))
    net.image.nuisance.copy_(nuisance)
    renormalise(net, seen.mean(0), seen.var(0, unbiased=False))
    before = {"steps": state["step"], "minutes": state["seconds"] / 60}
    save_checkpoint(path, {"shape": net.shape.to_dict(), "model": net.state_dict(), "before": before})


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Stores features of training pictures.")
    add = parser.add_argument
    add("--checkpoint", type=Path, required=True, help="last.pt of an image or joint stage")
    add("--packed", type=Path, required=True)
    add("--out", type=Path, required=True)
    add("--count", type=int, default=140_000, help="views")
    add("--batch", type=int, default=256)
    add("--pairs", type=int, default=200, help="pictures of each set by which compression is found")
    add("--captioned-share", type=float, default=0.17, help="of photographs with captions, beside the shares of all other sets (data/registry.py)")
    add("--smallest-area", type=float, default=SMALLEST_AREA, help="smallest share of a photograph that a view shows")
    add("--device", default="cpu", choices=["cpu", "cuda"])
    add("--loaders", type=int, default=1, help="processes that make views ahead")
    add("--seed", type=int, default=77)
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as error:
        sys.exit(str(error))
