"""Soft labels: what an ImageNet classifier saw in each picture of the pack, as its eight likeliest of 1,000 classes."""
import csv
import shutil
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

LABELS, CLASSES = "soft-labels.bin", "soft-label-classes.tsv"
KEPT, ALL = 8, 1000
NO_CLASS = 65535
RECORD = np.dtype([("class", "<u2"), ("logp", "<f2")])
SURE = 0.15
"""Below this probability of the best class a picture counts by a fifth."""


def copy_soft_labels(pack: Path, packed: Path) -> bool:
    """False where the pack has none."""
    if not (pack / LABELS).exists():
        return False
    for name in (LABELS, CLASSES):
        shutil.copyfile(pack / name, packed / name)
    return True


class Teacher:
    """`classes`: synsets in the order of the teacher's outputs."""

    def __init__(self, packed: Path):
        with open(packed / CLASSES, encoding="utf-8", newline="") as file:
            rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            self.classes = [row[1] for row in rows if row[0].isdigit()]
        self._records = np.memmap(packed / LABELS, RECORD, "r").reshape(-1, KEPT)

    def labels(self, rows: np.ndarray, truth: np.ndarray) -> tuple[Tensor, Tensor]:
        """Logits [pictures, 1000] and weights [pictures] of rows of the pack's index; weight 0 where nothing is known.

        `truth`: the true class of each or -1; it is put first, for what the teacher saw at 64 px is weak.
        """
        stored = (rows >= 0) & (rows < len(self._records))
        record = self._records[np.where(stored, rows, 0)]
        known = stored & (record["class"][:, 0] != NO_CLASS)
        place = np.where(known[:, None], record["class"], np.arange(KEPT)).astype(np.int64)
        value = np.where(known[:, None], record["logp"].astype(np.float32), 0)
        # The classes that were not stored share what is left.
        rest = np.clip(1 - np.exp(value).sum(1, keepdims=True), 1e-3, 1) / (ALL - KEPT)
        logits = np.repeat(np.log(rest).astype(np.float32), ALL, 1)
        np.put_along_axis(logits, place, value, 1)
        sure = np.flatnonzero(known & (truth >= 0))
        logits[sure, truth[sure]] = logits[sure].max(1) + 1
        found = torch.from_numpy(logits)
        best = found.softmax(1).max(1).values
        return found, torch.where(best >= SURE, 1.0, 0.2) * torch.from_numpy(known.astype(np.float32))


def load_teacher(packed: Path) -> Teacher | None:
    return Teacher(packed) if (packed / LABELS).exists() else None
