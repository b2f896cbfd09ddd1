"""The words stage: the text tower of a finished model learns words that it never met, and keeps its place among the pictures.

The names of the concepts stay where the tower puts them, a word that names none goes where WordNet and word vectors say (a
mixture of such names), and captions look for their pictures. So every text has its target beforehand, and no picture is needed
but those of captions, once.
"""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import losses as loss
from batches import Chance
from images.augment import augment, standardise, to_floats
from images.drawer import Drawer
from text.corpus import Corpus
from text.encoded import embed, encode
from text.inflection import plural, with_article
from text.meanings import Meanings
from text.prompter import prompt
from text.prompts import TEMPLATES
from text.tokenizer import Tokenizer
from towers import Clip, unit

TEXT_CONTEXT, CAPTION_CONTEXT = 14, 24
"""Pieces at which training texts are cut: few are longer, and all would be padded to them."""
LEAF_WEIGHT = 2.0
"""Labels of pictures are drawn so much more often than other concepts."""
BARE_WORD, PLURAL_WORD = 0.6, 0.15
VIEWS, VIEWS_AT_ONCE, CAPTIONS = 20_000, 128, 5
OTHERS = 256
"""Further pictures that a step's captions must not find."""
SHARPEST = 60.0
SHARPNESS = 20.0
"""Of the distribution over all concepts that a text shares with its target."""


@dataclass(frozen=True)
class Names:
    """Where the text tower puts the concepts' names, before it learns anything new."""

    vectors: Tensor
    """[concepts, dimension]: directions from their middle, unit length."""
    mean: Tensor
    length: Tensor
    """Their usual distance from the middle."""

    @classmethod
    def of(cls, texts: Tensor) -> "Names":
        """`texts`: unit vectors [concepts, dimension]."""
        apart = texts - texts.mean(0)
        return cls(F.normalize(apart, dim=1), texts.mean(0), apart.norm(dim=1).mean())

    def directions(self, texts: Tensor) -> Tensor:
        return F.normalize(texts - self.mean, dim=1)

    def loss(self, text: Tensor, target: Tensor) -> Tensor:
        """How far texts (unit vectors) are from their targets (directions), and how otherwise they stand to all concepts."""
        seen = self.directions(text)
        want = (SHARPNESS * target @ self.vectors.t()).softmax(1)
        guess = (SHARPNESS * seen @ self.vectors.t()).log_softmax(1)
        apart = 1 - (seen * target).sum(1).mean()
        astray = 1 - (text * F.normalize(self.mean + self.length * target, dim=1)).sum(1).mean()
        return 2 * (apart + astray) + F.kl_div(guess, want, reduction="batchmean")

    def to(self, device: torch.device) -> "Names":
        return Names(self.vectors.to(device), self.mean.to(device), self.length.to(device))


class CaptionedPictures:
    """Views of captioned pictures as the image tower embeds them: it rests, so once is enough."""

    def __init__(self, net: Clip, corpus: Corpus, seed: int, count: int = VIEWS):
        drawer, rng = Drawer(corpus), np.random.default_rng(seed)
        self.captions: list[list[str]] = []
        vectors = []
        net.eval()
        while len(self.captions) < count:
            drawn = drawer.draw(VIEWS_AT_ONCE, CAPTIONS, rng)
            said = [i for i, own in enumerate(drawn.captions) if own]
            if not said:
                continue
            with torch.no_grad():
                vectors.append(unit(net.image(standardise(augment(to_floats(drawn.pixels[said]), net.shape.px, rng)))))
            self.captions += [drawn.captions[i] for i in said]
        self.vectors = torch.cat(vectors)
        """[views, dimension], unit length."""


@dataclass(frozen=True)
class WordsSettings:
    names: int
    words: int
    captions: int
    """Texts of each kind of one process in a step."""
    caption_weight: float = 0.7


class WordsStage:
    def __init__(
        self, settings: WordsSettings, corpus: Corpus, tokenizer: Tokenizer, names: Names, pictures: CaptionedPictures, meanings: Meanings,
    ):
        self._settings, self._corpus, self._tokenizer = settings, corpus, tokenizer
        self._names, self._pictures, self._meanings = names, pictures, meanings
        self._targets = torch.from_numpy(meanings.targets)
        chances = np.where(np.isin(corpus.concepts, corpus.leaves), LEAF_WEIGHT, 1.0)
        self._chances = chances / chances.sum()

    def make(self, number: int, chance: Chance) -> dict:
        settings, corpus, numbers, words = self._settings, self._corpus, chance.numbers, chance.words
        concepts = numbers.choice(len(corpus.concepts), settings.names, p=self._chances)
        meant = numbers.choice(len(self._meanings.words), settings.words, p=self._meanings.chances)
        views = numbers.choice(len(self._pictures.captions), settings.captions, replace=False)
        names = [prompt(corpus, corpus.concepts[i], words) for i in concepts]
        return {
            "concepts": torch.from_numpy(concepts),
            "targets": self._targets[meant],
            "pictures": self._pictures.vectors[np.concatenate([views, numbers.integers(0, len(self._pictures.captions), OTHERS)])],
            "names": encode(self._tokenizer, names, TEXT_CONTEXT),
            "words": encode(self._tokenizer, [_dress(self._meanings.words[i], words) for i in meant], TEXT_CONTEXT),
            "captions": encode(self._tokenizer, [words.choice(self._pictures.captions[i]) for i in views], CAPTION_CONTEXT),
        }

    def prepare(self, net: Clip) -> None:
        net.requires_grad_(False).eval()
        net.text.requires_grad_(True).train()
        net.logit_scale.requires_grad_(True)
        self._names = self._names.to(net.logit_scale.device)

    def losses(self, net: Clip, batch: dict) -> dict[str, Tensor]:
        names, words, captions = (unit(embed(net.text, batch[kind])) for kind in ("names", "words", "captions"))
        scale = net.logit_scale.exp().clamp(max=SHARPEST)
        with torch.autocast(names.device.type, enabled=False):
            # bfloat16 has too few digits for scores that are 60 times a cosine.
            scores, own = scale * captions @ batch["pictures"].t(), torch.arange(len(captions), device=names.device)
            both = (loss.caption_loss(scores, own) + loss.picture_loss(scores.t()[: len(own)], own)) / 2
            return {
                "names": self._names.loss(names, self._names.vectors[batch["concepts"]]),
                "words": self._names.loss(words, batch["targets"]),
                "captions": self._settings.caption_weight * both,
            }

    def size(self, batch: dict) -> int:
        return len(batch["concepts"]) + len(batch["targets"]) + self._settings.captions

    def state(self) -> dict:
        return {}

    def restore(self, state: dict) -> None:
        pass


def _dress(word: str, chance) -> str:
    """Bare, in the plural, or in a sentence."""
    kind = chance.random()
    if kind < BARE_WORD:
        return word
    return plural(word) if kind < BARE_WORD + PLURAL_WORD else with_article(chance.choice(TEMPLATES).format(word))
