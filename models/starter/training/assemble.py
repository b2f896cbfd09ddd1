"""Puts a run together from its options: stage and loop settings. The network: begin.py."""
import argparse
from pathlib import Path

import numpy as np
import torch

from data.teacher import Teacher
from images.augment import standardise, to_floats
from images.drawer import Drawer
from language import Language, LanguageSettings
from loop import Settings
from pictures import Pictures, PictureSettings
from schedule import Clock
from space import SpaceSettings, SpaceStage
from stages import ImageStage, JointStage, Stage
from start import settle_norms, start_heads
from stored import Stored
from teaching import CaptionedPictures, TeachingSettings, TextStage
from text.caption_words import CaptionWords
from text.corpus import Corpus
from text.meanings import find_meanings
from text.tables import read_rows
from text.tokenizer import Tokenizer
from towers import Clip

PLACES = ("out", "resume", "packed", "tokenizer", "features", "space", "device", "loaders", "start", "words", "vectors")
"""Options that a run may have otherwise when it goes on."""
PATHS = ("features", "space", "start", "words", "vectors")
SETTLING = 4, 128
"""Batches and pictures by which a warm start's normalisation layers are set."""


def take_over(options: argparse.Namespace, saved: dict) -> None:
    for name, value in saved.items():
        if name not in PLACES or getattr(options, name) is None:
            setattr(options, name, Path(value) if name in PATHS and value else value)


def to_plain(options: argparse.Namespace) -> dict:
    return {name: str(value) if isinstance(value, Path) else value for name, value in vars(options).items()}


def captions_of(options: argparse.Namespace, corpus: Corpus) -> tuple[Stored, CaptionWords] | None:
    """The stored features and the words of their captions; None where the stage sees pixels."""
    if options.stage not in ("space", "text"):
        return None
    stored = Stored(options.features, corpus)
    return stored, CaptionWords.of(sentence for own in stored.captions for sentence in own)


def stage(
    options: argparse.Namespace, corpus: Corpus, teacher: Teacher | None, tokenizer: Tokenizer, net: Clip, clock: Clock,
    stored: tuple[Stored, CaptionWords] | None,
) -> Stage:
    share = lambda count: -(-count // options.workers)
    drawer = Drawer(corpus)
    labelled = (drawer.relations > 0).any(0)
    if options.stage == "space":
        weights = options.caption_weight, options.imitate_weight, options.taught_weight
        return SpaceStage(SpaceSettings(share(options.batch), *weights), *stored, corpus, labelled, heads=net.classifier is not None)
    if options.stage == "text":
        return _text_stage(options, corpus, tokenizer, net, *stored)
    settings = PictureSettings(
        batch=share(options.batch), label_weight=options.label_weight, teacher_weight=options.teacher_weight,
        operations=options.rand_augment, strength=options.strength, mixup=options.mixup, cutmix=options.cutmix,
        smoothing=options.smoothing,
    )
    pictures = Pictures(settings, corpus, teacher if options.teacher_weight else None, drawer, clock, options.device)
    print(f"{len(drawer)} pictures in {len(corpus.sets)} sets")
    if options.start is not None and not options.resume:
        rng = np.random.default_rng(options.seed)
        batches = [standardise(to_floats(drawer.draw(SETTLING[1], 0, rng).pixels)) for _ in range(SETTLING[0])]
        settle_norms(net, batches)
        if options.words is None:
            start_heads(net, corpus, tokenizer, batches)
    if options.stage == "image":
        return ImageStage(pictures)
    words = LanguageSettings(
        texts=share(options.texts), pairs=share(options.pairs), pair_captions=share(options.pair_captions),
        pair_every=options.pair_every, pair_weight=options.pair_weight, caption_weight=options.caption_weight,
        synonyms=options.synonyms, loss=options.loss,
    )
    return JointStage(pictures, Language(words, corpus, tokenizer))


def _text_stage(
    options: argparse.Namespace, corpus: Corpus, tokenizer: Tokenizer, net: Clip, stored: Stored, words: CaptionWords,
) -> TextStage:
    with torch.no_grad():
        concepts = net.guide.concept_vectors().numpy()
        own = net.guide.sentences(torch.arange(1, len(words.list) + 1)[:, None]).numpy()
    held_out = frozenset(row["word"] for row in read_rows("held-out-words.tsv"))
    meanings = find_meanings(corpus, concepts, dict(zip(words.list, own)), options.vectors, held_out)
    print(f"{len(meanings.words)} words beside {len(corpus.concepts)} concepts and {len(words.list)} words of captions")
    counts = (-(-options.batch * part // sum(options.shares) // options.workers) for part in options.shares)
    settings = TeachingSettings(*counts, options.caption_weight)
    return TextStage(settings, corpus, tokenizer, CaptionedPictures(net, stored), meanings)


def loop_settings(options: argparse.Namespace) -> Settings:
    return Settings(
        rate=options.rate, image_rate=options.image_rate, text_rate=options.text_rate, weight_decay=options.weight_decay, average=options.average,
        seed=options.seed, device=options.device, loaders=options.loaders, precision=_precision(options),
    )


def _precision(options: argparse.Namespace) -> torch.dtype:
    """bfloat16 doubles the speed where the processor has it, and is very slow where it has not."""
    if options.precision != "auto":
        return getattr(torch, options.precision)
    facts = Path("/proc/cpuinfo")
    has = options.device == "cuda" or facts.exists() and "avx512_bf16" in facts.read_text()
    return torch.bfloat16 if has else torch.float32
