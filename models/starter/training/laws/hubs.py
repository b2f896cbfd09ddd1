"""Laws of hubs: which pictures are held back, how far, and for whom."""
import torch

from folding import fold, unfold
from hubs import SHARPNESS, STRENGTH, USUAL, Hubs, fit_hubs
from laws.common import CLOSE, small_net
from towers import unit

SIZE, HALF = 32, 16
"""Numbers of a vector; names have but the second half of them, sentences both."""


def a_group_for_each_sentence_is_the_softmax_over_all() -> bool:
    sentences, names, pictures = _texts()
    hubs = fit_hubs(sentences, names, len(sentences), 1)
    exact = (1 + (SHARPNESS * (pictures @ sentences.t() - USUAL)).exp().mean(1)).log() / SHARPNESS
    fewer = fit_hubs(sentences, names, 40, 1).excess(pictures)
    return bool((hubs.excess(pictures) - exact).abs().max() < CLOSE and torch.corrcoef(torch.stack([fewer, exact]))[0, 1] > 0.95)


def hubs_lose_for_sentences_and_not_for_names() -> bool:
    """By how far a picture suits sentences at large; what suits none stays where it is."""
    sentences, names, pictures = _texts()
    hubs = fit_hubs(sentences, names, 40, 1)
    excess, lost = hubs.excess(pictures), pictures - hubs(pictures)
    of_sentences, of_names = (lost @ texts.t() for texts in (sentences, names))
    none = -pictures[excess.argmax()].unsqueeze(0)
    held = bool((of_sentences.mean(1) - STRENGTH * excess).abs().max() < CLOSE and of_names.abs().mean() < 0.2 * of_sentences.mean())
    return held and bool((hubs(none) - none).norm() < 0.01 < lost.norm(dim=1).max())


def the_length_of_a_vector_does_not_matter() -> bool:
    sentences, names, pictures = _texts()
    hubs = fit_hubs(sentences, names, 40, 1)
    return bool((hubs(7 * pictures) - 7 * hubs(pictures)).abs().max() < CLOSE)


def sentences_find_their_pictures_sooner() -> bool:
    """Pictures that lie near their sentence, each with a share of what all sentences have in common, some with much of it."""
    sentences, names, _ = _texts()
    common, chance = sentences.mean(0), torch.Generator().manual_seed(3)
    pictures = unit(sentences + 0.25 * torch.randn(sentences.shape, generator=chance) + 6 * torch.rand(len(sentences), 1, generator=chance) ** 4 * common)
    hubs = fit_hubs(sentences, names, 40, 1)
    first = lambda found: float(((sentences @ unit(found).t()).argmax(1) == torch.arange(len(sentences))).float().mean())
    return first(hubs(pictures)) > first(pictures) + 0.05


def who_goes_on_goes_on_without() -> bool:
    net, pixels = small_net(), torch.randn(4, 3, 64, 64)
    plain = net.image(pixels)
    net.image.hubs = Hubs(5, net.shape.dimension)
    torch.nn.init.normal_(net.image.hubs.toward)
    held = net.image(pixels)
    folded = fold(net)
    close = lambda one, other: bool((one - other).abs().max() < CLOSE)
    return close(folded.image(pixels), held) and not close(held, plain) and close(unfold(folded).image(pixels), plain)


def _texts() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Unit vectors: 200 sentences, 300 names, 50 pictures."""
    chance = torch.Generator().manual_seed(2)
    sentences, names = torch.randn(200, SIZE, generator=chance), torch.randn(300, SIZE, generator=chance)
    sentences[:, :HALF] += 1.5
    names[:, :HALF] = 0
    pictures = unit(torch.randn(50, SIZE, generator=chance) + torch.rand(50, 1, generator=chance) * (torch.arange(SIZE) < HALF))
    return unit(sentences), unit(names), pictures


LAWS = (
    a_group_for_each_sentence_is_the_softmax_over_all, hubs_lose_for_sentences_and_not_for_names, the_length_of_a_vector_does_not_matter,
    sentences_find_their_pictures_sooner, who_goes_on_goes_on_without,
)
