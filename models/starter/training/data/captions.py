"""Captions of photographs: from the pack, from Flickr8k's own file, and loose ones without pictures."""
import collections
import csv
import json
import re
from pathlib import Path


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


def load_captions(packed: Path) -> dict[str, list[str]]:
    path = packed / "captions.json"
    return json.loads(path.read_text()) if path.exists() else {}


def loose_captions(folder: Path) -> list[str]:
    """Sentences of FOLDER/*.txt, one a line: they say which words people use, nothing more."""
    return [line.strip(" .\n") for path in sorted(folder.glob("*.txt")) for line in open(path, encoding="utf-8")]
