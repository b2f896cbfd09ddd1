"""Word vectors in GloVe's text format, gzipped."""
import gzip
from pathlib import Path

import numpy as np


def read_vectors(path: Path) -> dict[str, np.ndarray]:
    """In the order of the file. Raises FileNotFoundError where there is none."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = (line.rstrip().split(" ") for line in file)
        return {row[0]: np.array(row[1:], np.float32) for row in rows if len(row) > 2}
