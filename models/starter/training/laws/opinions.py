"""Laws of the linear methods that the text stage listens to, and of listening."""
import numpy as np
import torch

from agreement import Agreement
from canonical import Canonical
from discriminant import Discriminant
from laws.common import CLOSE, STARTER, small_net
from losses import agreement_loss
from text.encoded import encode
from text.tokenizer import Tokenizer

KINDS = ["dog", "car", "sea"]


def agreement_is_where_scores_are_the_same() -> bool:
    wanted = torch.from_numpy(np.random.default_rng(3).normal(size=(5, 7))).float()
    least = float(agreement_loss(wanted, wanted))
    others = [wanted.roll(1, 0), wanted.roll(1, 1), 2 * wanted, 0 * wanted]
    return all(float(agreement_loss(other, wanted)) > least + CLOSE for other in others)


def canonical_correlation_finds_what_goes_together() -> bool:
    """Three kinds of pictures, a word for each; a sentence without a known word is where the empty one is."""
    kind, features, found = _told_pictures()
    asked = ["the dog", "CAR!", "sea", "qwerty", ""]
    texts, pictures = found.sentences(asked), found.pictures(torch.from_numpy(features))
    scores = (pictures @ texts.t()).numpy()
    right = (scores[:, :3].argmax(1) == kind).mean() > 0.95
    lengths = torch.cat([texts, pictures]).norm(dim=1)
    return bool(right and (lengths - 1).abs().max() < CLOSE and torch.equal(texts[3], texts[4]))


def style_does_not_hide_what_is_shown() -> bool:
    """Drawings of 20 emoji that differ in style more than in what they show: new ones find their emoji, where the plain features do not."""
    numbers, shows = np.random.default_rng(6), np.tile(np.arange(20), 30)
    emoji, styled = numbers.normal(size=(20, 24)), np.repeat([0.1, 3.0], 12)
    features = (emoji[shows] + styled * numbers.normal(size=(600, 24))).astype(np.float32)
    found = Discriminant(features[:400], shows[:400])
    new = torch.from_numpy(features[400:])
    unit = lambda vectors: torch.nn.functional.normalize(vectors, dim=1)
    right = lambda one, other: float(((unit(one) @ unit(other).t()).argmax(1).numpy() == shows[400:]).mean())
    return right(found.vectors(new), found.vectors(found.centres)) > 0.9 > 0.7 > right(new, found.centres)


def who_listens_hears_both() -> bool:
    """Scores of the finished network and of the linear methods, in the shapes that the losses want."""
    net, tokenizer = small_net(), Tokenizer(STARTER)
    kind, wide, canonical = _told_pictures(net.shape.head)
    agreement = Agreement(net, canonical, Discriminant(wide, kind))
    asked = [f"a {kind} is here" for kind in KINDS]
    told = agreement.told(torch.from_numpy(wide), encode(tokenizer, asked, 24), agreement.sentences(asked))
    shown = agreement.shown(torch.from_numpy(wide))
    right = [float((scores.argmax(1).numpy() == kind).mean()) for scores in (told, shown)]
    return told.shape == shown.shape == (len(kind), 3) and min(right) > 0.8


def _told_pictures(size: int = 8) -> tuple[np.ndarray, np.ndarray, Canonical]:
    numbers = np.random.default_rng(4)
    kind = numbers.integers(0, 3, 300)
    features = (np.eye(size)[kind] + 0.2 * numbers.normal(size=(300, size))).astype(np.float32)
    captions = [[f"a {KINDS[k]} is here", f"one {KINDS[k]} number {i % 7}"] for i, k in enumerate(kind)]
    return kind, features, Canonical(features, captions, [["a dog runs", "the dog is near a car"]] * 40)


LAWS = (
    agreement_is_where_scores_are_the_same, canonical_correlation_finds_what_goes_together, style_does_not_hide_what_is_shown, who_listens_hears_both,
)
