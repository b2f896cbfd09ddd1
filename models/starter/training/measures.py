"""What is counted in the evaluation: ranks, shares and cosines of unit vectors. Knows no model and no file."""
import numpy as np


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def mean(values) -> float:
    return float(np.mean(list(values)))


def precision(scores: np.ndarray, right: np.ndarray, most: int = 10) -> float:
    """Share of right ones among the first `most`; among the first n where only n are right."""
    count = min(most, int(right.sum()))
    return float(right[np.argsort(-scores)[:count]].mean())


def top(scores: np.ndarray, truth: np.ndarray, within: int) -> float:
    """Share of rows whose true column is among the best."""
    best = np.argsort(-scores, 1)[:, :within]
    return float((best == np.asarray(truth)[:, None]).any(1).mean())


def caption_recall(pictures: np.ndarray, captions: np.ndarray, owner: np.ndarray, within: int) -> tuple[float, float]:
    """Caption -> its picture, and picture -> any of its captions; `owner`: picture of each caption."""
    scores = captions @ pictures.T
    rank = (scores > scores[np.arange(len(owner)), owner][:, None]).sum(1)
    found = owner[np.argsort(-scores.T, 1)[:, :within]] == np.arange(len(pictures))[:, None]
    return float((rank < within).mean()), float(found.any(1).mean())


def shared_first(gallery: np.ndarray, one: np.ndarray, other: np.ndarray, most: int = 10) -> float:
    """Share of the first `most` results that two queries have in common."""
    first = lambda query: set(np.argsort(-(gallery @ query))[:most])
    return len(first(one) & first(other)) / most


def mean_cosine(rows: np.ndarray) -> float:
    """Of any two different rows."""
    count, total = len(rows), rows.sum(0)
    return float((total @ total - count) / (count * (count - 1)))
