"""Makes the data ready: everything that happens once before a training.

    python3 prepare.py unpack ../../../../shared/train --out PACKED        # the pack of small pictures, decoded
    python3 prepare.py emoji EMOJI --out PACKED                            # drawings that emoji.mjs rendered
    python3 prepare.py captioned PHOTOS --as coco --captions captions.csv --without captions.tsv --out PACKED   # further photographs
    python3 prepare.py untold PHOTOS --out PACKED                          # photographs of which nothing is told
    python3 prepare.py retold data/task2 --without captions.tsv --out PACKED  # sentences of Multi30K
    python3 prepare.py held-out EMOJI --out HELD_OUT --font NotoColorEmoji.ttf
    python3 prepare.py tokenizer PACKED --out TOKENIZER --text FOLDER      # or copy the shipped one
    python3 prepare.py pack RAW --out PACK                                 # data sets from their homes -> shards
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np

from data.captions import add_captions, read_captioned, read_pack_captions, read_retold, write_flickr_captions
from data.drawings import draw_held_out, draw_training, read_records
from data.packed import next_row, save_set
from data.raw import LOADERS, square
from data.registry import DATA_SETS, FURTHER, UNTOLD
from data.shards import decode, encode, enlarged, read_index, read_pictures, write_pack
from data.teacher import copy_soft_labels
from text.bpe import make_tokenizer

PHOTOGRAPHS = ".jpg", ".jpeg", ".png", ".webp"


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes training data ready.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("unpack", "emoji", "captioned", "untold", "retold", "held-out", "tokenizer", "pack"):
        command = commands.add_parser(name)
        command.add_argument("source", type=Path)
        command.add_argument("--out", type=Path, required=True)
        if name == "unpack":
            command.add_argument("--sets", type=lambda text: text.split(","), help="data sets to take, all without it")
            command.add_argument("--most", type=int, help="pictures of each set, spread over it; all without it")
        if name == "emoji":
            command.add_argument("--variants", type=int, default=6, help="pictures of each drawing")
            command.add_argument("--seed", type=int, default=11)
        if name == "captioned":
            command.add_argument("--as", dest="name", choices=FURTHER, required=True, help="the set that they make up")
            command.add_argument("--captions", type=Path, nargs="+", required=True, help="CSV without a heading (file, caption), or COCO's captions_*.json")
            command.add_argument("--only", type=Path, help="file with the names of those to take, all without it")
            command.add_argument("--leave-out", type=lambda text: text.split(","), default=[], help="files not to take")
        if name in ("captioned", "retold"):
            command.add_argument("--without", type=Path, required=True, help="captions.tsv of the photographs that are measured on")
        if name in ("unpack", "captioned", "untold", "emoji", "pack"):
            command.add_argument("--px", type=int, default=64, help="pixels a side")
        if name == "held-out":
            command.add_argument("--font", type=Path, required=True, help="NotoColorEmoji.ttf")
        if name == "tokenizer":
            command.add_argument("--text", type=Path, help="folder of loose captions (*.txt)")
            command.add_argument("--merges", type=int, default=8000)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    {"unpack": unpack, "emoji": emoji, "captioned": captioned, "untold": untold, "retold": retold, "held-out": held_out, "tokenizer": tokenizer, "pack": pack}[options.command](options)


def unpack(options: argparse.Namespace) -> None:
    entries = read_index(options.source)
    for name in DATA_SETS:
        mine = [entry for entry in entries if entry.dataset == name]
        if not mine or options.sets and name not in options.sets:
            continue
        if options.most:
            mine = [mine[i] for i in sorted({i * len(mine) // options.most for i in range(min(options.most, len(mine)))})]
        pixels = np.stack([enlarged(decode(data), options.px) for data in read_pictures(options.source, mine)])
        columns = [entry.file for entry in mine], [entry.label for entry in mine], [entry.row for entry in mine]
        save_set(options.out, name, pixels, *columns)
    (options.out / "captions.json").write_text(json.dumps(read_pack_captions(options.source)))
    if not copy_soft_labels(options.source, options.out):
        print("the pack has no soft labels: training goes without a teacher")


def emoji(options: argparse.Namespace) -> None:
    pixels, names, points = draw_training(options.source, options.px, options.variants, options.seed)
    save_set(options.out, "emoji", pixels, names, points, [-1] * len(names))
    (options.out / "drawings.json").write_text(json.dumps(read_records(options.source)))


def captioned(options: argparse.Namespace) -> None:
    told = {name: own for path in options.captions for name, own in read_captioned(path, options.without).items()}
    wanted = set(options.only.read_text().split() if options.only else told) - set(options.leave_out)
    told = {name: own for name, own in told.items() if name in wanted}
    if len(told) < len(wanted):
        print(f"{len(wanted) - len(told)} of {len(wanted)} wanted photographs are left out: no caption there, or a measured photograph's sentence among theirs")
    files = sorted(told)
    missing = [name for name in files if not (options.source / name).is_file()]
    if missing or not files:
        raise ValueError(f"expected the photographs of {', '.join(map(str, options.captions))} in {options.source}, found {len(files) - len(missing)} of {len(files)}: {', '.join(missing[:3])}")
    add_captions(options.out, told)
    _save_photographs(options, options.name, files)


def untold(options: argparse.Namespace) -> None:
    files = sorted(path.name for path in options.source.iterdir() if path.suffix.lower() in PHOTOGRAPHS)
    if not files:
        raise ValueError(f"expected photographs ({', '.join(PHOTOGRAPHS)}) in {options.source}, found none")
    _save_photographs(options, UNTOLD, files)


def _save_photographs(options: argparse.Namespace, name: str, files: list[str]) -> None:
    # Through the same WebP as the pack's pictures: compression must not tell the sets apart.
    pixels = np.stack([decode(encode(square(options.source / file, options.px))) for file in files])
    first = next_row(options.out, name)
    save_set(options.out, name, pixels, files, [None] * len(files), list(range(first, first + len(files))))


def retold(options: argparse.Namespace) -> None:
    groups = read_retold(options.source, options.without)
    (options.out / "retold.json").write_text(json.dumps(groups))
    print(f"{sum(map(len, groups))} sentences of {len(groups)} pictures")


def held_out(options: argparse.Namespace) -> None:
    count = draw_held_out(options.source, options.font, options.out)
    (options.out / "emoji.json").write_text(json.dumps(read_records(options.source)))
    print(f"{count} drawings of each vendor")


def tokenizer(options: argparse.Namespace) -> None:
    print(make_tokenizer(options.source, options.text, options.out, options.merges))


def pack(options: argparse.Namespace) -> None:
    def pictures():
        for name, load in LOADERS.items():
            folder = options.source / name
            for path, label in load(folder) if folder.is_dir() else ():
                try:
                    data = encode(square(path, options.px))
                except OSError as error:  # What Pillow raises on a broken file: one skip with its name.
                    print(f"skipped {path}: {error}", file=sys.stderr)
                    continue
                yield name, label, str(path.relative_to(folder)), data

    count = write_pack(options.out, pictures())
    flickr = options.source / "flickr8k"
    if flickr.is_dir():
        kept = {Path(entry.file).name for entry in read_index(options.out) if entry.dataset == "flickr8k"}
        write_flickr_captions(flickr, options.out, kept)
    print(f"{count} pictures")


if __name__ == "__main__":
    try:
        main()
    except ValueError as error:
        sys.exit(str(error))
