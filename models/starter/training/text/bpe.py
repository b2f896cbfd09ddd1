"""Learns a byte-pair vocabulary from the words of the training texts and writes it as transformers read it."""
import collections
import heapq
import json
from pathlib import Path
from typing import Iterator

from data.captions import loose_captions
from text.corpus import Corpus
from text.inflection import plural
from text.load import load_corpus
from text.prompts import PLURAL_TEMPLATES, TEMPLATES
from text.tokenizer import ALPHABET, BEGIN, CONTEXT, END, SPLIT, merge, symbols, words
from text.vectors import read_vectors
from text.word_pool import word_pool

VECTORS = Path(__file__).resolve().parents[3] / "words" / "semblance.100d.txt.gz"
VECTOR_WEIGHT = 30
"""Words that have a vector of ours should be one piece each: a text tower that adds pieces up knows whole words best."""
FEWEST = 2
"""Times that a pair of symbols must occur to be merged."""
Pair = tuple[str, str]


def make_tokenizer(packed: Path, loose: Path | None, out: Path, most: int) -> str:
    """Writes tokenizer.json and its two companions to `out`; returns a line about them."""
    counts: collections.Counter = collections.Counter()
    for text, weight in _texts(load_corpus(packed)[0], loose_captions(loose) if loose else []):
        for word in words(text):
            counts[word] += weight
    merges = learn(counts, most)
    save(merges, out)
    return f"{len(counts)} words, {len(merges)} merges"


def learn(counts: dict[str, int], most: int) -> list[Pair]:
    """Plain byte-pair encoding; counts of pairs are kept up to date instead of being made anew."""
    spelt, times = [symbols(word) for word in counts], list(counts.values())
    pairs: collections.Counter = collections.Counter()
    where = collections.defaultdict(set)
    for i, word in enumerate(spelt):
        for pair in zip(word, word[1:]):
            pairs[pair] += times[i]
            where[pair].add(i)
    heap = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(heap)
    merges: list[Pair] = []
    while heap and len(merges) < most:
        count, pair = heapq.heappop(heap)
        if pairs[pair] != -count:
            # The entry is out of date: a pair that is still frequent enough queues again.
            if pairs[pair] >= FEWEST:
                heapq.heappush(heap, (-pairs[pair], pair))
            continue
        if -count < FEWEST:
            break
        merges.append(pair)
        touched = set()
        for i in where.pop(pair):
            for old in zip(spelt[i], spelt[i][1:]):
                pairs[old] -= times[i]
                touched.add(old)
            spelt[i] = merge(spelt[i], *pair)
            for new in zip(spelt[i], spelt[i][1:]):
                pairs[new] += times[i]
                where[new].add(i)
                touched.add(new)
        del pairs[pair]
        for changed in touched - {pair}:
            if pairs[changed] >= FEWEST:
                heapq.heappush(heap, (-pairs[changed], changed))
    return merges


def save(merges: list[Pair], folder: Path) -> None:
    alphabet = sorted(ALPHABET)
    symbols_in_order = [*alphabet, *(c + "</w>" for c in alphabet), *(a + b for a, b in merges), BEGIN, END]
    vocabulary = {symbol: i for i, symbol in enumerate(dict.fromkeys(symbols_in_order))}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    split = {"type": "Split", "pattern": {"Regex": SPLIT}, "behavior": "Removed", "invert": True}
    spaces = {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}
    model = {"type": "BPE", "dropout": None, "unk_token": END, "continuing_subword_prefix": "", "end_of_word_suffix": "</w>"}
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": vocabulary[token], "content": token, **flags} for token in (BEGIN, END)],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, spaces, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            split, {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
        ]},
        "post_processor": {"type": "RobertaProcessing", "sep": [END, vocabulary[END]], "cls": [BEGIN, vocabulary[BEGIN]],
                           "trim_offsets": False, "add_prefix_space": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
        "model": {**model, "fuse_unk": False, "vocab": vocabulary, "merges": [f"{a} {b}" for a, b in merges]},
    }
    special = {"bos_token": BEGIN, "eos_token": END, "unk_token": END, "pad_token": END}
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": CONTEXT, "do_lower_case": True,
                "add_prefix_space": False, "errors": "replace", **special}
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in (("tokenizer", tokenizer), ("tokenizer_config", settings), ("special_tokens_map", special)):
        indent = None if name == "tokenizer" else 2
        (folder / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False, indent=indent), encoding="utf-8")


def _texts(corpus: Corpus, loose: list[str]) -> Iterator[tuple[str, int]]:
    """What the model will read, and how much it counts."""
    for concept in corpus.concepts:
        for name in corpus.names(concept):
            yield name, 200
            yield plural(name), 100
    yield from ((template.replace("{}", " "), 1000) for template in TEMPLATES + PLURAL_TEMPLATES)
    yield from ((caption, 1) for captions in corpus.trained_captions for caption in captions)
    yield from ((caption, 1) for caption in loose)
    yield from ((word, VECTOR_WEIGHT) for word in read_vectors(VECTORS))
    pool, weights = word_pool(corpus)
    for synset, weight in zip(pool, weights / weights.mean()):
        yield from ((name, max(1, int(6 * weight))) for name in corpus.names(synset))
        yield corpus.gloss(synset), max(1, int(2 * weight))
