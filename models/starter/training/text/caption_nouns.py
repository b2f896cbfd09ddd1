"""What the captions of a photograph agree on: nouns that at least two people wrote down, or the only one who wrote, become labels of it."""
import collections
import re
from typing import Iterable

from text.tables import read_words
from text.wordnet import WordNet

PERSON = "n00007846"
OTHER_SENSE = {
    "people": PERSON, "bike": "n02834778", "bikes": "n02834778", "biker": None, "player": "n10439851",
    "young man": "n10287213", "young men": "n10287213", "young woman": "n10787470", "young women": "n10787470",
}
"""Where the first physical sense is not what captions mean."""
AGREED = 2
"""So many captions of one photograph must hold the word; the only one, where there is one."""
FEWEST_PHOTOS = 25
"""A concept that fewer photographs show is not learnt."""


class CaptionNouns:
    """`mentions`: photograph -> synsets; `concepts`: those shown often enough; `said`: synset -> the word people use."""

    def __init__(self, wordnet: WordNet, captions: dict[str, list[str]], trained: set[str], labels: Iterable[str]):
        """`trained`: photographs that are trained on; `labels`: concepts that are kept however rare they are."""
        self._wordnet, self._not_things = wordnet, read_words("not-a-thing.txt")
        self._meaning: dict[str, str | None] = dict(OTHER_SENSE)
        words = collections.defaultdict(collections.Counter)
        shown: collections.Counter = collections.Counter()
        self.mentions: dict[str, set[str]] = {}
        for photo, sentences in captions.items():
            seen: collections.Counter = collections.Counter()
            for sentence in sentences:
                found = {self._sense(phrase): phrase for phrase in _phrases(sentence) if self._sense(phrase)}
                seen.update(found.keys())
                for synset, phrase in found.items():
                    words[synset][wordnet.singular(phrase) or phrase] += 1
            self.mentions[photo] = {synset for synset, times in seen.items() if times >= min(AGREED, len(sentences))}
            if photo in trained:
                shown.update(self.mentions[photo])
        self.said = {synset: counts.most_common(1)[0][0] for synset, counts in words.items()} | {PERSON: "person"}
        self.concepts = {synset for synset, times in shown.items() if times >= FEWEST_PHOTOS}
        kept = self.concepts | set(labels)
        self.mentions = {photo: synsets & kept for photo, synsets in self.mentions.items()}

    def _sense(self, phrase: str) -> str | None:
        if phrase not in self._meaning:
            plain = len(phrase) > 2 and phrase not in self._not_things
            noun = self._noun(phrase) if plain else None
            sense = self._wordnet.first_sense(noun) if noun else None
            # A word whose usual senses are nothing physical ("time", "fun") is not meant as a thing.
            self._meaning[phrase] = sense if sense and sense in self._wordnet.index[noun][:2] else None
        return self._meaning[phrase]

    def _noun(self, phrase: str) -> str | None:
        noun = self._wordnet.singular(phrase)
        return None if noun in self._not_things else noun


def _phrases(sentence: str) -> list[str]:
    words = re.findall(r"[a-z]+", sentence.lower())
    return [" ".join(pair) for pair in zip(words, words[1:])] + words
