"""What opinions.py wrote: how well sentences tell of training photographs, as a finished network and a linear method think together."""
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor


class Heard:
    """Of some photographs and of all sentences, most of which nobody has paired."""

    def __init__(self, path: Path):
        """Raises ValueError where there is no such file."""
        if not path.is_file():
            raise ValueError(f"expected opinions at {path}: run opinions.py first")
        with np.load(path) as file:
            self._photos, self._told, rows = torch.from_numpy(file["photos"]), torch.from_numpy(file["told"]), file["rows"]
            self.sentences: list[str] = json.loads(str(file["sentences"]))
        self._place = np.full(rows.max() + 1, -1)
        self._place[rows] = np.arange(len(rows))
        self._number = {sentence: number for number, sentence in enumerate(self.sentences)}

    def __len__(self) -> int:
        """Photographs."""
        return len(self._photos)

    def known(self, rows: np.ndarray) -> np.ndarray:
        """Rows of the pack's index, -1 for drawings -> bool, of which there is an opinion."""
        return self._places(rows) >= 0

    def numbers(self, sentences: list[str]) -> np.ndarray:
        """Places in `sentences`. Raises ValueError for a sentence of which there is no opinion."""
        missing = next((sentence for sentence in sentences if sentence not in self._number), None)
        if missing is not None:
            raise ValueError(f"expected an opinion of every sentence, found none of {missing!r}: run opinions.py on the same --packed")
        return np.array([self._number[sentence] for sentence in sentences])

    def scores(self, rows: np.ndarray, numbers: np.ndarray) -> Tensor:
        """Known rows [n] and numbers of sentences [m] -> scores [n, m], as sharp as the finished network's own."""
        return self._photos[self._places(rows)].float() @ self._told[numbers].float().t()

    def _places(self, rows: np.ndarray) -> np.ndarray:
        inside = (rows >= 0) & (rows < len(self._place))
        return np.where(inside, self._place[np.where(inside, rows, 0)], -1)
