"""Pictures in: a folder of any depth, or the shards of a training pack, as one array of small squares.

Knows no network. Labels (names of folders) are not looked at: an autoencoder needs none.
"""
import csv
import hashlib
import io
import os
import sys
from pathlib import Path
from typing import Iterator

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"}
MAX_PIXELS = 100_000_000
CACHE_FORMAT = 1


def read_pictures(folders: list[Path], side: int, cache: Path, sets: list[str] | None = None) -> np.ndarray:
    """Every picture of `folders` as uint8 [pictures, side, side, 3], RGB, folder by folder in order of name.

    Decoded once: the array is kept in `cache` and made anew when a file is added, removed or changed. A file that
    cannot be decoded is named on stderr and left out. A folder with an `index.tsv` is read as a pack: see `_pack`;
    `sets` then names the datasets to take (default: all). Raises ValueError where no picture is left.
    """
    entries = [entry for folder in folders for entry in _entries(folder, sets)]
    stamp = hashlib.sha256(repr((CACHE_FORMAT, side, [name for name, _, _ in entries])).encode()).hexdigest()[:16]
    kept = cache / f"pictures-{side}-{stamp}.npy"
    if kept.exists():
        return np.load(kept, mmap_mode="r")
    squares, skipped = [], 0
    for count, (name, path, span) in enumerate(entries, 1):
        try:
            squares.append(_square(_bytes(path, span), side))
        except Exception as error:  # Pillow raises nearly anything on a broken file; each is one skip with its name.
            skipped += 1
            reason = "not a picture" if isinstance(error, UnidentifiedImageError) else error or type(error).__name__
            print(f"skipped {name.split('|')[0]}: {reason}", file=sys.stderr)
        if sys.stdout.isatty() and (count % 50 == 0 or count == len(entries)):
            print(f"\rreading pictures {count}/{len(entries)}, skipped {skipped}", end="", flush=True)
    if sys.stdout.isatty():
        print()
    if not squares:
        raise ValueError(f"expected pictures ({', '.join(sorted(ENDINGS))}) in {', '.join(map(str, folders))}, found none that can be read")
    cache.mkdir(parents=True, exist_ok=True)
    beside = kept.with_suffix(".tmp")
    with open(beside, "wb") as file:
        np.save(file, np.stack(squares))
    os.replace(beside, kept)
    return np.load(kept, mmap_mode="r")


Entry = tuple[str, Path, tuple[int, int] | None]
"""Name with what tells a change (for the cache), file, and (offset, bytes) where it is a part of the file."""


def _entries(folder: Path, sets: list[str] | None) -> Iterator[Entry]:
    return _pack(folder, sets) if (folder / "index.tsv").exists() else _files(folder)


def _files(folder: Path) -> Iterator[Entry]:
    if not folder.is_dir():
        raise ValueError(f"expected a folder of pictures, got {folder}")
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ENDINGS and path.is_file():
            stat = path.stat()
            yield f"{path.relative_to(folder)}|{stat.st_size}|{stat.st_mtime_ns}", path, None


def _pack(folder: Path, sets: list[str] | None) -> Iterator[Entry]:
    """`index.tsv` names shard, offset, bytes, dataset, class and file of each picture in `train-NN.bin`."""
    with open(folder / "index.tsv", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE):
            if sets is None or row["dataset"] in sets:
                shard = folder / f"train-{int(row['shard']):02d}.bin"
                yield f"{row['dataset']}/{row['file']}", shard, (int(row["offset"]), int(row["bytes"]))


def _bytes(path: Path, span: tuple[int, int] | None) -> bytes:
    if span is None:
        return path.read_bytes()
    with open(path, "rb") as shard:
        shard.seek(span[0])
        return shard.read(span[1])


def _square(data: bytes, side: int) -> np.ndarray:
    """Upright, on white, shorter side to `side`, centre square: what the manifest asks of the service (see export.py)."""
    with Image.open(io.BytesIO(data)) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError(f"over {MAX_PIXELS // 10**6} million pixels")
        # JPEG can be decoded at an eighth of its size; twice the side leaves the resize enough to work with.
        picture.draft("RGB", (side * 2, side * 2))
        picture = ImageOps.exif_transpose(picture)
        if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
            layer = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
        return np.asarray(ImageOps.fit(picture.convert("RGB"), (side, side), Image.LANCZOS))
