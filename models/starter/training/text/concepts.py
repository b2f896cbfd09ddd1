"""From the class name that a data set uses to a concept: a synset of WordNet, or one of our own ("x:...") with parents.

The rule is "first physical sense of the class name"; tables/labels.tsv, foods.tsv, groceries.tsv and emoji-groups.tsv
hold what the rule gets wrong. In a table "w:word" stands for that word's first physical sense.
"""
import re
from dataclasses import dataclass, field

from text.tables import read_rows, split
from text.wordnet import PHYSICAL, WordNet

FOOD = "n07555863"
FOOD_ROOTS = ("n00021265", FOOD, "n07570720")
"""Food as a substance, as something solid, and what nourishes: WordNet keeps them apart."""
CAKE, ANIMAL, PLANT = "n07628870", "n00015388", "n00017222"


@dataclass
class Concept:
    id: str
    names: list[str] = field(default_factory=list)
    """Best first."""
    parents: list[str] = field(default_factory=list)
    """Synsets or other own concepts; a synset counts as its own parent."""
    tags: list[str] = field(default_factory=list)
    """Of emoji: words that go with it, first as written, later as concept ids (corpus.py)."""


class Concepts:
    """Every method takes a class name and returns the id of its concept, which is then in `table`."""

    def __init__(self, wordnet: WordNet):
        self.wordnet = wordnet
        self.table: dict[str, Concept] = {}
        self._labels = {row["label"]: row for row in read_rows("labels.tsv")}
        self._foods = {row["dish"]: row["kind"] for row in read_rows("foods.tsv")}
        self._groceries = {row["class"]: row for row in read_rows("groceries.tsv")}
        self._groups = {row["subgroup"]: row for row in read_rows("emoji-groups.tsv")}

    def wnid(self, name: str) -> str:
        """A class that is named by its synset."""
        return self._add(name, [], [])

    def named(self, name: str) -> str:
        key = _plain(name)
        row = self._labels.get(key)
        if row is not None:
            return self._add(row["sense"] or None, split(row["names"]), split(row["parents"]))
        sense = self._sense(key)
        if sense is not None:
            return self._add(sense, [key], [])
        kind = self._sense(key.split(" ")[-1])  # "granny smith apple" is an apple
        return self._add(None, [key], [kind] if kind else [])

    def food(self, name: str) -> str:
        key = _plain(name)
        sense = self._sense(key, FOOD_ROOTS)
        if sense is not None:
            return self._add(sense, [key], [FOOD])
        kind = self._foods.get(key, key.split(" ")[-1])
        above = CAKE if kind == "cake" else self._sense(kind, FOOD_ROOTS)
        return self._add(None, [key], [above or FOOD, FOOD])

    def grocery(self, name: str) -> str:
        """A class ("Apple"), or one with its finer class ("Apple/Pink-Lady"), which lies below it."""
        broad, _, fine = name.partition("/")
        kind = self._grocery_class(broad)
        key = _plain(fine)
        if not fine or key == _plain(broad):
            return kind
        broad_name = self.table[kind].names[0]
        names = [key] if broad_name in key or len(key.split()) > 2 else [key, f"{key} {broad_name}"]
        # "Pink Lady" is also a drink: only what WordNet puts below the broad class, or calls by its name, is that synset.
        roots = FOOD_ROOTS if key.endswith(broad_name) else (kind,)
        return self._add(self._sense(key, roots), names, [kind, *self.table[kind].parents])

    def _grocery_class(self, name: str) -> str:
        row = self._groceries.get(name)
        names = split(row["names"]) if row else [_plain(name)]
        sense = self._sense(row["kind"] if row else names[0], FOOD_ROOTS)
        if sense and self.wordnet.singular(names[0]) in [lemma.lower() for lemma in self.wordnet.synsets[sense].lemmas]:
            return self._add(sense, names, [])
        return self._add(None, names, [sense] if sense else [FOOD])

    def emoji(self, record: dict) -> str:
        """`record`: label, tags and subgroup of emojibase."""
        label, subgroup = record["label"].lower(), record["subgroup"]
        group = self._groups.get(subgroup, {"name": "sense", "parents": ""})
        roots = _roots_of(subgroup)
        parents = split(group["parents"])
        sense = self._sense(label, roots) if group["name"] == "sense" else None
        if sense is not None:
            concept = self._add(sense, [label], parents)
        else:
            head = self._head_of(label, roots) if group["name"] == "sense" else None
            concept = self._add(None, [label], ([head] if head else []) + parents)
        tags = self.table[concept].tags
        tags += [tag.lower() for tag in record["tags"] if tag.lower() not in [*tags, label]]
        return concept

    def _head_of(self, label: str, roots: tuple[str, ...]) -> str | None:
        """"Fox face" and "bowl with spoon" lie below what their main word means."""
        part = re.split(r" (?:with|of|in|and|on|from|for|at) ", label.split(":")[0].split(",")[0])[0]
        part = re.sub(r" face$", "", part)
        return self._sense(part, roots) or self._sense(part.split(" ")[-1], roots)

    def _sense(self, word: str, roots: tuple[str, ...] = (PHYSICAL,)) -> str | None:
        form = self.wordnet.singular(word)
        senses = (self.wordnet.first_sense(form, root) for root in roots) if form else ()
        return next((sense for sense in senses if sense), None)

    def _add(self, synset: str | None, names: list[str], parents: list[str]) -> str:
        resolve = lambda place: self._sense(place[2:]) if place.startswith("w:") else place
        synset = resolve(synset) if synset else None
        parents = [resolve(parent) for parent in parents]
        if synset is not None:
            names = [*names, *self.wordnet.synsets[synset].lemmas]
            parents = [*parents, synset]
        identity = synset or "x:" + names[0].lower()
        concept = self.table.setdefault(identity, Concept(identity))
        known = {name.lower() for name in concept.names}
        concept.names += [name for name in names if not (name.lower() in known or known.add(name.lower()))]
        concept.parents += [parent for parent in dict.fromkeys(parents) if parent and parent not in concept.parents]
        return identity


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", " ", name).strip().lower()


def _roots_of(subgroup: str) -> tuple[str, ...]:
    if subgroup.startswith(("food", "drink")):
        return FOOD_ROOTS
    if subgroup.startswith("animal"):
        return (ANIMAL,)
    return (PLANT,) if subgroup.startswith("plant") else (PHYSICAL,)
