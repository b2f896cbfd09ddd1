"""Original against reconstruction, as one picture: what the code keeps and what it loses.

    python3 reconstruct.py FOLDER --out models/my-encoder --sheet sheet.webp

makes one anew from OUT/training/checkpoint.pt, of the first pictures of FOLDER.
"""
import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from checkpoint import load_checkpoint
from fitting import DEVIATION, MEAN
from model import Autoencoder, Shape
from pictures import read_pictures

SHOWN, GAP, PAPER = 96, 6, 255
"""Pixels a side of a shown picture, between two, and the colour between them."""


@torch.no_grad()
def write_contact_sheet(model: Autoencoder, pictures: np.ndarray, path: Path, columns: int = 6, quality: int = 80) -> None:
    """Pairs of rows: originals above, reconstructions below. `pictures` as of read_pictures; WebP."""
    device = next(model.parameters()).device
    model.eval()
    clean = (torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float().to(device) / 255 - MEAN) / DEVIATION
    back = ((model(clean) * DEVIATION + MEAN).clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    rows = -(-len(pictures) // columns)
    step = SHOWN + GAP
    sheet = Image.new("RGB", (columns * step + GAP, rows * (2 * step + GAP) + GAP), (PAPER,) * 3)
    for i in range(len(pictures)):
        left, top = GAP + i % columns * step, GAP + i // columns * (2 * step + GAP)
        for offset, pixels in ((0, pictures[i]), (step, back[i])):
            shown = Image.fromarray(np.asarray(pixels)).resize((SHOWN, SHOWN), Image.BICUBIC)
            sheet.paste(shown, (left, top + offset))
    sheet.save(path, "WEBP", quality=quality, method=6)


def main() -> None:
    parser = argparse.ArgumentParser(description="Original against reconstruction, as a contact sheet.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder that train.py wrote")
    parser.add_argument("--sheet", type=Path, required=True, help="WebP file to write")
    parser.add_argument("--count", type=int, default=12)
    options = parser.parse_args()
    state = load_checkpoint(options.out / "training" / "checkpoint.pt")
    model = Autoencoder(Shape(**state["shape"]))
    model.load_state_dict(state["model"])
    pictures = read_pictures([options.folder], model.shape.side, options.out / "training")
    write_contact_sheet(model, pictures[: options.count], options.sheet)


if __name__ == "__main__":
    main()
