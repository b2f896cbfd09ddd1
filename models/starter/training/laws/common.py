"""What the laws share: a network too small to be of use, the shipped files, what counts as equal."""
from pathlib import Path

import numpy as np
import torch

from text.tokenizer import Tokenizer
from towers import Clip, Shape

STARTER = Path(__file__).resolve().parents[2]
CLOSE = 1e-3
RNG = np.random.default_rng(5)


def small_net() -> Clip:
    torch.manual_seed(2)
    tokenizer = Tokenizer(STARTER)
    images, texts = {"widths": (8, 16), "blocks": (1, 1), "stem": 8, "head": 32}, {"word": 128, "text_hidden": 64}
    return Clip(Shape(len(tokenizer.vocabulary), tokenizer.end, **images, **texts)).eval()
