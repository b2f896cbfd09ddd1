"""Decoded pictures on disk, ready for training: NAME.npy (uint8 [pictures, px, px, 3]) and NAME.json beside it."""
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.registry import DATA_SETS


@dataclass
class PackedSet:
    pixels: np.ndarray
    """uint8 [pictures, px, px, 3], RGB; mapped, not read."""
    files: list[str]
    """Names in the original set."""
    classes: list[str | None]
    rows: np.ndarray
    """Row of each picture in the pack's index (the teacher's soft labels go by it); -1 where it is not of the pack."""
    naming: str | None

    @property
    def names(self) -> list[str]:
        return [Path(file).name for file in self.files]

    @property
    def finest(self) -> list[str | None]:
        """Classes; of groceries, whose folders tell more than the pack's classes, "Apple/Pink-Lady"."""
        if self.naming != "grocery":
            return self.classes
        return [f"{label}/{Path(file).parent.name}" for label, file in zip(self.classes, self.files)]


def save_set(folder: Path, name: str, pixels: np.ndarray, files: list[str], classes: list[str | None], rows: list[int]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / f"{name}.npy", pixels)
    (folder / f"{name}.json").write_text(json.dumps({"files": files, "classes": classes, "rows": rows}))
    print(f"{name}: {len(files)} pictures, {len(set(classes))} classes", flush=True)


def next_row(folder: Path, but: str) -> int:
    """The first row that no set of `folder` has, `but` one that is made anew."""
    about = (folder / f"{name}.json" for name in DATA_SETS if name != but)
    return 1 + max((row for path in about if path.exists() for row in json.loads(path.read_text())["rows"]), default=-1)


def load_sets(folder: Path) -> dict[str, PackedSet]:
    """Every set of `folder`, in order of name. Raises ValueError where there is none, or where sizes differ."""
    sets = {}
    for name in sorted(DATA_SETS):
        about = folder / f"{name}.json"
        if about.exists():
            meta = json.loads(about.read_text())
            pixels = np.load(folder / f"{name}.npy", mmap_mode="r")
            rows = np.array(meta["rows"], np.int64)
            sets[name] = PackedSet(pixels, meta["files"], meta["classes"], rows, DATA_SETS[name].naming)
    if not sets:
        raise ValueError(f"expected data sets in {folder}, found none: run prepare.py unpack first")
    sides = {one.pixels.shape[1] for one in sets.values()}
    if len(sides) > 1:
        raise ValueError(f"expected pictures of one size in {folder}, found {sorted(sides)} px: prepare.py takes --px")
    return sets


def excluded_names() -> frozenset[str]:
    """Files that look like one of the 1,000 ImageNet sample photos, which earlier versions were measured on."""
    return frozenset((Path(__file__).parent / "exclude.txt").read_text().split())
