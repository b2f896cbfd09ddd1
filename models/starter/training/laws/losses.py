"""Laws of what a step loses."""
import random
from types import SimpleNamespace

import numpy as np
import torch

from batches import Chance
from laws.common import CLOSE, STARTER, small_net
from losses import caption_loss, concept_loss, label_loss, retold_loss, said_loss, sigmoid_concept_loss, smoothing_loss
from text.encoded import encode
from text.retold import Retold
from text.said import SaidWords
from text.stories import Stories
from text.tokenizer import Tokenizer
from told import NOTHING, Told


def losses_fall_where_scores_are_right() -> bool:
    relation = torch.tensor([[1, 2, 0, -1], [0, 0, 1, 0]], dtype=torch.int8)
    right, wrong = torch.where(relation > 0, 4.0, -4.0), torch.where(relation > 0, -4.0, 4.0)
    near = torch.tensor([[0, 0, 1.0, 0], [0.5, 0.5, 0, 0]])
    losses = [label_loss, concept_loss, lambda s, r: sigmoid_concept_loss(s, r, torch.tensor(0.0))]
    unknown = right.clone()
    unknown[0, 3] += 100  # what is unknown must not count
    same = all(abs(float(loss(unknown, relation) - loss(right, relation))) < CLOSE for loss in losses[::2])
    falls = all(loss(right, relation) < loss(wrong, relation) for loss in losses)
    return bool(same and falls and smoothing_loss(right, relation, near) > 0)


def rare_words_count_more() -> bool:
    said = SaidWords([["A dog runs.", "a dog"]] * 4 + [["a dog runs", "a wet cat"]] * 40 + [["a sea", "one"]] * 400)
    table = said.shares([["a wet dog", "wet"], ["zebra"], []])
    right = [said.words.index(word) for word in ("wet", "dog")]
    sums = np.allclose(table.sum(1), [1, 0, 0]) and table[0, right[0]] > table[0, right[1]] > 0 and "a" not in said.words
    logits, shown = torch.zeros(3, len(said.words)), torch.from_numpy(table)
    return bool(sums and said_loss(logits + 9 * shown, shown) < said_loss(logits, shown))


def a_picture_finds_its_own_sentences() -> bool:
    """A picture that stands where its sentences are loses less than one that stands elsewhere; the same sentences are one story."""
    net, tokenizer = small_net(), Tokenizer(STARTER)
    told = Told([["a dog runs", "a dog"], ["a red car"], [], ["a dog runs", "a dog"]], net, tokenizer)
    stories = told.stories([["a dog"], [], ["a red car"]])
    net.image.project = torch.nn.Identity()
    places = {text: net.text(encode(tokenizer, [text], 24))[0] for text in ("a dog", "a red car")}
    lost = lambda first, last: told.loss(net, torch.stack([places[first], places[first], places[last]]), torch.from_numpy(stories))
    return bool(len(told) == 3 and stories.tolist() == [0, NOTHING, 1] and lost("a dog", "a red car") < lost("a red car", "a dog"))


def drawings_of_one_emoji_are_no_negatives() -> bool:
    corpus = SimpleNamespace(trained_captions=[["a dog runs", "a dog"]], emoji={"1": {"label": "Cat", "tags": ["pet", "face"]}})
    same = Stories(corpus).same([["a dog"], ["cat icon"], ["a dog runs"], ["cat emoji"], [], [], ["a blue cup"]])
    told = np.eye(7, dtype=bool)
    told[0, 2] = told[2, 0] = told[1, 3] = told[3, 1] = True
    told[4, 4] = told[5, 5] = False
    scores, owner = torch.full((1, 7), -4.0), torch.tensor([1])
    scores[0, [1, 3]] = 4.0
    return bool(np.array_equal(same, told) and caption_loss(scores, owner, torch.from_numpy(same)) < 0.01)


def sentences_of_one_picture_are_drawn_together() -> bool:
    groups = [["a dog runs", "a brown dog"], ["a red car", "the car parks"], ["two men sit", "men on a bench"]]
    first, second = Retold(groups).draw(9, Chance(np.random.default_rng(1), random.Random(1)))
    pairs = {frozenset(pair) for pair in zip(first, second)}
    scores = torch.diag(torch.full((3,), 9.0))
    return bool(pairs == set(map(frozenset, groups)) and retold_loss(scores) < 0.01 < retold_loss(scores.roll(1, 0)))


LAWS = (
    losses_fall_where_scores_are_right, rare_words_count_more,
    a_picture_finds_its_own_sentences, sentences_of_one_picture_are_drawn_together, drawings_of_one_emoji_are_no_negatives,
)
