"""Batches of augmented pictures, and what the heads of the image tower lose on them."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from batches import Chance
from data.teacher import Teacher
from images.augment import SMALLEST_AREA, augment, standardise, to_floats
from images.drawer import Drawer
from images.stronger import mix, rand_augment
from losses import label_loss, said_loss, smoothing_loss, teacher_loss
from schedule import Clock
from told import Imitated, Told
from text.corpus import ABOVE, RIGHT, UNKNOWN, Corpus
from text.prompts import STYLE_NAMES
from text.said import SaidWords
from text.nearness import nearness
from towers import Clip


@dataclass(frozen=True)
class PictureSettings:
    batch: int
    """Pictures of one process in a step."""
    label_weight: float = 1.0
    teacher_weight: float = 0.5
    said_weight: float = 0.5
    told_weight: float = 0.7
    agree_weight: float = 0.0
    """Of what a finished network thinks (opinions.py)."""
    last_area: float = SMALLEST_AREA
    """Smallest share of a photograph that is shown, once pictures have their full size."""
    operations: int = 0
    """Of RandAugment on each picture."""
    strength: float = 0.5
    mixup: float = 0.0
    cutmix: float = 0.0
    """Shares of the batches."""
    smoothing: float = 0.0
    """Share of the label loss that goes to concepts near in WordNet."""


class Pictures:
    """`make` needs no network and runs anywhere; `losses` runs where the network is."""

    def __init__(
        self, settings: PictureSettings, corpus: Corpus, teacher: Teacher | None, drawer: Drawer, told: Told | None, imitated: Imitated | None,
        clock: Clock, device: str,
    ):
        self._settings, self._teacher, self._drawer, self._clock = settings, teacher, drawer, clock
        self._told, self._imitated = told, imitated
        # What no label says of any picture, only the teacher knows: the classifier has nothing to learn there.
        labelled = (drawer.relations > 0).any(0)
        relations = np.where(labelled, drawer.relations, UNKNOWN).astype(np.int8)
        # That something is drawn is soon learnt; what it shows is the label.
        styles = [corpus.place[style] for style in STYLE_NAMES]
        relations[:, styles] = np.where(relations[:, styles] == RIGHT, ABOVE, relations[:, styles])
        self._relations = torch.from_numpy(relations).to(device)
        near = nearness(corpus, relations) if settings.smoothing else None
        self._near = None if near is None else torch.from_numpy(near).to(device)
        self._said = SaidWords(corpus.trained_captions) if settings.said_weight else None

    @property
    def projects(self) -> bool:
        """Whether the projection learns by what is lost here."""
        return self._told is not None or self._imitated is not None

    def make(self, number: int, chance: Chance, captions: int = 0) -> tuple[dict, list[list[str]]]:
        """The batch, and apart from it the captions of each picture."""
        settings, rng = self._settings, chance.numbers
        drawn = self._drawer.draw(settings.batch, captions, rng)
        px = self._clock.px(number)
        area = settings.last_area if px == self._clock.plan.px else SMALLEST_AREA
        pictures = augment(to_floats(drawn.pixels), drawn.drawings, px, rng, area)
        if settings.operations:
            pictures = rand_augment(pictures, settings.operations, settings.strength, rng)
        pictures, partner, own = mix(pictures, settings.mixup, settings.cutmix, rng)
        batch = {"pixels": standardise(pictures), "labels": torch.from_numpy(drawn.labels), "partner": partner, "own": own}
        if self._teacher is not None:
            batch["soft"], batch["sure"] = self._teacher.labels(drawn.packed, drawn.truth)
        if self._said is not None and captions:
            batch["said"] = torch.from_numpy(self._said.shares(drawn.captions))
        if self._told is not None and captions:
            batch["stories"] = torch.from_numpy(self._told.stories(drawn.captions))
        if self._imitated is not None:
            batch["rows"], batch["asked"] = torch.from_numpy(drawn.packed), self._imitated.ask(rng)
        return batch, drawn.captions

    def relations_of(self, batch: dict) -> np.ndarray:
        """int8 [n, concepts], also of concepts that only the teacher knows."""
        return self._drawer.relations[batch["labels"].numpy()]

    def losses(self, net: Clip, settled: Tensor, batch: dict) -> dict[str, Tensor]:
        """Weighted losses of a batch that was made here; `settled`: what the heads read."""
        settings = self._settings
        logits = net.classifier(settled).float()
        losses = {"label": settings.label_weight * self._label_loss(logits, batch)}
        if "soft" in batch:
            # A mixed picture shows what the teacher saw in neither; its labels are mixed in the same way.
            own = batch["own"][:, None]
            soft = own * batch["soft"].softmax(1) + (1 - own) * batch["soft"][batch["partner"]].softmax(1)
            sure = torch.minimum(batch["sure"], torch.where(batch["own"] < 1, batch["sure"][batch["partner"]], 1.0))
            guess = net.teacher(settled).float()
            losses["teacher"] = settings.teacher_weight * teacher_loss(guess, soft.clamp(min=1e-8).log(), sure)
        if "said" in batch and net.said is not None:
            own = batch["own"][:, None]
            said = own * batch["said"] + (1 - own) * batch["said"][batch["partner"]]
            losses["said"] = settings.said_weight * said_loss(net.said(settled).float(), said)
        if "stories" in batch:
            losses["told"] = settings.told_weight * self._told.loss(net, settled, batch["stories"])
        if "rows" in batch:
            losses["agree"] = settings.agree_weight * self._imitated.loss(net, settled, batch["rows"], batch["asked"])
        return losses

    def _label_loss(self, logits: Tensor, batch: dict) -> Tensor:
        relation = self._relations[batch["labels"]]
        loss = label_loss(logits, relation, batch["own"])
        if self._settings.mixup or self._settings.cutmix:
            other = self._relations[batch["labels"][batch["partner"]]]
            share = batch["own"].mean()
            loss = share * loss + (1 - share) * label_loss(logits, other, 1 - batch["own"])
        if self._near is not None:
            smooth = smoothing_loss(logits, relation, self._near[batch["labels"]].float())
            loss = (1 - self._settings.smoothing) * loss + self._settings.smoothing * smooth
        return loss
