"""The pack in which training pictures travel: WebP files one after another in train-NN.bin, and index.tsv over them."""
import csv
import io
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple

import numpy as np
from PIL import Image

MOST_BYTES = 32 * 1024 * 1024
"""Of a shard, so that it can be carried and sent in parts."""
HEADING = ("shard", "offset", "bytes", "dataset", "class", "file")


class Entry(NamedTuple):
    row: int
    """Line of index.tsv, the first picture being 0."""
    shard: int
    offset: int
    bytes: int
    dataset: str
    label: str | None
    file: str


def read_index(folder: Path) -> list[Entry]:
    """Raises ValueError where `folder` is no pack."""
    path = folder / "index.tsv"
    if not path.exists():
        raise ValueError(f"expected a pack with an index.tsv in {folder}, found none")
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(next(rows)) != HEADING:
            raise ValueError(f"expected the columns {', '.join(HEADING)} in {path}")
        return [Entry(i, int(s), int(o), int(b), d, c or None, f) for i, (s, o, b, d, c, f) in enumerate(rows)]


def read_pictures(folder: Path, entries: list[Entry]) -> Iterator[bytes]:
    """The encoded pictures of `entries`, in their order; one shard is held in memory at a time."""
    number, data = -1, b""
    for entry in entries:
        if entry.shard != number:
            number, data = entry.shard, shard_path(folder, entry.shard).read_bytes()
        yield data[entry.offset : entry.offset + entry.bytes]


def write_pack(folder: Path, pictures: Iterable[tuple[str, str | None, str, bytes]]) -> int:
    """`pictures`: data set, class, file and WebP bytes of each. Returns their number."""
    folder.mkdir(parents=True, exist_ok=True)
    number, offset, count = 0, 0, 0
    shard = open(shard_path(folder, number), "wb")
    with open(folder / "index.tsv", "w", encoding="utf-8", newline="") as file:
        index = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        index.writerow(HEADING)
        for dataset, label, name, data in pictures:
            if offset + len(data) > MOST_BYTES and offset > 0:
                shard.close()
                number, offset = number + 1, 0
                shard = open(shard_path(folder, number), "wb")
            shard.write(data)
            index.writerow((number, offset, len(data), dataset, label or "", name))
            offset, count = offset + len(data), count + 1
    shard.close()
    return count


def shard_path(folder: Path, number: int) -> Path:
    return folder / f"train-{number:02d}.bin"


def encode(pixels: Image.Image, quality: int = 75) -> bytes:
    file = io.BytesIO()
    pixels.save(file, "WEBP", quality=quality, method=4)
    return file.getvalue()


def decode(data: bytes) -> np.ndarray:
    """uint8 [height, width, 3], RGB."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def enlarged(pixels: np.ndarray, px: int) -> np.ndarray:
    """A square picture at `px` a side (bicubic), as it is where it has that."""
    return pixels if len(pixels) == px else np.asarray(Image.fromarray(pixels).resize((px, px), Image.BICUBIC))
