"""Which synset of WordNet 3.1 is which of 3.0: made tables/wordnet-ids.tsv, and makes it anew for further data sets.

    python3 -m text.match_wordnet --older /usr/share/wordnet --ids IDS.txt > text/tables/wordnet-ids.tsv

IDS.txt: the ids of WordNet 3.0 that data sets or tables use ("n02084071"), one a line. Only this needs 3.0 (Debian:
wordnet-base). A pair must share a word; among those the likest definition wins.
"""
import argparse
import collections
import difflib
import sys
from pathlib import Path

from text.wordnet import FOLDER, Synset, read_lines

LIKE_ENOUGH = 0.5


def read_synsets(folder: Path) -> dict[str, Synset]:
    found = {}
    for line in read_lines(folder / "data.noun"):
        left, _, gloss = line.partition(" | ")
        fields = left.split()
        lemmas = [fields[4 + 2 * i].lower() for i in range(int(fields[3], 16))]
        found[fields[0]] = Synset(fields[0], lemmas, gloss.strip(), [], int(fields[1]))
    return found


def likeness(a: Synset, b: Synset) -> float:
    shared = len(set(a.lemmas) & set(b.lemmas)) / len(set(a.lemmas) | set(b.lemmas))
    return 0.4 * shared + 0.6 * difflib.SequenceMatcher(None, a.gloss, b.gloss, autojunk=False).ratio()


def main() -> None:
    parser = argparse.ArgumentParser(description="WordNet 3.0 ids -> 3.1 offsets.")
    parser.add_argument("--older", type=Path, required=True, help="folder of WordNet 3.0's data.noun")
    parser.add_argument("--ids", type=Path, required=True)
    options = parser.parse_args()
    older, newer = read_synsets(options.older), read_synsets(FOLDER)
    by_lemma = collections.defaultdict(set)
    for synset in newer.values():
        for lemma in synset.lemmas:
            by_lemma[lemma].add(synset.id)
    print("v30\tv31")
    for wanted in options.ids.read_text().split():
        old = older[wanted[1:]]
        candidates = {i for lemma in old.lemmas for i in by_lemma[lemma]}
        best = max(candidates, key=lambda i: likeness(old, newer[i]), default=None)
        if best is None or likeness(old, newer[best]) < LIKE_ENOUGH:
            print(f"no match: {wanted} {old.lemmas} {old.gloss[:60]}", file=sys.stderr)
        else:
            print(f"{wanted}\t{best}")


if __name__ == "__main__":
    main()
