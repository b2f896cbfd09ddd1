"""What can be trained: the image tower, the text tower on stored features, or both at once.

A stage says how a batch is made, what is lost on it, and which parameters rest.
"""
from typing import Protocol

import torch
from torch import Tensor, nn

from batches import Chance
from language import Language
from pictures import Pictures
from stored import Stored
from towers import Clip

JOINT_CAPTIONS, IMAGE_CAPTIONS = 2, 5
"""Sentences of each picture in a step of the joint stage, and of the image stage."""


class Stage(Protocol):
    def make(self, number: int, chance: Chance) -> dict: ...

    def losses(self, net: Clip, batch: dict) -> dict[str, Tensor]: ...

    def prepare(self, net: Clip) -> None:
        """Sets what learns and what rests; once, before the first step."""

    def size(self, batch: dict) -> int:
        """Pictures, features or texts in a batch: what a second's work is counted in."""

    def state(self) -> dict: ...

    def restore(self, state: dict) -> None: ...


class ImageStage:
    """Label classifier, teacher, the words of captions and the captions themselves; the text tower rests."""

    def __init__(self, pictures: Pictures):
        self._pictures = pictures

    def make(self, number: int, chance: Chance) -> dict:
        return self._pictures.make(number, chance, IMAGE_CAPTIONS)[0]

    def prepare(self, net: Clip) -> None:
        net.train()
        net.text.requires_grad_(False)
        net.logit_scale.requires_grad_(False)
        net.image.project.requires_grad_(self._pictures.projects)

    def losses(self, net: Clip, batch: dict) -> dict[str, Tensor]:
        return self._pictures.losses(net, net.image.settle(net.image.raw(batch["pixels"])), batch)

    def size(self, batch: dict) -> int:
        return len(batch["labels"])

    def state(self) -> dict:
        return {}

    def restore(self, state: dict) -> None:
        pass


class TextStage:
    """Text tower and both projections, on features of a finished image tower."""

    def __init__(self, stored: Stored, language: Language, batch: int):
        self._stored, self._language, self._batch = stored, language, batch

    def make(self, number: int, chance: Chance) -> dict:
        drawn = self._stored.draw(self._batch, chance.numbers)
        batch = self._language.make(number, chance, drawn.relation, drawn.captions)
        return {**batch, "features": torch.from_numpy(drawn.features), "photo": torch.from_numpy(drawn.photo), "rows": torch.from_numpy(drawn.rows)}

    def prepare(self, net: Clip) -> None:
        net.train()
        net.image.requires_grad_(False).eval()
        net.image.project.requires_grad_(True)
        for head in (net.classifier, net.teacher, net.said):
            if head is not None:
                head.requires_grad_(False)

    def losses(self, net: Clip, batch: dict) -> dict[str, Tensor]:
        return self._language.losses(net, net.image.settle(batch["features"]), batch)

    def size(self, batch: dict) -> int:
        return len(batch["features"])

    def state(self) -> dict:
        return {"anchors": self._language.anchors}

    def restore(self, state: dict) -> None:
        self._language.anchors = state["anchors"]


class JointStage(TextStage):
    """Both towers and both heads on the same pictures: for machines that are quick enough."""

    def __init__(self, pictures: Pictures, language: Language, resting: int = 0):
        """`resting`: first layers of the image tower that stay as they are; all its normalisation then does too."""
        self._pictures, self._language, self._resting = pictures, language, resting

    def make(self, number: int, chance: Chance) -> dict:
        batch, captions = self._pictures.make(number, chance, JOINT_CAPTIONS)
        return {**batch, **self._language.make(number, chance, self._pictures.relations_of(batch), captions)}

    def prepare(self, net: Clip) -> None:
        net.train()
        if self._resting:
            net.image.features[: self._resting].requires_grad_(False)
            for module in net.image.modules():
                if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                    module.eval().requires_grad_(False)

    def losses(self, net: Clip, batch: dict) -> dict[str, Tensor]:
        settled = net.image.settle(net.image.raw(batch["pixels"]))
        return {**self._pictures.losses(net, settled, batch), **self._language.losses(net, settled, batch)}

    def size(self, batch: dict) -> int:
        return len(batch["labels"])
