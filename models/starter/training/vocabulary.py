"""Everyday nouns that the model was trained on, best known first: MODEL/vocabulary.txt, for tags.

    python3 vocabulary.py --packed PACKED --text ../shared/text --out OUT/my-starter/vocabulary.txt

How well a word is known: in what share of the training views its concept, or something below it, is shown; classes that
only the teacher names count by its probabilities. A word must be a noun that people use: found in captions.
"""
import argparse
import collections
import re
import sys
from pathlib import Path

import numpy as np

from data.captions import loose_captions
from data.teacher import Teacher
from images.drawer import Drawer
from text.corpus import ABOVE, RIGHT, Corpus
from text.load import load_corpus
from text.prompts import STYLE_NAMES
from text.tables import read_words

PLAIN = {
    "automobile": "car", "motorcar": "car", "aeroplane": "airplane", "plane": "airplane", "domestic cat": "cat", "house cat": "cat",
    "human": "person", "motor vehicle": "vehicle", "timepiece": "clock", "wearing apparel": "clothing", "footgear": "shoe",
    "woody plant": "tree", "edible fruit": "fruit", "snakes": "snake", "shoes": "shoe", "bike": "bicycle",
}
ABOVE_WEIGHT, TAUGHT_WEIGHT, ABOVE_TAUGHT_WEIGHT, OTHER_NAME_WEIGHT = 0.5, 0.3, 0.15, 0.6
FEWEST_SAID, FEWEST_SAID_PHRASE = 3, 1
NAMES = 3
"""Of a concept that may become words."""
CHUNK = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes vocabulary.txt.")
    add = parser.add_argument
    add("--packed", type=Path, required=True)
    add("--text", type=Path, required=True, help="folder of captions (*.txt) that say which words people use")
    add("--out", type=Path, required=True)
    add("--most", type=int, default=1500)
    options = parser.parse_args()
    corpus, teacher = load_corpus(options.packed)
    seen = how_often_seen(corpus, Drawer(corpus), teacher)
    words = choose(corpus, seen, how_often_said(corpus, loose_captions(options.text)))
    options.out.write_text("\n".join(word for word, _ in words.most_common(options.most)) + "\n")
    print(f"{len(words)} candidates, {min(len(words), options.most)} words")


def how_often_seen(corpus: Corpus, drawer: Drawer, teacher: Teacher | None) -> np.ndarray:
    """For each concept the share of views that show it, what is below it counting less."""
    seen = np.zeros(len(corpus.concepts))
    taught = [corpus.place[synset] for synset in corpus.teacher]
    for share, labels, chance, rows in drawer.views():
        views = np.bincount(labels, share * chance, len(drawer.relations))
        seen += views @ (drawer.relations == RIGHT) + ABOVE_WEIGHT * (views @ (drawer.relations == ABOVE))
        if teacher is not None and rows[0] >= 0:
            mass = np.zeros(len(taught))
            for start in range(0, len(rows), CHUNK):
                part = slice(start, start + CHUNK)
                soft, weight = teacher.labels(rows[part], np.full(len(rows[part]), -1))
                known = share * chance[part] * (weight.numpy() > 0)
                mass += known @ (soft / 2).softmax(1).numpy()
            seen[taught] += TAUGHT_WEIGHT * mass
            seen += ABOVE_TAUGHT_WEIGHT * (mass @ (corpus.relations[taught] == ABOVE))
    return seen


def how_often_said(corpus: Corpus, captions: list[str]) -> collections.Counter:
    """Sentences that hold a noun, or two words in a row."""
    said: collections.Counter = collections.Counter()
    for caption in captions:
        words = [corpus.wordnet.singular(word) or word for word in re.findall(r"[a-z]+", caption.lower())]
        said.update({*words, *(" ".join(pair) for pair in zip(words, words[1:]))})
    return said


def choose(corpus: Corpus, seen: np.ndarray, said: collections.Counter) -> collections.Counter:
    never, poor = read_words("never-tags.txt"), read_words("poor-tags.txt")
    known: collections.Counter = collections.Counter()
    for i, concept in enumerate(corpus.concepts):
        if concept in STYLE_NAMES or concept in corpus.drawn_only and concept.startswith("x:"):
            continue
        for rank, name in enumerate(corpus.names(concept)[:NAMES]):
            word = _noun(corpus, name)
            if word is None or word in poor or never & set(word.split()):
                continue
            if rank and concept not in corpus.wordnet.index[word][:1]:
                continue  # a further name counts only where that is what the word means first
            if said[word] >= (FEWEST_SAID_PHRASE if " " in word else FEWEST_SAID):
                known[word] += seen[i] * (OTHER_NAME_WEIGHT if rank else 1.0)
    return known


def _noun(corpus: Corpus, name: str) -> str | None:
    """One or two plain words in the singular that WordNet knows."""
    singular = corpus.wordnet.singular
    word = name if " " in name else singular(name)
    if not word or len(word) < 3 or not re.fullmatch(r"[a-z]+( [a-z]+)?", word):
        return None
    word = PLAIN.get(word, word)
    last = word.split(" ")[-1]
    return word if word in corpus.wordnet.index and singular(last) == last else None


if __name__ == "__main__":
    try:
        main()
    except ValueError as error:
        sys.exit(str(error))
