"""Texts for a batch of pictures (or of their stored features), and what the space of both loses on them."""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import losses as loss
from agreement import Agreement
from batches import Chance
from loose_words import LooseWords, word_loss
from text.corpus import RIGHT, WRONG, Corpus
from text.encoded import encode
from text.prompter import prompt
from text.retold import Retold
from text.stories import Stories
from text.tokenizer import Tokenizer
from towers import Clip, unit

CONCEPT_CONTEXT, CAPTION_CONTEXT = 14, 24
"""Pieces at which training texts of each kind are cut: few are longer, and all would be padded to them."""
PRESENT = 0.6
"""Share of the concept texts that the batch shows."""
LEAF_WEIGHT = 3.0
"""Labels of pictures are drawn so much more often than other concepts."""
SHARPEST = 60.0
UNSEEN = 0.1
"""Share of a picture's features that a step leaves out: there are far fewer pictures than steps."""
CENTRED, CENTRE_WEIGHT = 0.15, 4.0
"""What the mean cosine of two pictures may be at no cost: unrelated pictures should not look alike."""
SOFTER = 0.35
"""Sharpness at which drawings are compared with all emoji: at the usual one only the drawing's own would count, which both know by heart."""
ANCHORS_EVERY = 25
"""Steps from one look at where the concepts' names are to the next."""


@dataclass(frozen=True)
class LanguageSettings:
    texts: int
    words: int
    """Concept texts, and words that name no concept, of one process in a step."""
    caption_weight: float = 0.7
    word_weight: float = 1.0
    imitate_weight: float = 1.0
    retold: int = 256
    """Pictures that are not at hand, two sentences of each, of one process in a step."""
    retold_weight: float = 0.0
    agree_weight: float = 0.0
    """Of a second opinion on those sentences."""
    taught_weight: float = 0.7
    """Classifier and teacher's head of a finished image tower know more than the labels: texts imitate them."""
    loss: str = "contrastive"
    """Or "sigmoid", as in SigLIP."""


class Language:
    def __init__(
        self, settings: LanguageSettings, corpus: Corpus, tokenizer: Tokenizer, words: LooseWords, retold: Retold | None,
        agreement: Agreement | None, labelled: np.ndarray, device: str,
    ):
        """`labelled`: bool [concepts], those that the classifier has learnt."""
        self._settings, self._corpus, self._tokenizer, self._words = settings, corpus, tokenizer, words
        self._retold, self._agreement = retold, agreement
        self._columns = np.full(len(corpus.concepts), -1)
        self._columns[[corpus.place[synset] for synset in corpus.teacher]] = np.arange(len(corpus.teacher))
        self._taught = torch.from_numpy(self._columns).to(device)
        self._labelled = torch.from_numpy(labelled).to(device)
        weights = np.where(np.isin(corpus.concepts, corpus.leaves), LEAF_WEIGHT, 1.0)
        self._weights = weights / weights.sum()
        self._names = encode(tokenizer, [corpus.names(concept)[0] for concept in corpus.concepts], CONCEPT_CONTEXT).to(device)
        self._stories = Stories(corpus)
        self.anchors: Tensor | None = None
        """Where the names of all concepts were when last looked: unit vectors [concepts, dimension]."""

    def make(self, number: int, chance: Chance, relation: np.ndarray, captions: list[list[str]]) -> dict:
        """`relation`: int8 [pictures, concepts]; `captions`: some sentences of each picture, or none."""
        chosen = self._choose(relation, chance.numbers)
        texts = [prompt(self._corpus, self._corpus.concepts[i], chance.words) for i in chosen]
        batch = {
            "number": torch.tensor(number),
            "relation": torch.from_numpy(relation[:, chosen]),
            "chosen": torch.from_numpy(chosen),
            "texts": encode(self._tokenizer, texts, CONCEPT_CONTEXT),
            "words": self._words.draw(self._settings.words, chance),
        }
        if self._retold is not None:
            first, second = self._retold.draw(self._settings.retold, chance)
            batch["first"], batch["second"] = (encode(self._tokenizer, one, CAPTION_CONTEXT) for one in (first, second))
            if self._agreement is not None:
                batch["opinion"], heard = self._agreement.sentences(first), self._agreement.numbers(first)
                if heard is not None:
                    batch["heard"] = heard
        sentences = [(i, sentence) for i, own in enumerate(captions) for sentence in own]
        if sentences:
            batch["same"] = torch.from_numpy(self._stories.same(captions))
            said: dict[str, int] = {}
            batch["owner"] = torch.tensor([i for i, _ in sentences])
            batch["sentence"] = torch.tensor([said.setdefault(sentence, len(said)) for _, sentence in sentences])
            batch["captions"] = encode(self._tokenizer, [sentence for _, sentence in sentences], CAPTION_CONTEXT)
        return batch

    def _choose(self, relation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Concepts whose texts the batch is compared with: shown ones, and others at random."""
        settings = self._settings
        shown = rng.permutation(np.flatnonzero((relation == RIGHT).any(0)))[: int(PRESENT * settings.texts)]
        left = self._weights.copy()
        left[shown] = 0
        count = min(np.count_nonzero(left), settings.texts - len(shown))
        return np.concatenate([shown, rng.choice(len(left), count, replace=False, p=left / left.sum())])

    def losses(self, net: Clip, settled: Tensor, batch: dict) -> dict[str, Tensor]:
        """Weighted losses; `settled`: what the projection and the heads read."""
        if self.anchors is None or int(batch["number"]) % ANCHORS_EVERY == 0:
            self.anchors = self._look(net)
        picture = unit(net.image.project(F.dropout(settled, UNSEEN)))
        pieces = {"words": batch["words"].texts, **{kind: batch[kind] for kind in ("texts", "captions", "first", "second") if kind in batch}}
        texts = {kind: unit(net.text(own)) for kind, own in pieces.items()}
        with torch.autocast(picture.device.type, enabled=False):
            # bfloat16 has too few digits for scores that are 60 times a cosine.
            return self._compare(net, settled, picture, texts, batch)

    @torch.no_grad()
    def _look(self, net: Clip) -> Tensor:
        learning = net.text.training
        net.text.eval()
        places = unit(net.text(self._names))
        net.text.train(learning)
        return places

    def _compare(self, net: Clip, settled: Tensor, picture: Tensor, texts: dict[str, Tensor], batch: dict) -> dict[str, Tensor]:
        settings = self._settings
        scale = net.logit_scale.exp().clamp(max=SHARPEST)
        scores, relation, words = scale * picture @ texts["texts"].t(), batch["relation"], batch["words"]
        if settings.loss == "sigmoid":
            found = {"concept": loss.sigmoid_concept_loss(scores, relation, net.sigmoid_bias)}
        else:
            found = {"concept": loss.concept_loss(scores, relation)}
        if "photo" in batch:
            found.update(self._imitation(net, settled, scores, batch))
        if "captions" in batch:
            found["caption"] = settings.caption_weight * self._caption_loss(net, picture, texts["captions"], scale, batch)
        if "first" in batch:
            found["retold"] = settings.retold_weight * loss.retold_loss(scale * texts["first"] @ texts["second"].t())
        if "opinion" in batch:
            found.update(self._agreed(net, settled, picture, texts["first"], scale, batch))
        found["centre"] = CENTRE_WEIGHT * F.relu(picture.mean(0).square().sum() - CENTRED)
        found["word"] = settings.word_weight * word_loss(texts["words"], self.anchors, words.concepts, words.shares)
        return found

    def _imitation(self, net: Clip, settled: Tensor, scores: Tensor, batch: dict) -> dict[str, Tensor]:
        settings, chosen, relation, photo = self._settings, batch["chosen"], batch["relation"], batch["photo"]
        found = {}
        if settings.imitate_weight:
            out = (relation != WRONG) & (relation != RIGHT) | ~self._labelled[chosen]
            logits = _columns_of(net.classifier, settled, chosen)
            found["imitate"] = settings.imitate_weight * loss.imitation_loss(scores, logits, out)
        columns = self._taught[chosen]
        if settings.taught_weight and bool((columns >= 0).any()) and bool(photo.any()):
            logits = _columns_of(net.teacher, settled[photo], columns[columns >= 0])
            nothing = torch.zeros_like(logits, dtype=torch.bool)
            found["taught"] = settings.taught_weight * loss.imitation_loss(scores[photo][:, columns >= 0], logits, nothing)
        return found

    def _agreed(self, net: Clip, settled: Tensor, picture: Tensor, first: Tensor, scale: Tensor, batch: dict) -> dict[str, Tensor]:
        agreement, photo, weight = self._agreement, batch["photo"], self._settings.agree_weight
        wanted = agreement.told(settled[photo], batch["first"], batch["opinion"], batch["rows"][photo], batch.get("heard"))
        scores = scale * picture[photo] @ first.t()
        found = {"agree": weight * (loss.agreement_loss(scores, wanted) + loss.agreement_loss(scores.t(), wanted.t())) / 2}
        if not bool(photo.all()):
            emoji = unit(net.image.project(agreement.emoji))
            scores, wanted = scale * picture[~photo] @ emoji.t(), agreement.shown(settled[~photo])
            found["shown"] = weight / SOFTER * loss.agreement_loss(SOFTER * scores, SOFTER * wanted)
        return found

    def _caption_loss(self, net: Clip, picture: Tensor, caption: Tensor, scale: Tensor, batch: dict) -> Tensor:
        owner, sentence = batch["owner"], batch["sentence"]
        if self._settings.loss == "sigmoid":
            return loss.sigmoid_pair_loss(scale * caption @ picture.t(), owner, net.sigmoid_bias)
        to_picture = loss.caption_loss(scale * caption @ picture.t(), owner, batch["same"])
        to_caption = loss.picture_loss(scale * picture[owner] @ caption.t(), owner, sentence, batch["same"])
        return (to_picture + to_caption) / 2


def _columns_of(head: nn.Linear, settled: Tensor, columns: Tensor) -> Tensor:
    """Some outputs of a head, at the cost of those alone."""
    return F.linear(settled, head.weight[columns], head.bias[columns]).float()
