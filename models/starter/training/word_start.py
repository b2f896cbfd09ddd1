"""A text tower that starts with words it knows: token embeddings from word vectors (GloVe's format, gzipped)."""
from pathlib import Path

import numpy as np
import torch
from torch import nn

from text.tokenizer import Tokenizer, words
from text.vectors import read_vectors

STRENGTH = 0.02
"""Standard deviation of a number of an embedding, as in a tower that starts at random."""


def start_from_words(token: nn.Embedding, tokenizer: Tokenizer, path: Path, seed: int) -> tuple[int, int]:
    """Sets the rows of `token`; returns how many pieces are words of the file, and how many are parts of some.

    A piece that is a word gets its vector; one that is only a part of words the mean of theirs. The vectors are centred
    and turned into the tower's width by a random rotation, which keeps all angles. The rest stays random.
    """
    vectors = read_vectors(path)
    centre = np.mean(list(vectors.values()), 0)
    size = len(centre)
    if size > token.embedding_dim:
        raise ValueError(f"expected word vectors of at most {token.embedding_dim} numbers (the tower's width), got {size}")
    whole: dict[int, np.ndarray] = {}
    parts: dict[int, list[np.ndarray]] = {}
    for word, vector in vectors.items():
        if words(word) == [word]:
            pieces = tokenizer.pieces(word)
            if len(pieces) == 1:
                whole[pieces[0]] = vector - centre
            for piece in pieces if len(pieces) > 1 else ():
                parts.setdefault(piece, []).append(vector - centre)
    known = {piece: np.mean(found, 0) for piece, found in parts.items() if piece not in whole} | whole
    rotation = np.linalg.qr(np.random.default_rng(seed).standard_normal((token.embedding_dim, size)))[0].T
    rows = np.stack(list(known.values())) @ rotation
    rows *= STRENGTH / rows.std()
    with torch.no_grad():
        token.weight[list(known)] = torch.from_numpy(rows.astype(np.float32))
    return len(whole), len(known) - len(whole)
