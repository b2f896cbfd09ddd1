"""The data sets: how each names its classes, and what share of a batch it gets. Terms of each: ../README.md."""
from dataclasses import dataclass


@dataclass(frozen=True)
class DataSet:
    naming: str | None
    """Method of text.concepts.Concepts that reads its class names; None where captions stand for classes."""
    share: float
    """Of a training batch; the shares of the sets at hand are scaled to 1."""


DATA_SETS = {
    "tiny-imagenet-200": DataSet("wnid", 0.25),
    "miniplaces": DataSet("named", 0.13),
    "emoji": DataSet("emoji", 0.62),
    "food101": DataSet("food", 0.08),
    "flickr8k": DataSet(None, 0.30),
    "coco": DataSet(None, 0.18),
    "pascal_sentences": DataSet(None, 0.04),
    "untold": DataSet(None, 0.12),
    "caltech101": DataSet("named", 0.095),
    "cats_vs_dogs": DataSet("named", 0.035),
    "cifar10": DataSet("named", 0.02),
    "imagenette160": DataSet("wnid", 0.025),
    "imagewoof160": DataSet("wnid", 0.025),
    "pacs": DataSet("named", 0.03),
    "intel_scenes": DataSet("named", 0.02),
    "grocery_store": DataSet("grocery", 0.05),
    "clothing_small": DataSet("named", 0.035),
    "tf_flowers": DataSet("named", 0.025),
    "trashnet": DataSet("named", 0.015),
}

FURTHER = ("coco", "pascal_sentences")
"""Photographs with captions that are no part of the pack."""
UNTOLD = "untold"
"""Photographs without class and caption: they learn what finished networks think of them (opinions.py)."""

UNCOMPRESSED = (
    "miniplaces", "food101", "caltech101", "cats_vs_dogs", "flickr8k", "imagenette160", "imagewoof160", "tf_flowers",
)
"""Sets whose originals were larger than what is stored, so that no JPEG blocks of the original size are left in them."""
