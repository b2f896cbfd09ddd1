"""All sentences that tell of training pictures, as classes: where a finished text tower puts them, and it rests."""
import numpy as np
import torch
from torch import Tensor

from heard import Heard
from losses import agreement_loss, told_loss
from start import text_vectors
from text.tokenizer import Tokenizer
from towers import Clip, unit

CONTEXT = 24
NOTHING = -1
ASKED = 4096
"""Sentences of a step that an opinion is asked of."""


class Told:
    """A batch holds few pictures with sentences; against all sentences at once each of them is told from thousands of others."""

    def __init__(self, stories: list[list[str]], net: Clip, tokenizer: Tokenizer):
        """`stories`: what is told of each picture, by the text tower of `net`; pictures with the same sentences are one story."""
        self._story_of: dict[str, int] = {}
        sentences, owners = [], []
        for story, own in enumerate(dict.fromkeys(tuple(own) for own in stories if own)):
            for sentence in own:
                if sentence not in self._story_of:
                    self._story_of[sentence] = story
                    sentences.append(sentence)
                    owners.append(story)
        self._owners = torch.tensor(owners)
        self._places = text_vectors(net.eval(), tokenizer, sentences, CONTEXT)

    def __len__(self) -> int:
        return len(self._owners)

    def stories(self, captions: list[list[str]]) -> np.ndarray:
        """Some sentences of each picture -> int64 [pictures], the story they come from; NOTHING where there are none."""
        return np.array([self._story_of[own[0]] if own else NOTHING for own in captions])

    def loss(self, net: Clip, settled: Tensor, stories: Tensor) -> Tensor:
        """How badly the projected pictures find their own sentences among all; 0 where nothing is told."""
        some = stories != NOTHING
        if not bool(some.any()):
            return settled.sum() * 0
        pictures = unit(net.image.project(settled[some]))
        with torch.autocast(settled.device.type, enabled=False):
            # bfloat16 has too few digits for scores that are 60 times a cosine.
            scores = net.logit_scale.detach().exp() * pictures @ self._places.to(settled.device).t()
            return told_loss(scores, stories[some][:, None] == self._owners.to(settled.device)[None])


class Imitated:
    """What a finished network and a linear method think of photographs and sentences: few can be learnt by heart, for most are not paired."""

    def __init__(self, heard: Heard, net: Clip, tokenizer: Tokenizer):
        """Sentences are where the text tower of `net` puts them."""
        self._heard = heard
        self._places = text_vectors(net.eval(), tokenizer, heard.sentences, CONTEXT)

    def ask(self, rng: np.random.Generator) -> Tensor:
        """Numbers of sentences, for one step."""
        return torch.from_numpy(rng.choice(len(self._places), min(ASKED, len(self._places)), replace=False))

    def loss(self, net: Clip, settled: Tensor, rows: Tensor, asked: Tensor) -> Tensor:
        """How far the projected pictures' scores are from those that were heard, both ways; `rows`: of the pack's index."""
        rows, numbers = rows.cpu().numpy(), asked.cpu().numpy()
        known = self._heard.known(rows)
        if not known.any():
            return settled.sum() * 0
        pictures = unit(net.image.project(settled[torch.from_numpy(known).to(settled.device)]))
        with torch.autocast(settled.device.type, enabled=False):
            scores = net.logit_scale.detach().exp() * pictures @ self._places[numbers].to(settled.device).t()
            wanted = self._heard.scores(rows[known], numbers).to(settled.device)
            return (agreement_loss(scores, wanted) + agreement_loss(scores.t(), wanted.t())) / 2
