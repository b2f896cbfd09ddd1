"""Captions and pictures find each other, both ways; earlier ones stand in for a larger batch."""
import torch
from torch import Tensor

import losses as loss

OLD_PICTURES, OLD_CAPTIONS = 256, 512


class Matching:
    """Contrastive loss of captions and their pictures, with a memory of earlier ones."""

    def __init__(self):
        self._pictures: Tensor | None = None
        self._captions: Tensor | None = None

    def loss(self, picture: Tensor, caption: Tensor, scale: Tensor, owner: Tensor) -> Tensor:
        """Unit vectors [pictures, n] and [captions, n]; `owner`: each caption's picture."""
        pictures, captions = _behind(picture, self._pictures), _behind(caption, self._captions)
        to_picture = loss.caption_loss(scale * caption @ pictures.t(), owner)
        to_caption = loss.picture_loss(scale * picture[owner] @ captions.t(), owner)
        self._pictures = _behind(picture[owner.unique()].detach(), self._pictures)[:OLD_PICTURES]
        self._captions = _behind(caption.detach(), self._captions)[:OLD_CAPTIONS]
        return (to_picture + to_caption) / 2

    def state(self) -> dict:
        return {"pictures": self._pictures, "captions": self._captions}

    def restore(self, state: dict) -> None:
        self._pictures, self._captions = state["pictures"], state["captions"]


def _behind(new: Tensor, old: Tensor | None) -> Tensor:
    return new if old is None else torch.cat([new, old.to(new.device)])
