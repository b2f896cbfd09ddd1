"""Laws of the tokenizer, the text tower and the places of words."""
import tempfile
from pathlib import Path

import torch

from laws.common import CLOSE, STARTER, small_net
from loose_words import word_loss
from text.bpe import learn, save
from text.encoded import encode
from text.tokenizer import CONTEXT, Tokenizer, words
from towers import unit
from word_start import start_from_words

WORDS = STARTER.parent / "words" / "semblance.100d.txt.gz"


def pieces_are_those_of_the_file() -> bool:
    """The numbers are those of @huggingface/transformers, which verify.mjs compares."""
    tokenizer = Tokenizer(STARTER)
    text = tokenizer.encode("a photo of a cat") == [24012, 320, 873, 546, 320, 924, 24013]
    cut = words("It's 99 naïve cafés!") == ["it", "'s", "9", "9", "naïve", "cafés", "!"]
    return text and cut and len(tokenizer.encode("a " * 99)) == CONTEXT


def a_vocabulary_can_be_learnt() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        save(learn({"low": 5, "lower": 2, "newest": 6, "widest": 3}, 20), Path(folder))
        return len(Tokenizer(Path(folder)).pieces("newest")) == 1


def padding_and_order_change_no_text() -> bool:
    net, tokenizer = small_net(), Tokenizer(STARTER)
    texts = ["cat", "a photo of a very small dog", "two cats", "dog small very a of photo a"]
    apart = torch.cat([net.text(torch.tensor([tokenizer.encode(text)])) for text in texts])
    together = net.text(encode(tokenizer, texts, 20))
    return bool((together - apart).abs().max() < CLOSE and (apart[1] - apart[3]).abs().max() < CLOSE)


def words_are_drawn_to_their_meaning() -> bool:
    anchors = unit(torch.randn(30, 16))
    concepts, shares = torch.tensor([[3, 7], [5, 2]]), torch.tensor([[0.8, 0.2], [1.0, 0.0]])
    there = unit((shares[:, :, None] * anchors[concepts]).sum(1))
    return bool(10 * word_loss(there, anchors, concepts, shares) < word_loss(there.flip(0), anchors, concepts, shares))


def words_keep_their_angles() -> bool:
    net, tokenizer = small_net(), Tokenizer(STARTER)
    start_from_words(net.text.token, tokenizer, WORDS, seed=1)
    vector = lambda word: unit(net.text.token.weight[tokenizer.pieces(word)[:1]])
    return float(vector("dog") @ vector("dogs").T) > float(vector("dog") @ vector("building").T)


LAWS = (
    pieces_are_those_of_the_file, a_vocabulary_can_be_learnt,
    padding_and_order_change_no_text, words_are_drawn_to_their_meaning, words_keep_their_angles,
)
