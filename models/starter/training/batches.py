"""A stream of batches: made in processes of their own where a GPU waits for them, else in the one that trains.

A batch's number decides everything random in it, so that a run that goes on sees what it would have seen.
"""
import random
import signal
from typing import Any, Callable, NamedTuple

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

AHEAD = 4
"""Batches that each loading process keeps ready."""


class Chance(NamedTuple):
    numbers: np.random.Generator
    words: random.Random


Make = Callable[[int, Chance], Any]
"""Number of the batch, its randomness -> tensors in dicts, lists and named tuples."""


class _Stream(IterableDataset):
    def __init__(self, make: Make, seed: tuple[int, int], first: int):
        self._make, self._seed, self._first = make, seed, first

    def __iter__(self):
        worker = get_worker_info()
        number, stride = self._first + (worker.id if worker else 0), worker.num_workers if worker else 1
        while True:
            seed = (*self._seed, number)
            yield self._make(number, Chance(np.random.default_rng(seed), random.Random(str(seed))))
            number += stride


def stream(make: Make, seed: int, rank: int, first: int, loaders: int, device: str):
    """Iterates over batches from number `first` on, on the CPU. `loaders`: processes that make them, 0 for none."""
    if loaders:
        torch.multiprocessing.set_sharing_strategy("file_system")
    ahead = {"prefetch_factor": AHEAD, "worker_init_fn": _ignore_interrupt} if loaders else {}
    source = _Stream(make, (seed, rank), first)
    return iter(DataLoader(source, batch_size=None, num_workers=loaders, pin_memory=device == "cuda", **ahead))


def _ignore_interrupt(worker: int) -> None:
    """Ctrl-C reaches every process of a terminal; the one that trains ends the others when it has saved."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def move(batch: Any, device: str) -> Any:
    """Every tensor of a nested batch on `device`."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device, non_blocking=True)
    if isinstance(batch, dict):
        return {key: move(value, device) for key, value in batch.items()}
    if isinstance(batch, tuple) and hasattr(batch, "_fields"):
        return type(batch)(*(move(value, device) for value in batch))
    return [move(value, device) for value in batch] if isinstance(batch, list) else batch
