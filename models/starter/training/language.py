"""Texts for a batch of pictures (or of their stored features), and what the space of both loses on them."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

import losses as loss
from batches import Chance
from text.corpus import RIGHT, WRONG, Corpus
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
OLD_PICTURES, OLD_CAPTIONS = 256, 512
"""Earlier ones that stand in for a larger batch."""
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
    imitate_weight: float = 1.0
    taught_weight: float = 0.7
    """The two heads of a finished image tower know more than the labels: texts imitate them."""
    synonyms: float = 0.2
    loss: str = "contrastive"
    """Or "sigmoid", as in SigLIP."""


class Language:
    def __init__(self, settings: LanguageSettings, corpus: Corpus, tokenizer: Tokenizer, labelled: np.ndarray, device: str):
        """`labelled`: bool [concepts], those that the classifier has learnt."""
        self._settings, self._corpus, self._tokenizer = settings, corpus, tokenizer
        self._pairs = TextPairs(corpus, settings.synonyms)
        self._columns = np.full(len(corpus.concepts), -1)
        self._columns[[corpus.place[synset] for synset in corpus.teacher]] = np.arange(len(corpus.teacher))
        self._taught = torch.from_numpy(self._columns).to(device)
        self._labelled = torch.from_numpy(labelled).to(device)
        self.old_pictures: Tensor | None = None
        self.old_captions: Tensor | None = None

    def make(self, number: int, chance: Chance, relation: np.ndarray, captions: list[list[str]]) -> dict:
        """`relation`: int8 [pictures, concepts]; `captions`: some sentences of each picture, or none."""
        settings, words = self._settings, chance.words
        chosen = self._choose(relation, chance.numbers)
        texts = [prompt(self._corpus, self._corpus.concepts[i], words) for i in chosen]
        batch = {
            "relation": torch.from_numpy(relation[:, chosen]),
            "chosen": torch.from_numpy(chosen),
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
        taught = np.flatnonzero(self._columns >= 0)
        more = rng.choice(taught, min(len(taught), int(TAUGHT * settings.texts)), replace=False)
        return np.concatenate([chosen, np.setdiff1d(more, chosen)])

    def losses(self, net: Clip, settled: Tensor, batch: dict) -> dict[str, Tensor]:
        """Weighted losses; `settled`: what the projection and the heads read."""
        picture = unit(net.image.project(settled))
        texts = {kind: unit(embed(net.text, batch[kind])) for kind in KINDS if kind in batch}
        with torch.autocast(picture.device.type, enabled=False):
            # bfloat16 has too few digits for scores that are 60 times a cosine.
            return self._compare(net, settled, picture, texts, batch)

    def _compare(self, net: Clip, settled: Tensor, picture: Tensor, texts: dict[str, Tensor], batch: dict) -> dict[str, Tensor]:
        settings = self._settings
        scale = net.logit_scale.exp().clamp(max=SHARPEST)
        scores, relation = scale * picture @ texts["texts"].t(), batch["relation"]
        if settings.loss == "sigmoid":
            found = {"concept": loss.sigmoid_concept_loss(scores, relation, net.sigmoid_bias)}
        else:
            found = {"concept": loss.concept_loss(scores, relation)}
        if "photo" in batch:
            found.update(self._imitation(net, settled, scores, batch))
        if "captions" in batch and settings.caption_weight:
            found["caption"] = settings.caption_weight * self._caption_loss(net, picture, texts["captions"], scale, batch["owner"])
        if "left" in batch:
            pair_scale = net.text_scale.exp().clamp(max=SHARPEST_PAIRS)
            pairs = loss.text_pair_loss(texts["left"], texts["right"], pair_scale, batch["close"])
            found["pairs"] = settings.pair_weight * pairs
        return found

    def _imitation(self, net: Clip, settled: Tensor, scores: Tensor, batch: dict) -> dict[str, Tensor]:
        settings, chosen, relation = self._settings, batch["chosen"], batch["relation"]
        found = {}
        if settings.imitate_weight:
            out = (relation != WRONG) & (relation != RIGHT) | ~self._labelled[chosen]
            logits = net.classifier(settled).float()[:, chosen]
            found["imitate"] = settings.imitate_weight * loss.imitation_loss(scores, logits, out)
        columns, photo = self._taught[chosen], batch["photo"]
        if settings.taught_weight and bool((columns >= 0).any()) and bool(photo.any()):
            logits = net.teacher(settled[photo]).float()[:, columns[columns >= 0]]
            nothing = torch.zeros_like(logits, dtype=torch.bool)
            similarity = scores[photo][:, columns >= 0]
            found["taught"] = settings.taught_weight * loss.imitation_loss(similarity, logits, nothing)
        return found

    def _caption_loss(self, net: Clip, picture: Tensor, caption: Tensor, scale: Tensor, owner: Tensor) -> Tensor:
        """Both ways; earlier pictures and captions are further wrong ones."""
        if self._settings.loss == "sigmoid":
            return loss.sigmoid_pair_loss(scale * caption @ picture.t(), owner, net.sigmoid_bias)
        pictures, captions = _behind(picture, self.old_pictures), _behind(caption, self.old_captions)
        to_picture = loss.caption_loss(scale * caption @ pictures.t(), owner)
        to_caption = loss.picture_loss(scale * picture[owner] @ captions.t(), owner)
        self.old_pictures = _behind(picture[owner.unique()].detach(), self.old_pictures)[:OLD_PICTURES]
        self.old_captions = _behind(caption.detach(), self.old_captions)[:OLD_CAPTIONS]
        return (to_picture + to_caption) / 2


def _behind(new: Tensor, old: Tensor | None) -> Tensor:
    return new if old is None else torch.cat([new, old.to(new.device)])
