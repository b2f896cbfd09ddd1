"""How near wrong concepts lie to a label in WordNet, for label smoothing: mistaking a wolf for a dog is half a mistake."""
import numpy as np

from text.corpus import RIGHT, WRONG, Corpus

SHARPNESS = 4
"""Power of the nearness: the higher, the fewer neighbours share the weight."""


def nearness(corpus: Corpus, relations: np.ndarray) -> np.ndarray:
    """float16 [label sets, concepts]: for each row of `relations` weights of its wrong concepts that sum to 1 (or are 0).

    Two concepts are as near as they share what lies above them: intersection over union, itself included.
    """
    number: dict[str, int] = {}
    paths = [[number.setdefault(c, len(number)) for c in (concept, *corpus.ancestors(concept))] for concept in corpus.concepts]
    above = np.zeros((len(paths), len(number)), np.float32)
    for i, path in enumerate(paths):
        above[i, path] = 1
    own = ((relations == RIGHT).astype(np.float32) @ above > 0).astype(np.float32)
    shared = own @ above.T
    union = own.sum(1)[:, None] + above.sum(1)[None] - shared
    near = (shared / np.maximum(union, 1)) ** SHARPNESS * (relations == WRONG)
    total = near.sum(1, keepdims=True)
    return np.divide(near, total, out=np.zeros_like(near), where=total > 0).astype(np.float16)
