"""The network with which a run begins or goes on."""
import argparse
import math

from checkpoint import load_checkpoint
from folding import finished
from start import load_towers, shape_of, start_guide
from text.corpus import Corpus
from text.tokenizer import Tokenizer
from towers import Clip, Shape
from word_start import start_from_words


def network(
    options: argparse.Namespace, saved: dict | None, corpus: Corpus, tokenizer: Tokenizer, caption_words: list[str],
) -> tuple[Clip, dict]:
    """The network, and what was trained before: steps and minutes of the image tower. `caption_words`: of the guide."""
    if saved is not None:
        net = Clip(Shape(**saved["shape"]))
        net.load_state_dict(saved["model"])
        return net, saved["before"]
    heads = {"concepts": len(corpus.concepts), "taught": len(corpus.teacher)}
    before = {"steps": 0, "minutes": 0.0}
    if options.stage == "space":
        net, before = _with_finished_images(options, corpus, tokenizer, caption_words)
    elif options.stage == "text":
        net, before = _with_finished_space(options, heads["concepts"], len(caption_words))
    elif options.start is not None:
        net = Clip(Shape(**{**shape_of(options.start).to_dict(), **heads, "px": options.px}))
        load_towers(net, options.start, text=options.words is None)
    else:
        net = Clip(Shape(len(tokenizer.vocabulary), tokenizer.end, **_sizes(options), **heads))
    if options.words is not None:
        whole, parts = start_from_words(net.text.token, tokenizer, options.words, options.seed)
        print(f"{whole} pieces start as words, {parts} as parts of words, of {len(tokenizer.vocabulary)}")
    if options.loss == "sigmoid" and options.stage == "joint":
        # As in SigLIP: soft at first, and nearly every pair is wrong.
        net.logit_scale.data.fill_(math.log(10.0))
        net.sigmoid_bias.data.fill_(-10.0)
    image, text = (sum(p.numel() for p in tower.parameters()) / 1e6 for tower in (net.image, net.text))
    print(f"{len(corpus.concepts)} concepts ({len(corpus.leaves)} labels); parameters: images {image:.2f}, texts {text:.2f} million")
    return net, before


def _sizes(options: argparse.Namespace) -> dict:
    names = ("px", "widths", "blocks", "text_width", "text_layers")
    return {name: getattr(options, name) for name in names} | {"text_heads": options.text_width // 64}


def _with_finished_images(
    options: argparse.Namespace, corpus: Corpus, tokenizer: Tokenizer, caption_words: list[str],
) -> tuple[Clip, dict]:
    """The image tower that the features came from, with a guide; the text tower that it was trained with, or a new one.

    Heads that were trained are kept, to be imitated; a tower that comes from a model folder has none.
    """
    state = load_checkpoint(options.features.parent / "image.pt")
    text = {} if state["has_text"] else {name: value for name, value in _sizes(options).items() if name.startswith("text_")}
    sizes = {"vocabulary": len(tokenizer.vocabulary), "guide_concepts": len(corpus.concepts), "caption_words": len(caption_words)}
    if not state["before"]["steps"]:
        sizes |= {"concepts": 0, "taught": 0}
    net = Clip(Shape(**{**state["shape"], **text, **sizes}))
    own = net.state_dict()
    kept = {name: value for name, value in state["model"].items() if name in own and (state["has_text"] or not name.startswith("text."))}
    net.load_state_dict({**own, **kept})
    if state["has_text"]:
        start_guide(net, corpus, tokenizer, caption_words)
    return net, state["before"]


def _with_finished_space(options: argparse.Namespace, concepts: int, caption_words: int) -> tuple[Clip, dict]:
    state = load_checkpoint(options.space)
    net = finished(state)
    if (net.shape.guide_concepts, net.shape.caption_words) != (concepts, caption_words):
        had = f"{net.shape.guide_concepts} concepts and {net.shape.caption_words} words"
        raise ValueError(f"{options.space} has {had}, these features have {concepts} and {caption_words}: run the space stage on them")
    return net, state["before"]
