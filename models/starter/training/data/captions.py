"""Captions of photographs: from the pack, from Flickr8k's own file, and loose ones without pictures."""
import collections
import csv
import gzip
import json
import re
from pathlib import Path
from typing import Iterator


def tidy(text: str) -> str:
    """Without the space that some captions have before a full stop, and without the stop."""
    return re.sub(r"\s+([.,!?;'])", r"\1", text).strip(" .")


def read_pack_captions(folder: Path) -> dict[str, list[str]]:
    """captions.tsv of a pack (file, caption): file name -> sentences; empty where the pack has none."""
    captions: dict[str, list[str]] = collections.defaultdict(list)
    path = folder / "captions.tsv"
    if path.exists():
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                captions[Path(row["file"]).name].append(tidy(row["caption"]))
    return dict(captions)


def write_flickr_captions(source: Path, folder: Path, kept: set[str]) -> None:
    """Flickr8k.token.txt -> captions.tsv of a pack, for the photographs in `kept` only."""
    with open(folder / "captions.tsv", "w", encoding="utf-8") as out:
        out.write("file\tcaption\n")
        for line in (source / "text" / "Flickr8k.token.txt").read_text(encoding="utf-8").splitlines():
            key, _, text = line.partition("\t")
            if key.split("#")[0] in kept:
                out.write(f"images/{key.split('#')[0]}\t{text}\n")


def read_captioned(path: Path, without: Path) -> dict[str, list[str]]:
    """File -> sentences; no photograph of which a measured one's sentence is told.

    `path`: a CSV file of two columns, no heading (file, caption), or COCO's captions_*.json (https://cocodataset.org/#format-data).
    `without`: captions.tsv of the photographs that the model is measured on. Raises ValueError for a file of another form.
    """
    measured = {caption.lower() for caption, _ in _measured(without)}
    told: dict[str, list[str]] = collections.defaultdict(list)
    for name, caption in (_coco if path.suffix == ".json" else _records)(path):
        told[name].append(tidy(" ".join(caption.split())))
    return {name: own for name, own in told.items() if not any(sentence.lower() in measured for sentence in own)}


def _records(path: Path) -> Iterator[tuple[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file), 1):
            if len(row) != 2:
                raise ValueError(f"expected a file and a caption in record {number} of {path}, got {len(row)} columns")
            yield row[0], row[1]


def _coco(path: Path) -> Iterator[tuple[str, str]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        files = {image["id"]: image["file_name"] for image in content["images"]}
        yield from ((files[one["image_id"]], one["caption"]) for one in content["annotations"])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"expected COCO's captions (images and annotations) in {path}: {error!r}") from error


def _measured(path: Path) -> list[tuple[str, str]]:
    """Sentences and files of the photographs that the model is measured on."""
    with open(path, encoding="utf-8", newline="") as file:
        return [(tidy(row["caption"]), row["path"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def read_retold(folder: Path, without: Path) -> list[list[str]]:
    """Multi30K's data/task2 (five sentences of each picture, no picture) -> sentences of each one.

    `without`: captions.tsv of the photographs that the model is measured on (path, caption). Flickr's number at the head of a
    file's name tells which pictures are the same, and a picture of which one of those sentences is told is left out too.
    """
    named, told = folder / "image_splits" / "train_images.txt", [folder / "raw" / f"train.{i}.en.gz" for i in range(1, 6)]
    missing = [str(path.relative_to(folder)) for path in (named, *told) if not path.is_file()]
    if missing:
        raise ValueError(f"expected Multi30K's data/task2 in {folder}, without {', '.join(missing)}: give that folder")
    measured = _measured(without)
    numbers = {Path(file).name.split("_")[0] for _, file in measured}
    sentences = {sentence.lower() for sentence, _ in measured}
    files = named.read_text().split()
    lines = [gzip.decompress(path.read_bytes()).decode().splitlines() for path in told]
    if {len(own) for own in lines} != {len(files)}:
        raise ValueError(f"expected {len(files)} lines in each train.N.en.gz, found {[len(own) for own in lines]}: fetch Multi30K again")
    groups = {Path(name).stem: list(dict.fromkeys(map(tidy, own))) for name, *own in zip(files, *lines)}
    kept = {number: own for number, own in groups.items() if number not in numbers and not sentences & {one.lower() for one in own}}
    return [own for own in kept.values() if len(own) > 1]


def load_retold(packed: Path) -> list[list[str]]:
    path = packed / "retold.json"
    return json.loads(path.read_text()) if path.exists() else []


def load_captions(packed: Path) -> dict[str, list[str]]:
    path = packed / "captions.json"
    return json.loads(path.read_text()) if path.exists() else {}


def add_captions(packed: Path, told: dict[str, list[str]]) -> None:
    """Sentences by file, beside those that are there, by the files' names. Raises ValueError where a name stands for two photographs."""
    captions = load_captions(packed)
    for file, own in told.items():
        if captions.setdefault(Path(file).name, own) != own:
            raise ValueError(f"expected another name for each photograph, but {Path(file).name} has other sentences already: rename it, or unpack the pack again")
    (packed / "captions.json").write_text(json.dumps(captions))


def loose_captions(folder: Path) -> list[str]:
    """Sentences of FOLDER/*.txt, one a line: they say which words people use, nothing more."""
    return [line.strip(" .\n") for path in sorted(folder.glob("*.txt")) for line in open(path, encoding="utf-8")]
