"""Emoji drawings as training pictures: on white, plain or shaded ground, large or small, shifted.

Also the held-out vendor (Noto Color Emoji), which is drawn plainly and is for measuring only.
"""
import json
import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TRAINED_VENDORS = ("twemoji", "openmoji", "fluent-emoji", "fluent-emoji-flat", "emojione", "emojione-v1", "fluent-emoji-3d", "fxemoji")
WHITE = (255, 255, 255)
STRIKE_PX = 109
"""The one size that Noto's bitmap font has."""
WIDEST_PX = 150
"""A wider line of it holds several glyphs: a sequence that the font does not join."""


def read_records(folder: Path) -> list[dict]:
    """What emoji.mjs wrote: hex, emoji, label, tags, group, subgroup."""
    return json.loads((folder / "emoji.json").read_text(encoding="utf-8"))


def draw_training(folder: Path, px: int, variants: int, seed: int) -> tuple[np.ndarray, list[str], list[str]]:
    """Pictures uint8 [n, px, px, 3], their names and code points: `variants` of each drawing, the first one plain."""
    rng, pictures, names, points = random.Random(seed), [], [], []
    for record in read_records(folder):
        for vendor in TRAINED_VENDORS:
            path = folder / vendor / f"{record['hex']}.png"
            if path.exists():
                drawing = trim(Image.open(path).convert("RGBA"))
                for number in range(variants):
                    pictures.append(np.asarray(place(drawing, px, None if number == 0 else rng)))
                    names.append(f"{vendor}-{record['hex']}-{number}")
                    points.append(record["hex"])
    return np.stack(pictures), names, points


def draw_held_out(folder: Path, font: Path, out: Path, px: int = 96) -> int:
    """OUT/noto-HEX.png and OUT/twemoji-HEX.png of every emoji that both have, on white. Returns their number."""
    face = ImageFont.truetype(str(font), STRIKE_PX)
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for record in read_records(folder):
        ours = folder / "twemoji" / f"{record['hex']}.png"
        glyph = Image.new("RGBA", (420, 140))
        ImageDraw.Draw(glyph).text((2, 2), record["emoji"], font=face, embedded_color=True)
        if ours.exists() and glyph.getbbox() and face.getlength(record["emoji"]) < WIDEST_PX:
            place(trim(glyph), px, None).save(out / f"noto-{record['hex']}.png")
            place(trim(Image.open(ours).convert("RGBA")), px, None).save(out / f"twemoji-{record['hex']}.png")
            count += 1
    return count


def trim(drawing: Image.Image) -> Image.Image:
    return drawing.crop(drawing.getbbox() or (0, 0, *drawing.size))


def place(drawing: Image.Image, px: int, rng: random.Random | None) -> Image.Image:
    """On a ground of its own; without `rng` in the middle of white."""
    picture = Image.new("RGB", (px, px), WHITE) if rng is None else ground(rng, px)
    scale = (0.88 if rng is None else rng.uniform(0.5, 1.0)) * px / max(drawing.size)
    size = tuple(max(1, round(side * scale)) for side in drawing.size)
    free = [px - side for side in size]
    corner = tuple(side // 2 if rng is None else rng.randint(0, max(0, side)) for side in free)
    scaled = drawing.resize(size, Image.LANCZOS)
    picture.paste(scaled, corner, scaled)
    return picture


def ground(rng: random.Random, px: int) -> Image.Image:
    kind = rng.random()
    if kind < 0.4:
        return Image.new("RGB", (px, px), WHITE)
    one, other = (tuple(rng.randrange(256) for _ in range(3)) for _ in range(2))
    if kind < 0.75:
        return Image.new("RGB", (px, px), one)
    shade = Image.linear_gradient("L").resize((px, px)).rotate(rng.choice((0, 90, 180, 270)))
    return Image.composite(Image.new("RGB", (px, px), one), Image.new("RGB", (px, px), other), shade)
