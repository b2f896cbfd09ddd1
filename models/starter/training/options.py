"""The command line of train.py. Defaults are what the shipped weights were made with; a GPU gets larger batches."""
import argparse
from pathlib import Path

from data.registry import DATA_SETS
from images.augment import SMALLEST_AREA

VECTORS = Path(__file__).resolve().parents[2] / "words" / "semblance.100d.txt.gz"
STAGE_DEFAULTS = {
    "image": {"rate": 3.4e-3, "text_rate": 5e-4, "batch": 256, "average": 0.99, "warm_up": 40, "low_share": 0.2, "minutes": 76.0},
    "text": {"rate": 2e-3, "text_rate": 2e-3, "batch": 1024, "average": 0.998, "warm_up": 100, "low_share": 0.0, "minutes": 20.0},
    "words": {"rate": 3e-3, "text_rate": 3e-3, "batch": 0, "average": 0.995, "warm_up": 20, "low_share": 0.0, "minutes": 4.0},
    "joint": {"rate": 1.2e-3, "text_rate": 5e-4, "batch": 256, "average": 0.998, "warm_up": 150, "low_share": 0.2, "minutes": 70.0},
}
ON_CUDA = {"batch": 2048, "texts": 3000, "loaders": 12, "warm_up": 500, "average": 0.999}
"""Instead of the above where --device cuda is given."""


def parse_arguments() -> argparse.Namespace:
    """Every option has a value afterwards (--minutes only where --steps is not given)."""
    parser = argparse.ArgumentParser(description="Trains the starter model's towers.")
    parser.add_argument("stage", choices=list(STAGE_DEFAULTS), help="image: heads only; text: on stored features; words: more words for a finished model; joint: all at once")
    _add_run(parser.add_argument_group("run"))
    _add_network(parser.add_argument_group("network"))
    _add_pictures(parser.add_argument_group("pictures"))
    _add_language(parser.add_argument_group("language"))
    options = parser.parse_args()
    _check(parser, options)
    defaults = {"texts": 2048, "loose_words": 4096 if options.stage == "words" else 1024, "loaders": 0, "workers": 2 if options.device == "cpu" else 1, **STAGE_DEFAULTS[options.stage]}
    if options.device == "cuda":
        defaults |= ON_CUDA
    if options.steps is not None:
        defaults["minutes"] = None
    for name, value in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


def _add_run(group) -> None:
    add = group.add_argument
    add("--packed", type=Path, required=True, help="what prepare.py wrote")
    add("--tokenizer", type=Path, required=True, help="folder with tokenizer.json")
    add("--out", type=Path, required=True)
    add("--resume", action="store_true", help="go on from OUT/last.pt, with the settings of its beginning")
    length = group.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="of the clock, however busy the machine is")
    length.add_argument("--steps", type=int, help="instead; 0 only writes the beginning")
    add("--device", default="cpu", choices=["cpu", "cuda"])
    add("--precision", default="auto", choices=["auto", "float32", "bfloat16"], help="auto: bfloat16 where the device has it")
    add("--workers", type=int, help="CPU: processes of one thread (default 2)")
    add("--winograd", type=int, default=1, choices=[0, 1], help="CPU without bfloat16: 1 for quicker convolutions (winograd.py), 0 for PyTorch's")
    add("--loaders", type=int, help="processes that make batches ahead (default: CPU 0, cuda 12)")
    add("--batch", type=int, help="pictures of all processes in a step")
    add("--rate", type=float, help="learning rate")
    add("--text-rate", type=float, help="of the text tower")
    add("--weight-decay", type=float, default=0.05)
    add("--average", type=float, help="of the exported weights, what stays in each step")
    add("--warm-up", type=int, help="steps")
    add("--seed", type=int, default=1)


def _add_network(group) -> None:
    add = group.add_argument
    add("--start", type=Path, help="model folder whose towers are trained further")
    add("--anew", action="store_true", help="image stage, with --start: the image tower begins from random weights all the same, of --widths and --blocks")
    add("--further", action="store_true", help="text stage: text tower and projections go on from those that the image stage began with")
    add("--heads", type=Path, help="text stage, with --further: checkpoint whose text tower and projections go on, of the same features")
    add("--words", type=Path, help="word vectors from which a new text tower starts (models/words/semblance.100d.txt.gz)")
    add("--px", type=int, default=64, help="pixels a side, 64 to 96")
    add("--low-px", type=int, default=48, help="pixels a side at first")
    add("--low-share", type=float, help="share of the run with --low-px")
    add("--widths", type=_numbers, default=(96, 192, 384), help="channels of the parts of the image tower")
    add("--blocks", type=_numbers, default=(1, 2, 1), help="blocks in each part")
    add("--hidden", type=int, default=768, help="numbers of the hidden layer of the image tower's projection")
    add("--word", type=int, default=160, help="numbers of the vector of a piece of text")
    add("--text-hidden", type=int, default=512, help="numbers of the hidden layer of the text tower")
    add("--rest", type=int, default=0, help="joint stage: so many first layers of the image tower, and its normalisation, stay as they are")


def _add_pictures(group) -> None:
    add = group.add_argument
    add("--shares", type=_shares, default={}, help="of data sets in a batch, instead of the registry's: emoji=0.1,coco=0.3")
    add("--last-area", type=float, default=SMALLEST_AREA, help="smallest share of a photograph that is shown, after the part of the run with --low-px")
    add("--label-weight", type=float, default=1.0)
    add("--teacher-weight", type=float, default=0.5, help="0: without a teacher")
    add("--said-weight", type=float, default=0.5, help="words of captions (image stage); 0: without")
    add("--told-weight", type=float, default=0.7, help="captions among all captions (image stage that goes on from finished towers); 0: without")
    add("--rand-augment", type=int, default=0, help="random operations on each picture")
    add("--strength", type=float, default=0.5, help="of them, 0 to 1")
    add("--mixup", type=float, default=0.0, help="share of batches with pictures laid over each other (image stage)")
    add("--cutmix", type=float, default=0.0, help="share of batches with windows of another picture (image stage)")
    add("--smoothing", type=float, default=0.0, help="share of the label loss for concepts near in WordNet")


def _add_language(group) -> None:
    add = group.add_argument
    add("--features", type=Path, nargs="+", help="text stage: what features.py wrote, once or several times with other seeds")
    add("--texts", type=int, help="concept texts of all processes in a step (default: CPU 2048, cuda 3000)")
    add("--loose-words", type=int, help="words that name no concept, of all processes in a step (default 1024, words stage 4096)")
    add("--loss", default="contrastive", choices=["contrastive", "sigmoid"], help="sigmoid: as in SigLIP")
    add("--vectors", type=Path, default=VECTORS, help="word vectors that place words")
    add("--caption-weight", type=float, default=0.7)
    add("--word-weight", type=float, default=1.0)
    add("--retold-weight", type=float, default=1.0, help="sentences of one picture that is not at hand (prepare.py retold); 0: without")
    add("--agree-weight", type=float, default=0.0, help="imitate: text stage, what --heads and linear methods think together of sentences without pictures and of drawings; image stage, --opinions; 0: without")
    add("--opinions", type=Path, help="what opinions.py wrote, with --agree-weight: also the text stage then listens to it")
    add("--imitate-weight", type=float, default=1.0, help="texts imitate the classifier")
    add("--taught-weight", type=float, default=0.7, help="texts imitate the teacher's head")


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.stage == "text" and options.features is None and not options.resume:
        parser.error("the text stage needs --features (features.py)")
    if options.heads is not None and not options.further and not options.resume:
        parser.error("--heads goes with --further: else text tower and projections begin anew")
    source = {"image": "opinions", "text": "heads"}.get(options.stage)
    if options.agree_weight and (source is None or getattr(options, source) is None) and not options.resume:
        parser.error("--agree-weight needs a finished model whose opinion counts: --opinions in the image stage, --heads in the text stage")
    if options.opinions is not None and not options.agree_weight and not options.resume:
        parser.error("--opinions counts with --agree-weight")
    if options.stage == "words" and options.start is None and not options.resume:
        parser.error("the words stage needs --start: a finished model folder")
    if options.anew and (options.stage != "image" or options.start is None) and not options.resume:
        parser.error("--anew goes with --start, in the image stage: the text tower is the finished model's")
    unknown = sorted(set(options.shares) - set(DATA_SETS))
    if unknown or any(share < 0 for share in options.shares.values()):
        parser.error(f"--shares wants names of data sets ({', '.join(DATA_SETS)}) and numbers from 0 on, got {', '.join(unknown) or 'a negative one'}")
    if not 0 < options.last_area <= 1:
        parser.error("--last-area must be above 0 and at most 1")
    if options.stage != "image" and (options.mixup or options.cutmix):
        parser.error("--mixup and --cutmix are for the image stage: a mixed picture has no one text")
    if options.device == "cuda" and (options.workers or 1) > 1:
        parser.error("--workers is for the CPU: cuda takes one process with --loaders")
    if not 0 < options.px <= 128 or options.px % 16:
        parser.error("--px must be a multiple of 16")


def _shares(text: str) -> dict[str, float]:
    return {name: float(share) for name, share in (part.split("=") for part in text.split(","))}


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))
