"""What finished networks think of training photographs and of sentences, most of which nobody has paired: a teacher for the next one.

    python3 opinions.py models/starter [OTHER/last.pt] --packed PACKED --tokenizer models/starter --out OPINIONS.npz

Each sees each photograph as it is, mirrored and enlarged (several views: Krizhevsky et al., NeurIPS 2012; training crops make things look
larger than they are in use: Touvron et al., NeurIPS 2019), and canonical correlation (canonical.py) has a say: together they know more
than a network that sees a picture once, which is what learns from them; networks that began otherwise err otherwise.
"""
import argparse
import json
import multiprocessing
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from agreement import WIDER
from assemble import has_bfloat16
from canonical import Canonical
from data.captions import load_retold
from data.packed import excluded_names
from images.augment import standardise, to_floats
from start import load_network, text_vectors
from text.corpus import Corpus
from text.load import load_corpus
from text.tokenizer import Tokenizer
from towers import Clip, unit
from winograd import hasten

CANONICAL = 0.3
"""Weight of the linear method beside the network, of equal spread."""
SIDES = 1, 1.25, 1.5
"""How far each view is enlarged (the second is mirrored too); photographs without captions are seen once, as large as the second, not mirrored."""
CONTEXT, AT_ONCE, SAMPLE = 24, 128, 1000


def main() -> int:
    options = parse_arguments()
    torch.set_num_threads(1)
    tokenizer = Tokenizer(options.tokenizer)
    corpus, groups = load_corpus(options.packed)[0], load_retold(options.packed)
    pixels, rows, captions = photographs(corpus, options.others, np.random.default_rng(options.seed))
    told_of = [bool(own) for own in captions]
    if not any(told_of):
        raise ValueError(f"expected photographs with captions in {options.packed}, found none: run prepare.py on a pack that has captions.tsv")
    print(f"{sum(told_of)} photographs with captions, {len(rows) - sum(told_of)} others", flush=True)
    sentences = list(dict.fromkeys(sentence for own in [*filter(None, captions), *groups] for sentence in own))
    found = []
    for path in options.networks:
        net = load_network(path)
        net.image.to(memory_format=torch.channels_last)
        if not has_bfloat16():
            hasten(net)
        vectors, settled = look(net, pixels, told_of, options.workers)
        told = text_vectors(net, tokenizer, sentences, CONTEXT)
        canonical = Canonical(settled.numpy()[told_of], [own for own in captions if own], groups)
        found.append(joined(net, vectors, canonical.pictures(settled), told, canonical.sentences(sentences)))
        print(f"heard {path}", flush=True)
    photos, told = mean_of_scores(found)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(options.out, rows=rows, photos=photos.half().numpy(), told=told.half().numpy(), sentences=json.dumps(sentences))
    print(f"opinions of {len(rows)} photographs and {len(sentences)} sentences: {options.out}")
    return 0


def photographs(corpus: Corpus, others: int, rng: np.random.Generator) -> tuple[list[np.ndarray], np.ndarray, list[list[str]]]:
    """All photographs with captions and `others` without: pixels, rows of the pack's index, sentences."""
    excluded, known = excluded_names(), set(map(tuple, corpus.trained_captions))
    with_captions, without = [], []
    for one in corpus.sets.values():
        for number, name in enumerate(one.names):
            own = corpus.captions.get(name, []) if one.naming is None else []
            if one.rows[number] >= 0 and name not in excluded and (not own or tuple(own) in known):
                (with_captions if own else without).append((one.pixels, number, one.rows[number], own))
    chosen = with_captions + [without[i] for i in np.sort(rng.choice(len(without), min(others, len(without)), replace=False))]
    return [pixels[number] for pixels, number, _, _ in chosen], np.array([row for _, _, row, _ in chosen]), [own for *_, own in chosen]


def look(net: Clip, pixels: list[np.ndarray], closely: list[bool], workers: int) -> tuple[Tensor, Tensor]:
    """Unit vectors [n, dimension], and what the projection reads, each number of it of spread 1 [n, head]. `closely`: also windows."""
    parts = [slice(i, i + AT_ONCE) for i in range(0, len(pixels), AT_ONCE)]
    with multiprocessing.get_context("fork").Pool(workers, _share, (net, pixels, closely)) as pool:
        found = pool.map(_look_at, parts, chunksize=4)
    vectors, settled = (torch.from_numpy(np.concatenate(one)) for one in zip(*found))
    return vectors, (settled - settled.mean(0)) / settled.std(0).clamp(min=1e-3)


_shared: dict = {}
"""Of one process: what every part is made from."""


def _share(net: Clip, pixels: list[np.ndarray], closely: list[bool]) -> None:
    torch.set_num_threads(1)
    _shared.update(net=net, pixels=pixels, closely=closely)


@torch.no_grad()
def _look_at(part: slice) -> tuple[np.ndarray, np.ndarray]:
    net, closely = _shared["net"], any(_shared["closely"][part])
    views = [standardise(view) for view in _views(to_floats(np.stack(_shared["pixels"][part])), closely)]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bfloat16()):
        raw = [net.image.raw(view) for view in views]
    settled = [net.image.settle(one) for one in raw]
    mean = lambda values: sum(values) / len(values)
    return unit(mean([unit(net.image.project(one)) for one in settled])).numpy(), mean(settled).numpy()


def _views(pictures: Tensor, closely: bool) -> list[Tensor]:
    """Views of [n, 3, px, px], each of a side of its own."""
    sides = SIDES if closely else SIDES[1:2]
    return [_enlarged(pictures.flip(-1) if i % 2 else pictures, side) for i, side in enumerate(sides)]


def _enlarged(pictures: Tensor, times: float) -> Tensor:
    px = round(times * pictures.shape[-1])
    return pictures if times == 1 else F.interpolate(pictures, size=px, mode="bicubic", align_corners=False).clamp(0, 1)


def joined(net: Clip, photos: Tensor, linear_photos: Tensor, told: Tensor, linear_told: Tensor) -> tuple[Tensor, Tensor]:
    """Vectors whose products are both scores together, about as sharp as the network's own."""
    few = slice(None, None, max(1, len(photos) // SAMPLE)), slice(None, None, max(1, len(told) // SAMPLE))
    spread = lambda one, other: float((one[few[0]] @ other[few[1]].t()).std())
    linear = CANONICAL * spread(photos, told) / spread(linear_photos, linear_told)
    sharpness = float(net.logit_scale.detach().exp()) / (1 + WIDER * CANONICAL)
    return sharpness * torch.cat([photos, linear * linear_photos], 1), torch.cat([told, linear_told], 1)


def mean_of_scores(found: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """Photographs and sentences of several networks -> vectors whose products are the mean of theirs."""
    return torch.cat([photos / len(found) for photos, _ in found], 1), torch.cat([told for _, told in found], 1)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Writes what finished networks think of training photographs and sentences.")
    add = parser.add_argument
    add("networks", type=Path, nargs="+", help="model folders or checkpoints: the mean of what they think")
    add("--packed", type=Path, required=True)
    add("--tokenizer", type=Path, required=True)
    add("--out", type=Path, required=True)
    add("--others", type=int, default=40_000, help="photographs without captions")
    add("--workers", type=int, default=2, help="processes of one thread")
    add("--seed", type=int, default=79)
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as error:
        sys.exit(str(error))
