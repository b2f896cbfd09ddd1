"""Which concepts there are, what each is called, and how each stands to every other: right, above, unknown or wrong.

Knows labels and captions, no pixels. `relations[a, b]` says what a picture of `a` tells about the word for `b`.
"""
import collections

import numpy as np

from data.packed import PackedSet
from text.caption_nouns import CaptionNouns
from text.concepts import Concepts
from text.prompts import COLOURS, STYLE_NAMES, STYLES, colour_concept
from text.tables import read_words
from text.wordnet import WordNet

RIGHT, ABOVE, UNKNOWN, WRONG = 1, 2, -1, 0
MOST_NAMES = 6
ANIMALS_AND_PLANTS = (5, 20)
"""WordNet's files whose synsets carry Latin species names."""


class Corpus:
    """`concepts`: ids, `place`: id -> number, `relations`: int8 [concepts, concepts], `leaves`: ids that are labels."""

    def __init__(self, sets: dict[str, PackedSet], captions: dict[str, list[str]], emoji: dict[str, dict], teacher: list[str]):
        """`captions`: file name -> sentences; `emoji`: code points -> record; `teacher`: synsets of its classes, in order."""
        self.wordnet = WordNet()
        self.sets, self.captions, self.emoji = sets, captions, emoji
        self.naming = Concepts(self.wordnet)
        self._labels = {name: [self._concept(one, c) for c in one.finest] for name, one in sets.items() if one.naming}
        self.leaves = sorted({label for labels in self._labels.values() for label in labels if label})
        self.teacher = teacher
        photos = {name for one in sets.values() if one.naming is None for name in one.names}
        self.nouns = CaptionNouns(self.wordnet, captions, photos, self.leaves)
        self.trained_captions = [captions[name] for name in sorted(photos) if captions.get(name)]
        self._choose_concepts()
        self._relate()

    def _concept(self, one: PackedSet, label: str | None) -> str | None:
        if label is None or one.naming == "wnid" and label not in self.wordnet.synsets:
            return None
        return getattr(self.naming, one.naming)(self.emoji[label] if one.naming == "emoji" else label)

    # What a concept is called and what lies above it

    def names(self, concept: str) -> list[str]:
        """Usable names, best first, lower case; no Latin species names."""
        if concept in STYLE_NAMES:
            return STYLE_NAMES[concept]
        own, synset = self.naming.table.get(concept), self.wordnet.synsets.get(concept)
        names = own.names if own else synset.lemmas if synset else [concept[2:]]
        if synset and synset.lexfile in ANIMALS_AND_PLANTS:
            plain = lambda name: name == name.lower() or name.split(" ")[-1].lower() in self.wordnet.index
            names = [name for i, name in enumerate(names) if i == 0 or plain(name)]
        if not own and concept in self.nouns.concepts:
            names = dict.fromkeys([self.nouns.said[concept], *names])
        return [name.lower() for name in names][:MOST_NAMES]

    def gloss(self, concept: str) -> str:
        synset = self.wordnet.synsets.get(concept)
        return synset.gloss if synset else ""

    def ancestors(self, concept: str) -> set[str]:
        if concept in STYLE_NAMES:
            return set()
        own = self.naming.table.get(concept)
        parents = own.parents if own else [concept] if concept in self.wordnet.synsets else []
        above = {parent for parent in parents if parent != concept}
        return above.union(*(self.wordnet.ancestors(p) for p in parents if p in self.wordnet.synsets))

    # Labels of pictures

    def labels_of(self, name: str) -> list[tuple[str, ...]]:
        """For each picture of a set the concepts that it shows."""
        one = self.sets[name]
        if one.naming is None:
            return [tuple(sorted(self.nouns.mentions.get(file, ()))) for file in one.names]
        labels = self._labels.get(name, [None] * len(one.names))
        if name == "pacs":
            styles = [STYLES[file.split("/")[0]] for file in one.files]
            return [tuple(c for c in pair if c) for pair in zip(labels, styles)]
        return [((label, "x:emoji") if name == "emoji" else (label,)) if label else () for label in labels]

    def row(self, labels: tuple[str, ...]) -> np.ndarray:
        """How a picture with these labels stands to every concept: int8 [concepts]."""
        things = [self.place[label] for label in labels if label not in STYLE_NAMES]
        if not things:
            row = np.full(len(self.concepts), UNKNOWN, np.int8)
        else:
            row = np.where((self.relations[things] == UNKNOWN).any(0), UNKNOWN, WRONG).astype(np.int8)
        if labels:
            known = self.relations[[self.place[label] for label in labels]]
            row[(known == ABOVE).any(0)] = ABOVE
            row[(known == RIGHT).any(0)] = RIGHT
        return row

    # The list and the matrix

    def _choose_concepts(self) -> None:
        """Labels, caption nouns, the teacher's classes, what lies above two of them, tags of emoji, styles."""
        generic = read_words("too-generic.txt")
        base = {*self.leaves, *self.nouns.concepts, *self.teacher}
        covers = collections.Counter(above for concept in base for above in self.ancestors(concept))
        is_generic = lambda c: c in self.wordnet.synsets and self.wordnet.synsets[c].lemmas[0].lower() in generic
        above = {concept for concept, below in covers.items() if below >= 2 and not is_generic(concept)}
        tags = {tag for tag in self._resolve_tags(base | above, generic) if not is_generic(tag)}
        self.drawn_only = tags - above - base
        """Concepts that only drawings carry; where they are things, photographs may show them unsaid."""
        self.concepts = sorted(base | above | tags) + sorted(STYLE_NAMES)
        self.place = {concept: i for i, concept in enumerate(self.concepts)}

    def _resolve_tags(self, known: set[str], generic: frozenset[str]) -> set[str]:
        """Tags of emoji become concepts: a synset only where that is the word's first sense and known from elsewhere."""
        not_things = read_words("emoji-tags-not-things.txt")
        used = collections.Counter(tag for concept in self.naming.table.values() for tag in concept.tags)
        resolved = {}
        for tag, times in used.items():
            if len(tag) > 2 and tag.isascii() and times >= 3 and tag not in generic:
                first = self.wordnet.index.get(self.wordnet.singular(tag) or "", [None])[0]
                resolved[tag] = first if first in known and tag not in not_things else f"x:{tag}"
        for concept in self.naming.table.values():
            concept.tags = [resolved[tag] for tag in concept.tags if tag in resolved]
        return set(resolved.values())

    def _relate(self) -> None:
        place, table = self.place, self.naming.table
        tags = lambda concept: table[concept].tags if concept in table else []
        above = [
            {place[a] for a in (*self.ancestors(c), *tags(c)) if a in place and a != c} for c in self.concepts
        ]
        self.relations = np.full((len(self.concepts),) * 2, WRONG, np.int8)
        untagged = [i for i, concept in enumerate(self.concepts) if not tags(concept)]
        self.relations[np.ix_(untagged, [place[c] for c in self.drawn_only if c in self.wordnet.synsets])] = UNKNOWN
        for i, upper in enumerate(above):
            self.relations[sorted(upper), i] = UNKNOWN
        called = collections.defaultdict(list)
        for i, concept in enumerate(self.concepts):
            for name in self.names(concept):
                called[name].append(i)
        for same in called.values():
            self.relations[np.ix_(same, same)] = UNKNOWN
        for i, upper in enumerate(above):
            self.relations[i, sorted(upper)] = ABOVE
            self.relations[i, i] = RIGHT
        self.relations[:, [place[colour_concept(colour)] for colour in COLOURS]] = UNKNOWN
        for style in STYLE_NAMES:
            self.relations[place[style]] = UNKNOWN
            self.relations[place[style], place[style]] = RIGHT
