"""One of the many texts that could name a concept, drawn at random."""
import random

from text.corpus import Corpus
from text.inflection import plural, with_article
from text.prompts import PLURAL_TEMPLATES, STYLE_NAMES, TEMPLATES

FIRST_NAME, BARE, PLURAL, GLOSS = 0.6, 0.4, 0.12, 0.08
"""Shares: the best of several names; of all texts the bare name, a plural, the dictionary's definition."""


def prompt(corpus: Corpus, concept: str, rng: random.Random) -> str:
    names = corpus.names(concept)
    name = names[0] if len(names) == 1 or rng.random() < FIRST_NAME else rng.choice(names[1:])
    if concept.startswith("x:colour"):
        return name
    if concept in STYLE_NAMES:
        return with_article(rng.choice([name, f"a {name}"]))
    if concept in corpus.drawn_only and concept.startswith("x:"):
        return rng.choice([name, name, f"{name} emoji", f"{name} icon"])  # mostly adjectives
    kind, gloss = rng.random(), corpus.gloss(concept)
    if kind < BARE:
        return name
    if kind < BARE + PLURAL:
        return rng.choice(PLURAL_TEMPLATES).format(plural(name))
    if kind < BARE + PLURAL + GLOSS and gloss:
        return rng.choice([gloss, gloss, f"{name}: {gloss}", f"{name}, {gloss}"])
    return with_article(rng.choice(TEMPLATES).format(name))
