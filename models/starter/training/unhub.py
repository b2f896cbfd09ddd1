"""The last step: pictures that come first for many sentences are held back in what the image tower finds (hubs.py). Nothing is trained.

    python3 unhub.py --checkpoint WORDS/last.pt --packed PACKED --tokenizer models/starter --out UNHUBBED/last.pt

Sentences are the captions of training photographs and of pictures that are not at hand, names those of all concepts and of what WordNet
knows near them. Whatever goes on from the model afterwards goes on without this step, and takes it again in the end.
"""
import argparse
import dataclasses
import sys
from pathlib import Path

import torch

from checkpoint import load_checkpoint, save_checkpoint
from data.captions import load_retold
from folding import finished
from hubs import fit_hubs
from start import NAME_CONTEXT, text_vectors
from text.corpus import Corpus
from text.load import load_corpus
from text.tables import read_rows
from text.tokenizer import Tokenizer
from text.word_pool import word_pool


def main() -> int:
    parser = argparse.ArgumentParser(description="Holds hubs back.")
    add = parser.add_argument
    add("--checkpoint", type=Path, required=True, help="of a finished network")
    add("--packed", type=Path, required=True)
    add("--tokenizer", type=Path, required=True)
    add("--out", type=Path, required=True)
    add("--groups", type=int, default=512, help="of sentences; each costs 256 bytes and 256 products a picture")
    add("--seed", type=int, default=80)
    options = parser.parse_args()
    net, tokenizer, corpus = finished(load_checkpoint(options.checkpoint)), Tokenizer(options.tokenizer), load_corpus(options.packed)[0]
    told = [*corpus.trained_captions, *load_retold(options.packed)]
    sentences = list(dict.fromkeys(sentence for own in told for sentence in own))
    if not 0 < options.groups <= len(sentences):
        raise ValueError(f"expected --groups of 1 to {len(sentences)}, the sentences in {options.packed}, got {options.groups}: prepare.py retold adds more")
    vectors = lambda texts: text_vectors(net, tokenizer, texts, NAME_CONTEXT)
    names = names_of(corpus)
    net.image.hubs = fit_hubs(vectors(sentences), vectors(names), options.groups, options.seed)
    net.classifier = net.teacher = net.said = None  # heads were for training
    net.shape = dataclasses.replace(net.shape, hubs=options.groups, concepts=0, taught=0, said=0)
    save_checkpoint(options.out, {"shape": net.shape.to_dict(), "model": net.state_dict(), "step": 0, "seconds": 0.0})
    print(f"{len(sentences)} sentences in {options.groups} groups, {len(names)} names: {options.out}")
    return 0


def names_of(corpus: Corpus) -> list[str]:
    """Of all concepts, and of the synsets that a text tower learns words of; none of those that it is measured on."""
    measured = {row["word"] for row in read_rows("held-out-words.tsv")}
    words = [corpus.wordnet.synsets[synset].lemmas[0].lower() for synset in word_pool(corpus)[0]]
    return list(dict.fromkeys([*(corpus.names(concept)[0] for concept in corpus.concepts), *(word for word in words if word not in measured)]))


if __name__ == "__main__":
    torch.set_num_threads(1)
    try:
        sys.exit(main())
    except ValueError as error:
        sys.exit(str(error))
