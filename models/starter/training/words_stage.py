"""The words stage: the text tower of a finished model learns more words, and everything that it knows stays exactly where it is.

Only the vectors of pieces move that no name and no usual caption contains, so no known text changes; no picture is needed.
"""
import collections

import torch
from torch import Tensor

from batches import Chance
from loose_words import LooseWords, word_loss
from text.corpus import Corpus
from text.encoded import encode
from text.inflection import plural
from text.prompts import PLURAL_TEMPLATES, TEMPLATES
from text.tokenizer import Tokenizer
from towers import Clip, unit

CONTEXT = 24
USUAL = 5
"""Captions of training photographs from which on a piece is known."""


class WordsStage:
    def __init__(self, count: int, corpus: Corpus, tokenizer: Tokenizer, words: LooseWords, start: Clip):
        """`count`: words of one process in a step; `start`: the finished model."""
        self._count, self._words = count, words
        names = [name for concept in corpus.concepts for one in corpus.names(concept) for name in (one, plural(one))]
        with torch.no_grad():
            self._anchors = unit(start.text.eval()(encode(tokenizer, [corpus.names(concept)[0] for concept in corpus.concepts], CONTEXT)))
        said = collections.Counter(
            piece for own in corpus.trained_captions for caption in own for piece in set(tokenizer.encode(caption))
        )
        known = {piece for text in [*names, *TEMPLATES, *PLURAL_TEMPLATES] for piece in tokenizer.encode(text)}
        known |= {piece for piece, times in said.items() if times >= USUAL}
        self.free = torch.ones(len(tokenizer.vocabulary), 1)
        """[pieces, 1]: 1 where the piece's vector may move."""
        self.free[sorted(known)] = 0

    def make(self, number: int, chance: Chance) -> dict:
        return {"words": self._words.draw(self._count, chance)}

    def prepare(self, net: Clip) -> None:
        net.requires_grad_(False).eval()
        token = net.text.token.weight.requires_grad_(True)
        free = self.free.to(token.device)
        token.register_hook(lambda gradient: gradient * free)
        self._anchors = self._anchors.to(token.device)

    def losses(self, net: Clip, batch: dict) -> dict[str, Tensor]:
        words = batch["words"]
        return {"word": word_loss(unit(net.text(words.texts)), self._anchors, words.concepts, words.shares)}

    def size(self, batch: dict) -> int:
        return len(batch["words"].texts)

    def state(self) -> dict:
        return {}

    def restore(self, state: dict) -> None:
        pass
