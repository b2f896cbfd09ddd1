"""Losses of both stages. `relation`: int8 [pictures, concepts] of text.corpus: 1 right, 2 above, 0 wrong, -1 unknown."""
import torch
import torch.nn.functional as F
from torch import Tensor

OUT = -1e4
"""A score that takes no part."""
TEMPERATURE = 2.0


def _target(relation: Tensor, above: float) -> Tensor:
    """Right concepts share weight 1, those above share `above`."""
    right, upper = (relation == 1).float(), (relation == 2).float()
    share = lambda mask: mask / mask.sum(1, keepdim=True).clamp(min=1)
    return share(right) + above * share(upper)


def multi_positive(scores: Tensor, target: Tensor, wrong: Tensor, weight: Tensor | None = None) -> Tensor:
    """Each right one of a row competes against the wrong ones of that row only. `weight`: [rows]."""
    against = scores.masked_fill(~wrong, OUT).logsumexp(1, keepdim=True)
    if weight is not None:
        target = target * weight[:, None]
    return (F.softplus(against - scores) * target).sum() / target.sum().clamp(min=1e-6)


def label_loss(logits: Tensor, relation: Tensor, weight: Tensor | None = None) -> Tensor:
    """A plain classifier over all concepts: the labels, and less so what is above them, against the wrong ones."""
    return multi_positive(logits, _target(relation, 0.2), relation == 0, weight)


def smoothing_loss(logits: Tensor, relation: Tensor, near: Tensor) -> Tensor:
    """Cross-entropy to the wrong concepts by their nearness in WordNet. `near`: [pictures, concepts], rows sum to 1 or 0."""
    guess = logits.masked_fill(relation == -1, OUT).log_softmax(1)
    return -(near * guess).sum(1).mean()


def teacher_loss(logits: Tensor, soft: Tensor, weight: Tensor) -> Tensor:
    """Kullback-Leibler divergence to the teacher's softened classes, times the temperature squared."""
    guess, want = F.log_softmax(logits / TEMPERATURE, 1), F.softmax(soft / TEMPERATURE, 1)
    each = F.kl_div(guess, want, reduction="none").sum(1)
    return TEMPERATURE**2 * (each * weight).sum() / weight.sum().clamp(min=1)


def said_loss(logits: Tensor, said: Tensor) -> Tensor:
    """Cross-entropy to the words of a picture's captions; `said`: [pictures, words], rows sum to 1, or 0 where nothing is said.

    SuperClass (Huang et al., NeurIPS 2024): captions as classes, each word as often as it is said and as rare as it is.
    """
    return -(said * logits.log_softmax(1)).sum() / said.sum().clamp(min=1)


def told_loss(scores: Tensor, own: Tensor) -> Tensor:
    """Cross-entropy to a picture's own sentences, in equal shares. `scores`, `own` (bool): [pictures, sentences]."""
    return -((scores.log_softmax(1) * own).sum(1) / own.sum(1)).mean()


def imitation_loss(similarity: Tensor, logits: Tensor, out: Tensor) -> Tensor:
    """Similarities to texts -> what a head of the image tower says of the same columns. `out`: columns left out."""
    want = logits.detach().masked_fill(out, OUT).softmax(1)
    return -(want * similarity.masked_fill(out, OUT).log_softmax(1)).sum(1).mean()


def concept_loss(scores: Tensor, relation: Tensor) -> Tensor:
    """Pictures against concept texts, both ways: contrastive with several right ones."""
    to_text = multi_positive(scores, _target(relation, 0.3), relation == 0)
    right = ((relation == 1) | (relation == 2)).float().t()
    to_picture = multi_positive(scores.t(), right / right.sum(1, keepdim=True).clamp(min=1), (relation == 0).t())
    return to_text + to_picture


def sigmoid_concept_loss(scores: Tensor, relation: Tensor, bias: Tensor) -> Tensor:
    """SigLIP's loss: each pair by itself is right or wrong; what is above counts less, what is unknown not at all."""
    weight = torch.where(relation == 1, 1.0, torch.where(relation == 2, 0.3, (relation == 0).float()))
    sign = torch.where(relation > 0, 1.0, -1.0)
    return (F.softplus(-sign * (scores + bias)) * weight).sum() / len(scores)


def caption_loss(scores: Tensor, owner: Tensor, same: Tensor) -> Tensor:
    """Captions [n, pictures] to their pictures; another one of which the same is told (`same`: bool [pictures, pictures]) is no negative."""
    own = torch.arange(scores.shape[1], device=owner.device)[None] == owner[:, None]
    return F.cross_entropy(scores.masked_fill(same[owner] & ~own, OUT), owner)


def picture_loss(scores: Tensor, owner: Tensor, sentence: Tensor, same: Tensor) -> Tensor:
    """Pictures of captions [n, n] to them; another caption of the same story, or the same sentence, is no negative."""
    others = (owner[:, None] == owner[None]) | (sentence[:, None] == sentence[None]) | same[owner][:, owner]
    others &= ~torch.eye(len(owner), dtype=torch.bool, device=owner.device)
    return F.cross_entropy(scores.masked_fill(others, OUT), torch.arange(len(owner), device=owner.device))


def retold_loss(scores: Tensor) -> Tensor:
    """Sentences [n, n] to another one of the same picture, both ways: row i and column i belong together."""
    own = torch.arange(len(scores), device=scores.device)
    return (F.cross_entropy(scores, own) + F.cross_entropy(scores.t(), own)) / 2


def agreement_loss(scores: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy of each row's scores to `wanted` ones."""
    return -(wanted.softmax(1) * scores.log_softmax(1)).sum(1).mean()


def sigmoid_pair_loss(scores: Tensor, owner: Tensor, bias: Tensor) -> Tensor:
    """Captions [n, pictures] against pictures, each pair by itself."""
    right = torch.arange(scores.shape[1], device=owner.device)[None] == owner[:, None]
    return F.softplus(torch.where(right, -1.0, 1.0) * (scores + bias)).sum() / len(scores)
