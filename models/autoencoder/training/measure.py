"""Does the encoder put like beside like? On a folder with one folder a class, against the pixels themselves.

    python3 measure.py LABELLED --encoder models/my-encoder

Prints precision@10: of the ten pictures nearest to each, the share of its own class, averaged over all pictures.
"""
import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from onnx_runtime import run_onnx
from pictures import read_pictures

BASELINE_SIDE, K, BATCH = 32, 10, 500


METRICS = ("cosine", "centred", "euclidean")
"""Centred: cosine after subtracting the mean of all."""


def precisions(features: np.ndarray, classes: np.ndarray) -> dict[str, float]:
    """Precision@10 by each of METRICS. All come from one matrix of products: that is where the time goes."""
    products = (features.astype(np.float32) @ features.T.astype(np.float32)).astype(np.float64)
    means = products.mean(0)
    centred = products - means - means[:, None] + means.mean()
    scores = (_cosines(products), _cosines(centred), 2 * products - products.diagonal())
    return {metric: _share_of_own(of, classes) for metric, of in zip(METRICS, scores)}


def _cosines(products: np.ndarray) -> np.ndarray:
    lengths = np.sqrt(np.maximum(products.diagonal(), 1e-12))
    return products / lengths / lengths[:, None]


def _share_of_own(scores: np.ndarray, classes: np.ndarray) -> float:
    np.fill_diagonal(scores, -np.inf)
    nearest = np.argpartition(-scores, K, axis=1)[:, :K]
    return float((classes[nearest] == classes[:, None]).mean())


def embed(folder: Path, pictures: np.ndarray) -> np.ndarray:
    """Codes of uint8 pictures by the encoder of `folder`, standardised as its manifest says."""
    manifest = json.loads((folder / "encoder.json").read_text())
    spec = manifest["pixels"]
    rows = []
    for start in range(0, len(pictures), BATCH):
        part = pictures[start : start + BATCH] * spec["rescale"]
        part = ((part - spec["mean"]) / spec["deviation"]).transpose(0, 3, 1, 2)
        codes = run_onnx(folder / manifest["file"], part)
        if codes is None:
            raise ValueError("expected node and onnxruntime-node (npm ci) to run the encoder")
        rows.append(codes)
    return np.concatenate(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Precision@10 of an encoder on a folder with one folder a class.")
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--encoder", type=Path, required=True, help="folder with an encoder.json")
    options = parser.parse_args()
    side = json.loads((options.encoder / "encoder.json").read_text())["pixels"]["width"]
    folders = sorted(path for path in options.labelled.iterdir() if path.is_dir())
    with tempfile.TemporaryDirectory() as cache:
        read = {size: [np.array(read_pictures([f], size, Path(cache))) for f in folders] for size in {side, BASELINE_SIDE}}
    classes = np.repeat(np.arange(len(folders)), [len(group) for group in read[side]])
    pixels = np.concatenate(read[BASELINE_SIDE])
    sets = {f"raw pixels {BASELINE_SIDE} x {BASELINE_SIDE}": pixels.reshape(len(pixels), -1) / 255.0}
    sets[options.encoder.resolve().name] = embed(options.encoder, np.concatenate(read[side]))
    print(f"{len(classes)} pictures, {len(folders)} classes, precision@{K}")
    for name, features in sets.items():
        figures = "  ".join(f"{metric} {share:.3f}" for metric, share in precisions(features, classes).items())
        print(f"{name:<24} {features.shape[1]:>5} numbers  {figures}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
