"""Held-out figures of exported models, from the files that are shipped, through the code that serves them.

    python3 evaluate.py models/starter OUT/my-starter --photos ../shared/photos --emoji HELD_OUT --json results.json

PHOTOS: 2,003 labelled and 1,000 captioned photographs; EMOJI: what `prepare.py held-out` wrote. Nothing of either was
trained on. Needs Node and the project's packages (npm ci), no PyTorch.
"""
import argparse
import collections
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from measures import caption_recall, mean, mean_cosine, precision, shared_first, top, unit
from text.tables import read_rows

HERE = Path(__file__).resolve().parent
PROMPTS = ("{}", "a photo of a {}", "a picture of a {}")
JPEG_QUALITY = 75
EMOJI_WORDS = """cat dog heart car pizza sun tree flower fish bird horse house food fruit apple moon star rain snow fire ball cake bread
    coffee beer music phone book clock train bus bicycle airplane boat hand face baby money shoe hat rabbit bear""".split()
TARGETS = {
    "label word -> photo, P@10": (0.370, 0.55),
    "zero-shot, top-1": (0.436, 0.60),
    "zero-shot, top-5": (0.714, 0.82),
    "caption -> photo, R@10": (0.267, 0.45),
    "photo -> caption, R@10": (0.298, 0.45),
    "emoji of a held-out vendor, word -> drawing, P@10": (0.342, 0.60),
    "emoji of a held-out vendor, same emoji first": (0.490, 0.75),
    "synonyms, shared first ten": (0.086, 0.40),
    "words never taught, shared first ten": (None, None),
    "mean cosine of two photos": (0.72, 0.30),
    "zero-shot, top-1, JPEG less clean": (None, 0.01),
}
"""Measure -> figure on the card of version 2 (synonyms and cosine: partly on other photographs), and figure to reach."""


class Material:
    """Pictures and texts of all measures; each is embedded once a model."""

    def __init__(self, photos: Path, emoji: Path | None):
        labelled = _read(photos / "labels.tsv")
        captions = collections.defaultdict(list)
        for row in _read(photos / "captions.tsv"):
            captions[row["path"]].append(row["caption"].strip(" ."))
        self.labels = sorted({row["label"] for row in labelled})
        self.truth = np.array([self.labels.index(row["label"]) for row in labelled])
        self.source = np.array([row["source"] for row in labelled])
        self.captions = [caption for own in captions.values() for caption in own]
        self.owner = np.array([i for i, own in enumerate(captions.values()) for _ in own])
        self.photos = [str((photos / name).resolve()) for name in [*(row["path"] for row in labelled), *captions]]
        pairs = lambda table: [(row["word"], row["common"]) for row in read_rows(table)]
        self.synonyms, self.held_out = pairs("synonyms.tsv"), pairs("held-out-words.tsv")
        self.drawn: list[dict] = []
        if emoji is not None:
            records = json.loads((emoji / "emoji.json").read_text())
            self.drawn = [record for record in records if (emoji / f"noto-{record['hex']}.png").exists()]
        vendor = lambda name: [str((emoji / f"{name}-{record['hex']}.png").resolve()) for record in self.drawn]
        self.noto, self.twemoji = vendor("noto"), vendor("twemoji")
        prompts = [prompt.format(label) for prompt in PROMPTS for label in self.labels]
        self.texts = list(dict.fromkeys([*prompts, *self.captions, *EMOJI_WORDS, *(w for pair in self.synonyms + self.held_out for w in pair)]))


def embed(model: Path, pictures: list[str], texts: list[str], quality: int | None = None) -> tuple[np.ndarray, np.ndarray, dict]:
    """Unit vectors of both, and what embed.mjs timed. Raises CalledProcessError where the model cannot be opened."""
    with tempfile.TemporaryDirectory() as folder:
        job, out = Path(folder) / "job.json", Path(folder) / "out"
        job.write_text(json.dumps({"pictures": pictures, "texts": texts, **({"jpegQuality": quality} if quality else {})}))
        subprocess.run(["node", "--import", "tsx", str(HERE / "embed.mjs"), str(model.resolve()), str(job), str(out)], check=True, cwd=HERE)
        about = json.loads(Path(f"{out}.json").read_text())
        read = lambda kind: unit(np.fromfile(f"{out}.{kind}.f32", np.float32).reshape(-1, about["dimension"]))
        return read("pictures"), read("texts"), about


def measure(model: Path, material: Material) -> dict:
    """Every figure of a model by its name, and `details` of each label's source, emoji word and synonym."""
    pictures, texts, speed = embed(model, material.photos + material.noto + material.twemoji, material.texts)
    place = {text: i for i, text in enumerate(material.texts)}
    of = lambda text: texts[place[text]]
    photos, labelled = pictures[: len(material.photos)], len(material.truth)
    captioned, noto = photos[labelled:], pictures[len(photos) : len(photos) + len(material.noto)]
    twemoji = pictures[len(photos) + len(noto) :]

    classes = unit(np.mean([[of(prompt.format(label)) for label in material.labels] for prompt in PROMPTS], 0))
    scores = photos[:labelled] @ classes.T
    by_word = {
        label: precision(photos @ of(label), np.append(material.truth == i, np.zeros(len(captioned), bool)))
        for i, label in enumerate(material.labels)
    }
    to_photo, to_caption = caption_recall(captioned, np.stack([of(c) for c in material.captions]), material.owner, 10)
    shared = lambda pairs: {word: shared_first(photos, of(word), of(common)) for word, common in pairs}
    synonyms, held_out = shared(material.synonyms), shared(material.held_out)
    saved, _, _ = embed(model, material.photos[:labelled], [], JPEG_QUALITY)
    clean, as_jpeg = top(scores, material.truth, 1), top(saved @ classes.T, material.truth, 1)
    figures = {
        "label word -> photo, P@10": mean(by_word.values()),
        "zero-shot, top-1": clean,
        "zero-shot, top-5": top(scores, material.truth, 5),
        "caption -> photo, R@10": to_photo,
        "photo -> caption, R@10": to_caption,
    }
    details: dict = {"synonyms": synonyms, "words never taught": held_out}
    if material.drawn:
        called = [set(" ".join([record["label"], *record["tags"]]).lower().split()) for record in material.drawn]
        words = {word: np.array([word in own for own in called]) for word in EMOJI_WORDS}
        details["emoji words"] = {word: precision(noto @ of(word), right) for word, right in words.items() if right.any()}
        figures["emoji of a held-out vendor, word -> drawing, P@10"] = mean(details["emoji words"].values())
        figures["emoji of a held-out vendor, same emoji first"] = top(twemoji @ noto.T, np.arange(len(noto)), 1)
    figures["synonyms, shared first ten"] = mean(synonyms.values())
    figures["words never taught, shared first ten"] = mean(held_out.values())
    figures["mean cosine of two photos"] = mean_cosine(photos)
    figures["zero-shot, top-1, JPEG less clean"] = as_jpeg - clean
    details["zero-shot top-1 by source"] = {
        str(source): top(scores[material.source == source], material.truth[material.source == source], 1)
        for source in np.unique(material.source)
    }
    size = sum(file.stat().st_size for file in (model / "onnx").glob("*.onnx")) + (model / "tokenizer.json").stat().st_size
    return {"figures": figures, "details": details, "speed": speed, "megabytes": size / 1e6}


def reached(name: str, value: float, target: float | None) -> bool:
    if target is None:
        return False
    if name == "mean cosine of two photos":
        return value < target
    return abs(value) <= target if "less" in name else value >= target


def main() -> None:
    parser = argparse.ArgumentParser(description="Held-out figures of model folders.")
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--emoji", type=Path, help="drawings of the held-out vendor; without it emoji are not measured")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    material = Material(options.photos, options.emoji)
    results = {model.resolve().name: measure(model, material) for model in options.models}
    print("| measure | card, version 2 | to reach |", " | ".join(results), "|")
    print("| --- " * (3 + len(results)) + "|")
    for name, (card, target) in TARGETS.items():
        values = [result["figures"].get(name) for result in results.values()]
        cells = ["-" if v is None else f"{v:.3f}{' (reached)' if reached(name, v, target) else ''}" for v in values]
        print(f"| {name} | {'-' if card is None else f'{card:.3f}'} | {'-' if target is None else f'{target:.2f}'} |", " | ".join(cells), "|")
    for model, result in results.items():
        speed = result["speed"]
        print(f"{model}: {result['megabytes']:.1f} MB; {speed['msPerPicture']} ms a picture, {speed['msPerText']} ms a text")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


def _read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


if __name__ == "__main__":
    try:
        main()
    except (ValueError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
