"""The text stage: the text tower is taught the places of a finished space. Names of concepts, and words that name none.

Pictures and guide rest, so these texts have their targets beforehand; captions look for their pictures.
"""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from batches import Chance
from matching import Matching
from stored import Stored
from text.corpus import Corpus
from text.encoded import embed, encode
from text.inflection import plural, with_article
from text.meanings import Meanings
from text.prompter import prompt
from text.prompts import TEMPLATES
from text.tokenizer import Tokenizer
from towers import Clip, unit

NAME_CONTEXT, WORD_CONTEXT, CAPTION_CONTEXT = 14, 14, 24
"""Pieces at which training texts of each kind are cut: few are longer, and all would be padded to them."""
LEAF_WEIGHT = 2.0
"""Labels of pictures are drawn so much more often than other concepts."""
BARE_WORD, PLURAL_WORD = 0.6, 0.15
MOST_PICTURES = 50_000
SHARPEST = 60.0
SHARPNESS = 20.0
"""Of the distribution over all concepts that a text shares with its target."""


@dataclass(frozen=True)
class TeachingSettings:
    names: int
    words: int
    captions: int
    """Texts of each kind of one process in a step: names of concepts, words of `Meanings`, captions of pictures."""
    caption_weight: float = 1.0


class CaptionedPictures:
    """Views that have captions, as the finished image tower embeds them: it rests, so once is enough."""

    def __init__(self, net: Clip, stored: Stored, most: int = MOST_PICTURES):
        views = np.flatnonzero([bool(own) for own in stored.captions])[:most]
        self.captions = [stored.captions[i] for i in views]
        net.eval()
        with torch.no_grad():
            parts = (net.image.late(torch.from_numpy(stored.features(part)), stored.cut) for part in np.array_split(views, len(views) // 256 + 1))
            self.vectors = torch.cat([unit(net.image.embed(part)) for part in parts])
        """Float32 [views, dimension], unit length."""


class TextStage:
    def __init__(
        self, settings: TeachingSettings, corpus: Corpus, tokenizer: Tokenizer, pictures: CaptionedPictures, meanings: Meanings,
    ):
        self._settings, self._corpus, self._tokenizer, self._pictures = settings, corpus, tokenizer, pictures
        self._meanings = meanings
        self._targets = torch.from_numpy(meanings.targets)
        chances = np.where(np.isin(corpus.concepts, corpus.leaves), LEAF_WEIGHT, 1.0)
        self._chances = chances / chances.sum()
        self._matching = Matching()

    def make(self, number: int, chance: Chance) -> dict:
        settings, corpus, numbers, words = self._settings, self._corpus, chance.numbers, chance.words
        concepts = numbers.choice(len(corpus.concepts), settings.names, p=self._chances)
        meant = numbers.choice(len(self._meanings.words), settings.words, p=self._meanings.chances)
        views = numbers.choice(len(self._pictures.captions), settings.captions, replace=False)
        captions = [words.choice(self._pictures.captions[i]) for i in views]
        coded = lambda texts, context: encode(self._tokenizer, texts, context)
        names = [prompt(corpus, corpus.concepts[i], words) for i in concepts]
        return {
            "concepts": torch.from_numpy(concepts),
            "targets": self._targets[meant],
            "pictures": self._pictures.vectors[views],
            "names": coded(names, NAME_CONTEXT),
            "words": coded([self._dress(self._meanings.words[i], words) for i in meant], WORD_CONTEXT),
            "captions": coded(captions, CAPTION_CONTEXT),
        }

    @staticmethod
    def _dress(word: str, chance) -> str:
        kind = chance.random()
        if kind < BARE_WORD:
            return word
        return plural(word) if kind < BARE_WORD + PLURAL_WORD else with_article(chance.choice(TEMPLATES).format(word))

    def prepare(self, net: Clip) -> None:
        net.requires_grad_(False).eval()
        net.text.requires_grad_(True).train()
        net.logit_scale.requires_grad_(True)

    def losses(self, net: Clip, batch: dict) -> dict[str, Tensor]:
        with torch.no_grad():
            concepts, frame = net.guide.concept_vectors(), net.guide.frame()
        text = {kind: unit(embed(net.text, batch[kind])) for kind in ("names", "words", "captions")}
        picture, caption, scale = batch["pictures"], text["captions"], net.logit_scale.exp().clamp(max=SHARPEST)
        own = torch.arange(len(caption), device=caption.device)
        with torch.autocast(caption.device.type, enabled=False):
            return {
                "names": taught_loss(text["names"], concepts[batch["concepts"]], concepts, frame),
                "words": taught_loss(text["words"], batch["targets"], concepts, frame),
                "captions": self._settings.caption_weight * self._matching.loss(picture, caption, scale, own),
            }

    def size(self, batch: dict) -> int:
        return len(batch["concepts"]) + len(batch["targets"]) + len(batch["pictures"])

    def state(self) -> dict:
        return self._matching.state()

    def restore(self, state: dict) -> None:
        self._matching.restore(state)


def taught_loss(text: Tensor, target: Tensor, concepts: Tensor, frame: tuple[Tensor, Tensor]) -> Tensor:
    """How far texts are from their targets (unit vectors around zero), and how otherwise they stand to all concepts.

    `frame`: where the concepts lie in the space of the pictures (Guide.frame); texts shall lie there too.
    """
    mean, length = frame
    seen = F.normalize(text - mean, dim=1)
    want = (SHARPNESS * target @ concepts.t()).softmax(1)
    guess = (SHARPNESS * seen @ concepts.t()).log_softmax(1)
    apart = 1 - (seen * target).sum(1).mean()
    astray = 1 - (text * F.normalize(mean + length * target, dim=1)).sum(1).mean()
    return 2 * (apart + astray) + F.kl_div(guess, want, reduction="batchmean")
