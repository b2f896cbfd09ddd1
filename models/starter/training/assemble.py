"""Puts a run together from its options: network, stage and loop settings."""
import argparse
import math
from pathlib import Path

import numpy as np
import torch

from agreement import Agreement
from canonical import Canonical
from checkpoint import load_checkpoint
from data.captions import load_retold
from data.teacher import Teacher
from discriminant import Discriminant
from folding import finished
from heard import Heard
from images.drawer import Drawer
from language import Language, LanguageSettings
from loop import Settings
from loose_words import LooseWords
from pictures import Pictures, PictureSettings
from schedule import Clock
from stages import ImageStage, JointStage, Stage, TextStage
from start import load_towers, settle_norms, shape_of, start_heads
from stored import Stored
from text.corpus import Corpus
from text.meanings import find_meanings
from text.retold import Retold
from text.said import SaidWords
from text.tables import read_rows
from text.tokenizer import Tokenizer
from told import Imitated, Told
from towers import Clip, Shape
from word_start import start_from_words
from words_stage import WordsStage

NEW_WITH_TEXTS = ("hidden", "word", "text_hidden")
"""Sizes that the text stage chooses: of the text tower and of the projection, which it makes anew."""
BEHIND = ("text.", "image.project.", "logit_scale")
"""What --heads brings: all that lies behind the features."""
SETTLED_BY = ("image.norm.running_mean", "image.norm.running_var", "image.nuisance")
"""What must be the same for it to fit them."""
PLACES = ("out", "resume", "packed", "tokenizer", "features", "device", "loaders", "winograd", "start", "heads", "opinions", "words", "vectors")
"""Options that a run may have otherwise when it goes on."""
PATHS = ("start", "heads", "opinions", "words", "vectors")
SETTLING = 4, 128
"""Batches and pictures by which a warm start's normalisation layers are set."""


def take_over(options: argparse.Namespace, saved: dict) -> None:
    for name, value in saved.items():
        if name not in PLACES or getattr(options, name) is None:
            if name == "features":
                value = [Path(one) for one in value or []]
            setattr(options, name, Path(value) if name in PATHS and value else value)


def to_plain(options: argparse.Namespace) -> dict:
    plain = lambda value: [plain(one) for one in value] if isinstance(value, list) else str(value) if isinstance(value, Path) else value
    return {name: plain(value) for name, value in vars(options).items()}


def network(options: argparse.Namespace, saved: dict | None, corpus: Corpus, tokenizer: Tokenizer) -> tuple[Clip, dict]:
    """The network as the run begins or goes on with it, and what was trained before: steps and minutes."""
    if saved is not None:
        net = Clip(Shape(**saved["shape"]))
        net.load_state_dict(saved["model"])
        return net, saved["before"]
    heads = {"concepts": len(corpus.concepts), "taught": len(corpus.teacher)}
    if options.stage == "image" and options.said_weight:
        heads["said"] = len(SaidWords(corpus.trained_captions).words)
    before = {"steps": 0, "minutes": 0.0}
    if options.stage == "text":
        net, before = _with_finished_images(options, heads, tokenizer)
    elif options.start is not None:
        widths = {"widths": options.widths, "blocks": options.blocks} if options.anew else {}
        px = {} if options.stage == "words" else {"px": options.px}  # no picture is looked at: the size stays the model's
        net = Clip(Shape(**{**shape_of(options.start).to_dict(), **heads, **widths, **px, "hubs": 0}))
        load_towers(net, options.start, image=not options.anew, text=options.words is None)
    else:
        net = Clip(Shape(len(tokenizer.vocabulary), tokenizer.end, **_sizes(options), **heads))
    if options.words is not None:
        whole, parts = start_from_words(net.text.token, tokenizer, options.words, options.seed)
        print(f"{whole} pieces start as words, {parts} as parts of words, of {len(tokenizer.vocabulary)}")
    if options.loss == "sigmoid" and options.stage != "image":
        # As in SigLIP: soft at first, and nearly every pair is wrong.
        net.logit_scale.data.fill_(math.log(10.0))
        net.sigmoid_bias.data.fill_(-10.0)
    image, text = (sum(p.numel() for p in tower.parameters()) / 1e6 for tower in (net.image, net.text))
    print(f"{len(corpus.concepts)} concepts ({len(corpus.leaves)} labels); parameters: images {image:.2f}, texts {text:.2f} million")
    return net, before


def _sizes(options: argparse.Namespace) -> dict:
    return {name: getattr(options, name) for name in ("px", "widths", "blocks", *NEW_WITH_TEXTS)}


def _with_finished_images(options: argparse.Namespace, heads: dict, tokenizer: Tokenizer) -> tuple[Clip, dict]:
    """The image tower that the features came from, up to its projection; everything behind is new."""
    state = load_checkpoint(options.features[0].parent / "image.pt")
    sizes = {} if options.further else {name: getattr(options, name) for name in NEW_WITH_TEXTS}
    vocabulary = {"vocabulary": len(tokenizer.vocabulary), "end": tokenizer.end}
    net = Clip(Shape(**{**state["shape"], **sizes, **heads, **vocabulary}))
    anew = () if options.further else ("text.", "image.project.")
    kept = {name: value for name, value in state["model"].items() if not name.startswith(anew)}
    net.load_state_dict({**net.state_dict(), **kept})
    if options.heads is not None:
        own = finished(load_checkpoint(options.heads)).state_dict()
        if not all(torch.allclose(own[name], kept[name], rtol=1e-3, atol=1e-4) for name in SETTLED_BY):
            raise ValueError(f"{options.heads} settles features otherwise than these: give a text stage's checkpoint on the same --features")
        net.load_state_dict({**net.state_dict(), **{name: value for name, value in own.items() if name.startswith(BEHIND)}})
    if not state["before"]["steps"] and (options.imitate_weight or options.taught_weight):
        print("the image tower's heads were never trained: texts do not imitate them")
        options.imitate_weight = options.taught_weight = 0.0
    return net, state["before"]


def stage(
    options: argparse.Namespace, corpus: Corpus, teacher: Teacher | None, tokenizer: Tokenizer, net: Clip, clock: Clock, before: dict,
) -> Stage:
    share = lambda count: -(-count // options.workers)
    drawer = Drawer(corpus, options.shares)
    labelled = (drawer.relations > 0).any(0)
    if options.stage == "text":
        stored = Stored(options.features, corpus)
        print(f"{len(stored)} stored features; image tower: {before['steps']} steps")
        agreement = _agreement(options, corpus, net, stored) if options.agree_weight else None
        return TextStage(stored, _language(options, corpus, tokenizer, labelled, agreement), share(options.batch))
    if options.stage == "words":
        # What is known stays where the finished model puts it, not where a run that goes on has moved it.
        start = Clip(shape_of(options.start))
        load_towers(start, options.start)
        return WordsStage(share(options.loose_words), corpus, tokenizer, _loose_words(options, corpus, tokenizer), start)
    settings = PictureSettings(
        batch=share(options.batch), last_area=options.last_area, label_weight=options.label_weight, teacher_weight=options.teacher_weight,
        said_weight=options.said_weight if options.stage == "image" else 0.0,
        operations=options.rand_augment, strength=options.strength, mixup=options.mixup, cutmix=options.cutmix,
        smoothing=options.smoothing, told_weight=options.told_weight, agree_weight=options.agree_weight if options.stage == "image" else 0.0,
    )
    told = None
    if options.stage == "image" and options.start is not None and options.told_weight:
        told = Told(drawer.stories(), net, tokenizer)
        print(f"{len(told)} sentences tell of pictures")
    imitated = None
    if options.stage == "image" and options.agree_weight:
        imitated = Imitated(_heard(options), net, tokenizer)
    pictures = Pictures(settings, corpus, teacher if options.teacher_weight else None, drawer, told, imitated, clock, options.device)
    print(f"{len(drawer)} pictures in {len(corpus.sets)} sets")
    if options.start is not None and not options.anew and not options.resume:
        batches = drawer.whole(*SETTLING, np.random.default_rng(options.seed))
        settle_norms(net, batches)
        if options.words is None:
            start_heads(net, corpus, tokenizer, batches)
    if options.stage == "image":
        return ImageStage(pictures)
    return JointStage(pictures, _language(options, corpus, tokenizer, labelled), options.rest)


def _language(
    options: argparse.Namespace, corpus: Corpus, tokenizer: Tokenizer, labelled: np.ndarray, agreement: Agreement | None = None,
) -> Language:
    share = lambda count: -(-count // options.workers)
    settings = LanguageSettings(
        texts=share(options.texts), words=share(options.loose_words), caption_weight=options.caption_weight,
        word_weight=options.word_weight, retold_weight=options.retold_weight, agree_weight=options.agree_weight,
        imitate_weight=options.imitate_weight, taught_weight=options.taught_weight, loss=options.loss,
    )
    words, retold = _loose_words(options, corpus, tokenizer), _retold(options)
    return Language(settings, corpus, tokenizer, words, retold, agreement, labelled, options.device)


@torch.no_grad()
def _agreement(options: argparse.Namespace, corpus: Corpus, net: Clip, stored: Stored) -> Agreement:
    groups = load_retold(options.packed)
    if not groups or not options.retold_weight:
        raise ValueError("--agree-weight wants sentences without pictures: run prepare.py retold, and leave --retold-weight above 0")
    settle = lambda features: net.image.eval().settle(torch.from_numpy(features)).numpy()
    features, captions = stored.told({sentence for own in corpus.trained_captions for sentence in own})
    drawings, emoji = stored.drawn()
    if not captions or not len(drawings):
        raise ValueError(f"--agree-weight wants features of photographs with captions and of drawings, got {len(captions)} and {len(drawings)}: run features.py on both")
    print(f"linear methods: {len(captions)} views and what is told of them, {len(drawings)} views of drawings")
    canonical = Canonical(settle(features), captions, groups)
    return Agreement(finished(load_checkpoint(options.heads)), canonical, Discriminant(settle(drawings), emoji), _heard(options))


def _heard(options: argparse.Namespace) -> Heard | None:
    if options.opinions is None:
        return None
    heard = Heard(options.opinions)
    print(f"opinions of {len(heard)} photographs and {len(heard.sentences)} sentences")
    return heard


def _retold(options: argparse.Namespace) -> Retold | None:
    groups = load_retold(options.packed) if options.retold_weight else []
    if groups:
        print(f"{sum(map(len, groups))} sentences of {len(groups)} pictures that are not at hand")
    return Retold(groups) if groups else None


def _loose_words(options: argparse.Namespace, corpus: Corpus, tokenizer: Tokenizer) -> LooseWords:
    held_out = frozenset(row["word"] for row in read_rows("held-out-words.tsv"))
    words = LooseWords(find_meanings(corpus, options.vectors, held_out), tokenizer)
    print(f"{len(words)} words beside {len(corpus.concepts)} concepts")
    return words


def loop_settings(options: argparse.Namespace) -> Settings:
    return Settings(
        rate=options.rate, text_rate=options.text_rate, weight_decay=options.weight_decay, average=options.average,
        seed=options.seed, device=options.device, loaders=options.loaders, precision=_precision(options),
    )


def _precision(options: argparse.Namespace) -> torch.dtype:
    """bfloat16 is quicker where the processor has it, and very slow where it has not."""
    if options.precision != "auto":
        return getattr(torch, options.precision)
    return torch.bfloat16 if options.device == "cuda" or has_bfloat16() else torch.float32


def has_bfloat16() -> bool:
    """Whether this processor multiplies it."""
    facts = Path("/proc/cpuinfo")
    return facts.exists() and "avx512_bf16" in facts.read_text()


def is_plain_cpu(options: argparse.Namespace) -> bool:
    return options.device == "cpu" and _precision(options) == torch.float32
