"""Texts for a batch of pictures, and what the space of both loses on them: for both towers at once."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

import losses as loss
from batches import Chance
from matching import Matching
from text.corpus import RIGHT, Corpus
from text.encoded import embed, encode
from text.pairs import TextPairs
from text.prompter import prompt
from text.tokenizer import Tokenizer
from towers import Clip, unit

CONCEPT_CONTEXT, CAPTION_CONTEXT, PAIR_CONTEXT = 14, 24, 22
"""Pieces at which training texts of each kind are cut: few are longer, and all would be padded to them."""
PRESENT, TAUGHT = 0.6, 0.25
"""Shares of the concept texts: those that the batch shows, and (beside them) classes of the teacher."""
KINDS = ("texts", "captions", "left", "right")
SHARPEST, SHARPEST_PAIRS = 60.0, 50.0


@dataclass(frozen=True)
class LanguageSettings:
    texts: int
    """Concept texts of one process in a step."""
    pairs: int = 64
    pair_captions: int = 24
    pair_every: int = 2
    """Pairs of texts in every so many-th step only."""
    pair_weight: float = 1.0
    caption_weight: float = 0.7
    synonyms: float = 0.2
    loss: str = "contrastive"
    """Or "sigmoid", as in SigLIP."""


class Language:
    def __init__(self, settings: LanguageSettings, corpus: Corpus, tokenizer: Tokenizer):
        self._settings, self._corpus, self._tokenizer = settings, corpus, tokenizer
        self._pairs = TextPairs(corpus, settings.synonyms)
        self._taught = np.array([corpus.place[synset] for synset in corpus.teacher], int)
        self.matching = Matching()

    def make(self, number: int, chance: Chance, relation: np.ndarray, captions: list[list[str]]) -> dict:
        """`relation`: int8 [pictures, concepts]; `captions`: some sentences of each picture, or none."""
        settings, words = self._settings, chance.words
        chosen = self._choose(relation, chance.numbers)
        texts = [prompt(self._corpus, self._corpus.concepts[i], words) for i in chosen]
        batch = {
            "relation": torch.from_numpy(relation[:, chosen]),
            "texts": encode(self._tokenizer, texts, CONCEPT_CONTEXT),
        }
        sentences = [(i, sentence) for i, own in enumerate(captions) for sentence in own]
        if sentences:
            batch["owner"] = torch.tensor([i for i, _ in sentences])
            batch["captions"] = encode(self._tokenizer, [sentence for _, sentence in sentences], CAPTION_CONTEXT)
        if settings.pair_weight and number % settings.pair_every == 0:
            left, right, close = self._pairs.draw(settings.pairs, settings.pair_captions, words)
            batch["left"], batch["right"] = (encode(self._tokenizer, side, PAIR_CONTEXT) for side in (left, right))
            batch["close"] = torch.from_numpy(close)
        return batch

    def _choose(self, relation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Concepts whose texts the batch is compared with: shown ones, others at random, classes of the teacher."""
        settings, concepts = self._settings, relation.shape[1]
        shown = rng.permutation(np.flatnonzero((relation == RIGHT).any(0)))[: int(PRESENT * settings.texts)]
        others = np.setdiff1d(np.arange(concepts), shown)
        count = min(len(others), settings.texts - len(shown))
        chosen = np.concatenate([shown, rng.choice(others, count, replace=False)])
        more = rng.choice(self._taught, min(len(self._taught), int(TAUGHT * settings.texts)), replace=False)
        return np.concatenate([chosen, np.setdiff1d(more, chosen)])

    def losses(self, net: Clip, settled: Tensor, batch: dict) -> dict[str, Tensor]:
        """Weighted losses; `settled`: what the projection and the heads read."""
        picture = unit(net.image.centre(net.image.project(settled)))
        texts = {kind: unit(embed(net.text, batch[kind])) for kind in KINDS if kind in batch}
        with torch.autocast(picture.device.type, enabled=False):
            # bfloat16 has too few digits for scores that are 60 times a cosine.
            return self._compare(net, picture, texts, batch)

    def _compare(self, net: Clip, picture: Tensor, texts: dict[str, Tensor], batch: dict) -> dict[str, Tensor]:
        settings = self._settings
        scale = net.logit_scale.exp().clamp(max=SHARPEST)
        scores, relation = scale * picture @ texts["texts"].t(), batch["relation"]
        if settings.loss == "sigmoid":
            found = {"concept": loss.sigmoid_concept_loss(scores, relation, net.sigmoid_bias)}
        else:
            found = {"concept": loss.concept_loss(scores, relation)}
        if "captions" in batch and settings.caption_weight:
            found["caption"] = settings.caption_weight * self._caption_loss(net, picture, texts["captions"], scale, batch["owner"])
        if "left" in batch:
            pair_scale = net.text_scale.exp().clamp(max=SHARPEST_PAIRS)
            pairs = loss.text_pair_loss(texts["left"], texts["right"], pair_scale, batch["close"])
            found["pairs"] = settings.pair_weight * pairs
        return found

    def _caption_loss(self, net: Clip, picture: Tensor, caption: Tensor, scale: Tensor, owner: Tensor) -> Tensor:
        """Both ways; earlier pictures and captions are further wrong ones."""
        if self._settings.loss == "sigmoid":
            return loss.sigmoid_pair_loss(scale * caption @ picture.t(), owner, net.sigmoid_bias)
        return self.matching.loss(picture, caption, scale, owner)
