"""The space stage: last layers, projection and guide, on stored features. Every step sees every concept, for no text tower is in the way.

Where features were stored before the last layers of the image tower, these learn too: they hold most of its weights, and cost a
third of its time.
"""
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

import losses as loss
from batches import Chance
from matching import Matching
from stored import Stored
from text.caption_words import CaptionWords
from text.corpus import RIGHT, WRONG, Corpus
from towers import Clip, unit

SHARPEST = 60.0
FORGOTTEN = 0.15
"""Share of a caption's words that a step leaves out."""


@dataclass(frozen=True)
class SpaceSettings:
    batch: int
    caption_weight: float = 0.7
    imitate_weight: float = 1.0
    taught_weight: float = 0.7
    """Heads that the image tower was trained with know more than the labels, so the space imitates them; without heads the
    teacher's own soft labels count."""


class SpaceStage:
    def __init__(self, settings: SpaceSettings, stored: Stored, words: CaptionWords, corpus: Corpus, labelled: np.ndarray, heads: bool):
        """`labelled`: bool [concepts], those that a classifier has learnt; `heads`: whether the image tower has them."""
        self._settings, self._stored, self._words, self._heads = settings, stored, words, heads
        self._labelled = torch.from_numpy(labelled)
        self._taught = torch.tensor([corpus.place[synset] for synset in corpus.teacher])
        self._matching = Matching()

    def make(self, number: int, chance: Chance) -> dict:
        drawn = self._stored.draw(self._settings.batch, chance.numbers)
        batch = {
            "features": torch.from_numpy(drawn.features), "photo": torch.from_numpy(drawn.photo), "relation": torch.from_numpy(drawn.relation),
            "top": torch.from_numpy(drawn.top), "probability": torch.from_numpy(drawn.probability),
        }
        said = [(i, sentence) for i, own in enumerate(drawn.captions) for sentence in own]
        if said:
            words = self._words.encode([sentence for _, sentence in said])
            words[chance.numbers.random(words.shape) < FORGOTTEN] = 0
            batch["owner"], batch["words"] = torch.tensor([i for i, _ in said]), torch.from_numpy(words)
        return batch

    def prepare(self, net: Clip) -> None:
        net.requires_grad_(False).eval()
        image = net.image
        learning = [image.project, image.centre, net.guide]
        if self._stored.cut < image.depth:
            learning += [image.features[self._stored.cut :], image.norm]
        for part in learning:
            part.train().requires_grad_(True)
        net.logit_scale.requires_grad_(True)

    def losses(self, net: Clip, batch: dict) -> dict[str, Tensor]:
        image = net.image
        settled = image.settle(image.late(batch["features"], self._stored.cut))
        picture = unit(image.centre(image.project(settled)))
        with torch.autocast(picture.device.type, enabled=False):
            # bfloat16 has too few digits for scores that are 60 times a cosine.
            return self._compare(net, settled.float(), picture, batch)

    def _compare(self, net: Clip, settled: Tensor, picture: Tensor, batch: dict) -> dict[str, Tensor]:
        settings, relation, photo = self._settings, batch["relation"], batch["photo"]
        scale = net.logit_scale.exp().clamp(max=SHARPEST)
        scores = scale * picture @ net.guide.concept_vectors().t()
        found = {"concept": loss.concept_loss(scores, relation)}
        if self._heads and settings.imitate_weight:
            out = (relation != WRONG) & (relation != RIGHT) | ~self._labelled.to(relation.device)
            found["imitate"] = settings.imitate_weight * loss.imitation_loss(scores, net.classifier(settled), out)
        if settings.taught_weight and len(self._taught) and bool(photo.any()):
            guess = scores[photo][:, self._taught.to(scores.device)]
            found["taught"] = settings.taught_weight * self._taught_loss(net, guess, settled, batch)
        if "words" in batch:
            sentences = net.guide.sentences(batch["words"])
            found["caption"] = settings.caption_weight * self._matching.loss(picture, sentences, scale, batch["owner"])
        return found

    def _taught_loss(self, net: Clip, guess: Tensor, settled: Tensor, batch: dict) -> Tensor:
        photo = batch["photo"]
        if self._heads:
            want = net.teacher(settled[photo])
            return loss.imitation_loss(guess, want, torch.zeros_like(want, dtype=torch.bool))
        return loss.soft_label_loss(guess, batch["top"][photo].long(), batch["probability"][photo].float())

    def size(self, batch: dict) -> int:
        return len(batch["features"])

    def state(self) -> dict:
        return self._matching.state()

    def restore(self, state: dict) -> None:
        self._matching.restore(state)
