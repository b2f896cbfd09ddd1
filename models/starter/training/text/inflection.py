"""English articles, plurals and singulars, by rule and by a short list of irregular nouns. Knows no dictionary."""
import re

IRREGULAR = {
    "man": "men", "woman": "women", "child": "children", "mouse": "mice", "goose": "geese", "ox": "oxen",
    "person": "people", "foot": "feet", "tooth": "teeth", "leaf": "leaves", "wolf": "wolves", "knife": "knives",
    "loaf": "loaves", "calf": "calves", "shelf": "shelves", "scarf": "scarves", "hoof": "hooves", "life": "lives",
    "wife": "wives", "thief": "thieves", "half": "halves", "cactus": "cacti", "fish": "fish", "sheep": "sheep",
    "deer": "deer", "bison": "bison", "moose": "moose", "salmon": "salmon",
}
_SINGULAR = {plural: one for one, plural in IRREGULAR.items()}
_ENDINGS = (("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y"), ("s", ""))


def with_article(text: str) -> str:
    """"a" becomes "an" before a vowel letter."""
    return re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", text)


def plural(phrase: str) -> str:
    """Plural of the last word of a phrase."""
    head, _, last = phrase.rpartition(" ")
    lower = last.lower()
    if lower in IRREGULAR:
        last = IRREGULAR[lower]
    elif re.search(r"(ss|x|z|ch|sh)$", lower):
        last += "es"
    elif re.search(r"[^aeiou]y$", lower):
        last = last[:-1] + "ies"
    elif not lower.endswith("s"):
        last += "s"
    return f"{head} {last}".strip()


def singular_forms(word: str) -> list[str]:
    """Possible singulars of a lower-case noun, likeliest first; a dictionary must say which one exists."""
    irregular = [_SINGULAR[word]] if word in _SINGULAR else []
    return irregular + [word[: -len(end)] + to for end, to in _ENDINGS if word.endswith(end)]
