"""A run on disk: everything that the next step depends on."""
import os
from pathlib import Path

import torch

FORMAT = 3


def save_checkpoint(path: Path, state: dict) -> None:
    """Written beside, flushed and renamed: a reader finds the old one or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".tmp")
    with open(beside, "wb") as file:
        torch.save({"format": FORMAT, **state}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def load_checkpoint(path: Path) -> dict:
    """What was saved, on the CPU. Raises ValueError where there is none or it is of another format."""
    if not path.exists():
        raise ValueError(f"expected a checkpoint at {path}: train first, or leave out --resume")
    state = torch.load(path, map_location="cpu")
    if state.get("format") != FORMAT:
        raise ValueError(f"expected a checkpoint of format {FORMAT} at {path}, got {state.get('format')}: train anew")
    return state
