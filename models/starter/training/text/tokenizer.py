"""Lower-case byte-pair encoding in CLIP's way: a text as the numbers of its pieces, exactly as `tokenizer.json` says."""
import json
import unicodedata
from pathlib import Path

CONTEXT = 32
BEGIN, END = "<|startoftext|>", "<|endoftext|>"
SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
"""How tokenizer.json cuts a text into words; `words` below does the same without a library for \\p."""
CONTRACTIONS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")


def byte_alphabet() -> list[str]:
    """GPT-2's reversible table: a printable character for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = iter(range(256, 512))
    return [chr(byte if byte in printable else next(hidden)) for byte in range(256)]


ALPHABET = byte_alphabet()


def words(text: str) -> list[str]:
    """The pieces of a text that are encoded one by one."""
    text = " ".join(unicodedata.normalize("NFC", text).split()).lower()
    found, at = [], 0
    while at < len(text):
        short = next((c for c in CONTRACTIONS if text.startswith(c, at)), None)
        kind, end = _kind(text[at]), at + 1
        if short:
            end = at + len(short)
        elif kind != "number":
            while end < len(text) and _kind(text[end]) == kind:
                end += 1
        if kind != "space":
            found.append(text[at:end])
        at = end
    return found


def _kind(character: str) -> str:
    if character.isspace():
        return "space"
    return {"L": "letter", "N": "number"}.get(unicodedata.category(character)[0], "other")


def symbols(word: str) -> list[str]:
    """A word as the characters of its bytes, the last one marked."""
    spelt = [ALPHABET[byte] for byte in word.encode()]
    spelt[-1] += "</w>"
    return spelt


def merge(spelt: list[str], left: str, right: str) -> list[str]:
    """Every `left` that `right` follows becomes one symbol with it."""
    out, i = [], 0
    while i < len(spelt):
        joined = i + 1 < len(spelt) and spelt[i] == left and spelt[i + 1] == right
        out.append(left + right if joined else spelt[i])
        i += 2 if joined else 1
    return out


class Tokenizer:
    """Reads a model folder's tokenizer.json."""

    def __init__(self, folder: Path):
        model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
        self.vocabulary: dict[str, int] = model["vocab"]
        merges = (tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in model["merges"])
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.begin, self.end = self.vocabulary[BEGIN], self.vocabulary[END]
        self._cache: dict[str, list[int]] = {}

    def pieces(self, word: str) -> list[int]:
        """Numbers of one of the `words` of a text."""
        if word not in self._cache:
            spelt = symbols(word)
            while len(spelt) > 1:
                pair = min(zip(spelt, spelt[1:]), key=lambda pair: self._ranks.get(pair, len(self._ranks)))
                if pair not in self._ranks:
                    break
                spelt = merge(spelt, *pair)
            self._cache[word] = [self.vocabulary[symbol] for symbol in spelt]
        return self._cache[word]

    def encode(self, text: str, context: int = CONTEXT) -> list[int]:
        """At most `context` numbers, begin and end among them."""
        numbers = [piece for word in words(text) for piece in self.pieces(word)]
        return [self.begin, *numbers[: context - 2], self.end]
