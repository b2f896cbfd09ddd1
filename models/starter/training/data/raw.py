"""The data sets as their homes hand them out: which files, which class, which are for training.

Needed only to make a pack anew (prepare.py pack); each loader reads one folder and yields (file, class).
"""
import csv
import hashlib
import re
from pathlib import Path
from typing import Callable, Iterator

from PIL import Image, ImageOps

ENDINGS = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}
HELD_OUT_PERCENT = 10
Item = tuple[Path, str | None]


def pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)


def is_held_out(path: Path) -> bool:
    """Where a set has no test part of its own, a hash of the file's name makes one: one picture in ten."""
    return int(hashlib.md5(path.name.encode()).hexdigest(), 16) % 100 < HELD_OUT_PERCENT


def class_folders(folder: Path) -> Iterator[Item]:
    for inside in sorted(path for path in folder.iterdir() if path.is_dir()):
        yield from ((path, inside.name) for path in pictures(inside) if not is_held_out(path))


def train_folder(folder: Path) -> Iterator[Item]:
    """FOLDER/train/CLASS/*: the official split."""
    for inside in sorted((folder / "train").iterdir()):
        yield from ((path, inside.name) for path in pictures(inside))


def tiny_imagenet(folder: Path) -> Iterator[Item]:
    return (item for item in train_folder(folder) if re.fullmatch(r"n\d{8}", item[1] or ""))


def miniplaces(folder: Path) -> Iterator[Item]:
    """FOLDER/train/LETTER/CLASS[/SUBCLASS]/*."""
    base = folder / "train"
    for path in pictures(base):
        label = " ".join(path.parent.relative_to(base).parts[1:])
        if not is_held_out(path):
            yield path, label


def pacs(folder: Path) -> Iterator[Item]:
    for style in ("photo", "art_painting", "cartoon", "sketch"):
        yield from class_folders(folder / style)


def grocery(folder: Path) -> Iterator[Item]:
    """The coarse class of each file of train.txt and val.txt: the fine ones have too few pictures."""
    base = folder / "dataset"
    with open(base / "classes.csv", newline="") as file:
        coarse = {row["Class ID (int)"]: row["Coarse Class Name (str)"] for row in csv.DictReader(file)}
    for part in ("train", "val"):
        for line in (base / f"{part}.txt").read_text().splitlines():
            path, fine = (cell.strip() for cell in line.split(",")[:2])
            yield base / path, coarse[fine]


def flickr8k(folder: Path) -> Iterator[Item]:
    """All but the official test photographs."""
    test = set((folder / "text" / "Flickr_8k.testImages.txt").read_text().split())
    yield from ((path, None) for path in pictures(folder / "images") if path.name not in test)


LOADERS: dict[str, Callable[[Path], Iterator[Item]]] = {
    "tiny-imagenet-200": tiny_imagenet,
    "miniplaces": miniplaces,
    "food101": train_folder,
    "flickr8k": flickr8k,
    "caltech101": class_folders,
    "cats_vs_dogs": class_folders,
    "cifar10": train_folder,
    "imagenette160": train_folder,
    "imagewoof160": train_folder,
    "pacs": pacs,
    "intel_scenes": train_folder,
    "grocery_store": grocery,
    "clothing_small": train_folder,
    "tf_flowers": lambda folder: class_folders(folder / "images"),
    "trashnet": class_folders,
}


def square(path: Path, px: int) -> Image.Image:
    """Upright, shorter side to `px` (Lanczos), centre square: as the model's preprocessor does it."""
    with Image.open(path) as picture:
        # JPEG can be decoded at a fraction of its size; twice the side leaves the resize enough to work with.
        picture.draft("RGB", (px * 2, px * 2))
        return ImageOps.fit(ImageOps.exif_transpose(picture).convert("RGB"), (px, px), Image.LANCZOS)
