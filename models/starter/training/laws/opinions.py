"""Laws of the linear methods that the text stage listens to, and of listening."""
import json
import tempfile
from pathlib import Path

import numpy as np
import torch

from agreement import Agreement
from canonical import Canonical
from discriminant import Discriminant
from heard import Heard
from laws.common import CLOSE, STARTER, small_net
from losses import agreement_loss
from opinions import joined, mean_of_scores
from text.encoded import encode
from text.tokenizer import Tokenizer
from told import Imitated
from towers import unit

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


def what_was_heard_is_given_back() -> bool:
    """Scores of known rows and sentences; drawings and rows of which nothing is known are unknown, a new sentence is refused."""
    heard, photos, told = _heard([7, 2], ["a dog", "a car", "the sea"])
    numbers = heard.numbers(["the sea", "a dog"])
    same = (heard.scores(np.array([2, 7]), numbers) - photos[[1, 0]] @ told[[2, 0]].t()).abs().max() < 0.05
    try:
        heard.numbers(["a cat"])
    except ValueError as error:
        return bool(same and heard.known(np.array([2, -1, 3, 7, 900])).tolist() == [True, False, False, True, False] and "a cat" in str(error))
    return False


def who_imitates_says_the_same() -> bool:
    """Pictures where the opinion puts them lose less than pictures elsewhere; of unknown ones nothing is lost."""
    net, tokenizer, sentences = small_net(), Tokenizer(STARTER), ["a dog", "a car", "the sea", "two men run"]
    net.image.project = torch.nn.Identity()
    places = unit(net.text(encode(tokenizer, sentences, 24)))
    heard, _, _ = _heard([0, 1, 2, 3], sentences, float(net.logit_scale.exp()) * places, places)
    imitated = Imitated(heard, net, tokenizer)
    lost = lambda pictures, rows: float(imitated.loss(net, pictures, torch.tensor(rows), torch.arange(4)))
    return lost(places, [0, 1, 2, 3]) + CLOSE < lost(places.roll(1, 0), [0, 1, 2, 3]) and lost(places, [-1, -1, 8, 9]) == 0


def two_opinions_become_one() -> bool:
    """Products of the joined vectors are both scores, weighted by their spreads, as sharp as the network's own."""
    net, numbers = small_net(), torch.Generator().manual_seed(8)
    photos, linear_photos, told, linear_told = (unit(torch.randn(40, size, generator=numbers)) for size in (16, 6, 16, 6))
    one, other = joined(net, photos, linear_photos, told, linear_told)
    first, second = photos @ told.t(), linear_photos @ linear_told.t()
    wanted = first + 0.3 * first.std() / second.std() * second
    found = one @ other.t()
    return bool((found / found.std() - wanted / wanted.std()).abs().max() < CLOSE and 0.7 < found.std() / (net.logit_scale.exp() * first.std()) < 1.1)


def _heard(rows: list[int], sentences: list[str], photos: torch.Tensor | None = None, told: torch.Tensor | None = None):
    numbers = np.random.default_rng(9)
    photos = torch.from_numpy(numbers.normal(size=(len(rows), 5))).float() if photos is None else photos
    told = torch.from_numpy(numbers.normal(size=(len(sentences), 5))).float() if told is None else told
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "opinions.npz"
        np.savez(path, rows=np.array(rows), photos=photos.half().numpy(), told=told.half().numpy(), sentences=json.dumps(sentences))
        return Heard(path), photos, told


def _told_pictures(size: int = 8) -> tuple[np.ndarray, np.ndarray, Canonical]:
    numbers = np.random.default_rng(4)
    kind = numbers.integers(0, 3, 300)
    features = (np.eye(size)[kind] + 0.2 * numbers.normal(size=(300, size))).astype(np.float32)
    captions = [[f"a {KINDS[k]} is here", f"one {KINDS[k]} number {i % 7}"] for i, k in enumerate(kind)]
    return kind, features, Canonical(features, captions, [["a dog runs", "the dog is near a car"]] * 40)


def several_opinions_are_their_mean() -> bool:
    found = [(torch.randn(4, n), torch.randn(6, n)) for n in (3, 5)]
    photos, told = mean_of_scores(found)
    return bool((photos @ told.t() - sum(one @ other.t() for one, other in found) / 2).abs().max() < CLOSE)


LAWS = (
    several_opinions_are_their_mean,
    agreement_is_where_scores_are_the_same, canonical_correlation_finds_what_goes_together, style_does_not_hide_what_is_shown, who_listens_hears_both,
    what_was_heard_is_given_back, who_imitates_says_the_same, two_opinions_become_one,
)
