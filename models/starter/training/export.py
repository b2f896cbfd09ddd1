"""Writes a checkpoint's averaged weights as a model folder that Semblance and transformers.js open.

    python3 export.py --checkpoint TEXT/last.pt --tokenizer TOKENIZER --packed PACKED --out OUT/my-starter --reference reference.json

Image tower and text tower as ONNX, normalisation folded, int8 storage; with training pictures the image tower also counts in int8
(integers.py). config.json and preprocessor_config.json; the tokenizer's files. `reference.json` holds torch's own embeddings of fixed inputs, for verify.mjs.
"""
import argparse
import inspect
import io
import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from checkpoint import load_checkpoint
from folding import finished, fold
from images.augment import DEVIATION, MEAN
from images.drawer import Drawer
from integers import count_in_integers, rounded
from storage import shrink
from text.load import load_corpus
from text.tokenizer import CONTEXT, Tokenizer
from towers import Clip

OPSET = 13
SEEN = 8, 128
"""Batches and pictures by which the steps of activations are set."""
TRACED = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
"""The exporter that keeps the weights' names; since PyTorch 2.9 another is the default."""
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
MARKS = ".,;:!?"
TEXTS = [
    "a photo of a cat", "kitten", "Two dogs are running on the beach, near the sea!", "automobile", "naïve café 東京 99",
    "a " * 60, "", "  Sunset   over MOUNTAINS\n", "it's the dog's ball", "emoji 😀 test",
]
"""Also what is hard: too long, empty, spaces, capitals, letters of other scripts."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes a model folder.")
    add = parser.add_argument
    add("--checkpoint", type=Path, required=True)
    add("--tokenizer", type=Path, required=True)
    add("--packed", type=Path, help="training pictures, by which the image tower's activations get their steps; without it they stay float32")
    add("--out", type=Path, required=True)
    add("--storage", default="int8", choices=["int8", "float16", "float32"])
    add("--reference", type=Path, help="JSON file for verify.mjs")
    options = parser.parse_args()
    if options.packed and options.storage != "int8":
        parser.error("--packed is for --storage int8: what is stored as floats counts in them")
    torch.set_num_threads(1)
    net = fold(finished(load_checkpoint(options.checkpoint)))
    silence(net, Tokenizer(options.tokenizer))
    if options.packed:
        count_in_integers(net, Drawer(load_corpus(options.packed)[0]).whole(*SEEN, np.random.default_rng(0)))
    (options.out / "onnx").mkdir(parents=True, exist_ok=True)
    for name in TOKENIZER_FILES:
        shutil.copyfile(options.tokenizer / name, options.out / name)
    _write_configs(net, options.out)
    px, end = net.shape.px, net.shape.end
    pieces = torch.randint(0, end - 1, (2, 9))
    pieces[:, -1] = end
    texts = {"input_ids": {0: "batch_size", 1: "sequence_length"}, "text_embeds": {0: "batch_size"}}
    pictures = {"pixel_values": {0: "batch_size"}, "image_embeds": {0: "batch_size"}}
    _write_onnx(net.image, torch.randn(2, 3, px, px), pictures, options.out / "onnx" / "vision_model.onnx", options.storage)
    _write_onnx(net.text, pieces, texts, options.out / "onnx" / "text_model.onnx", options.storage)
    if options.reference:
        stored = rounded(net) if options.storage == "int8" else net
        options.reference.write_text(json.dumps(_reference(net, stored, Tokenizer(options.out))))
    return 0


@torch.no_grad()
def silence(net: Clip, tokenizer: Tokenizer) -> None:
    """Marks between words add nothing to a text: training texts hardly have any, so their vectors say little."""
    net.text.token.weight[[piece for mark in MARKS for piece in tokenizer.pieces(mark)]] = 0


def _write_onnx(tower: nn.Module, example: torch.Tensor, axes: dict, path: Path, storage: str) -> None:
    """`axes`: names of the input and the output, with the axes that may be of any length."""
    file = io.BytesIO()
    given, found = axes
    with warnings.catch_warnings():
        # Of shapes that tracing fixes: they are the network's own, and verify.mjs tries other numbers of texts and pieces.
        warnings.simplefilter("ignore")
        torch.onnx.export(tower, (example,), file, input_names=[given], output_names=[found], opset_version=OPSET, dynamic_axes=axes, **TRACED)
    model = onnx.load_model_from_string(file.getvalue())
    shrink(model, storage)
    model.producer_name, model.producer_version = "semblance-starter", "13"
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, {len(model.graph.node)} nodes")


def _write_configs(net: Clip, out: Path) -> None:
    shape, begin = net.shape, net.shape.end - 1
    config = {
        "architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": shape.dimension,
        "logit_scale_init_value": 2.6592, "logit_scale": float(net.logit_scale.detach()),
        "text_config": {
            "model_type": "clip_text_model", "vocab_size": shape.vocabulary, "hidden_size": shape.word,
            "intermediate_size": shape.text_hidden, "max_position_embeddings": CONTEXT, "hidden_act": "relu",
            "semblance_architecture": "averaging", "projection_dim": shape.dimension, "bos_token_id": begin, "eos_token_id": shape.end, "pad_token_id": shape.end,
        },
        "vision_config": {
            "model_type": "clip_vision_model", "image_size": shape.px, "num_channels": 3, "projection_dim": shape.dimension,
            "hidden_size": shape.head, "projection_hidden_size": shape.hidden, "semblance_architecture": "resnet", "stem": shape.stem, "widths": shape.widths,
            "blocks": shape.blocks, "hubs": shape.hubs,
        },
    }
    pixels = {
        "feature_extractor_type": "CLIPFeatureExtractor", "image_processor_type": "CLIPImageProcessor", "do_convert_rgb": True,
        # 1 is Lanczos: transformers.js shrinks with the others (sharp's affine) without smoothing, and leaves noise.
        "do_resize": True, "size": {"shortest_edge": shape.px}, "resample": 1,
        "do_center_crop": True, "crop_size": {"height": shape.px, "width": shape.px},
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": MEAN, "image_std": DEVIATION,
    }
    for name, value in (("config", config), ("preprocessor_config", pixels)):
        (out / f"{name}.json").write_text(json.dumps(value, indent=2) + "\n")


@torch.no_grad()
def _reference(net: Clip, stored: Clip, tokenizer: Tokenizer) -> dict:
    """What the files must give (`stored`) and what was trained (`trained`), for fixed texts and pixels."""
    pixels = torch.randint(0, 256, (3, net.shape.px, net.shape.px, 3), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    mean, deviation = torch.tensor(MEAN), torch.tensor(DEVIATION)
    inputs = ((pixels / 255 - mean) / deviation).permute(0, 3, 1, 2).contiguous()
    pieces = [tokenizer.encode(text) for text in TEXTS]
    embed = lambda one: {
        "texts": [one.text(torch.tensor([row]))[0].tolist() for row in pieces], "pictures": one.image(inputs).tolist(),
    }
    return {
        "texts": TEXTS, "pieces": pieces, "side": net.shape.px, "pixels": pixels.flatten().tolist(),
        "stored": embed(stored), "trained": embed(net),
    }


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as error:
        sys.exit(str(error))
