"""Many texts as one tensor."""
import torch
from torch import Tensor

from text.tokenizer import Tokenizer


def encode(tokenizer: Tokenizer, texts: list[str], context: int) -> Tensor:
    """int64 [texts, pieces], padded with the end token; at most `context` pieces."""
    rows = [tokenizer.encode(text, context) for text in texts]
    longest = max(map(len, rows), default=1)
    return torch.tensor([row + [tokenizer.end] * (longest - len(row)) for row in rows])
