"""Trains an autoencoder on a folder of pictures and leaves an encoder that Semblance can open.

    python3 train.py ~/Pictures --out models/my-encoder
    python3 train.py ~/Pictures --out models/my-encoder --resume      # after an interruption

Writes OUT/encoder.onnx, OUT/encoder.json, OUT/reconstructions.webp, and OUT/training (pictures decoded, checkpoint), which
may be deleted afterwards. See README.md beside this file.
"""
import argparse
import os
import sys
from pathlib import Path


def main() -> int:
    options = parse_arguments()
    # Before torch is loaded: more threads than free cores make a step many times slower, not faster.
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))
    import torch

    from checkpoint import load_checkpoint
    from corruption import Corruption
    from export import export_encoder
    from fitting import Plan, Run
    from model import Shape
    from pictures import read_pictures
    from reconstruct import write_contact_sheet

    torch.set_num_threads(options.threads)
    work = options.out / "training"
    path = work / "checkpoint.pt"
    state = load_checkpoint(path) if options.resume else None
    plan = Plan(options.epochs, options.minutes, options.batch, options.rate, options.seed)
    if plan.epochs is None and plan.minutes is None:
        plan = Plan(None, 10.0, options.batch, options.rate, options.seed)
    shape = Shape(options.side, options.width, options.code)
    corruption = Corruption(options.crop, not options.no_flip, options.colour, options.noise, options.mask)
    if state is not None:
        # The run that goes on is the one that was begun, whatever else the command line says.
        plan, shape, corruption = Plan(**state["plan"]), Shape(**state["shape"]), Corruption(**state["corruption"])

    pictures = read_pictures(options.folders, shape.side, work, options.sets)
    print(f"{len(pictures)} pictures of {shape.side} x {shape.side} px")
    if state is not None and state["pictures"] != len(pictures):
        raise ValueError(f"the run was begun with {state['pictures']} pictures, there are now {len(pictures)}: train anew")
    run = Run(pictures, plan, shape, corruption, options.device)
    if state is not None:
        run.restore(state)
        print(f"going on after {run.step} steps")
    if not run.fit(path):
        print(f"stopped after {run.step} steps; go on with --resume")
        return 130
    print(f"{run.views} pictures shown in {run.seconds / 60:.1f} min ({run.cpu_seconds / 60:.1f} CPU minutes), loss {run.loss:.4f}")

    export_encoder(run, options.out, options.id or options.out.resolve().name, options.description, options.licence)
    write_contact_sheet(run.model, pictures[:: max(1, len(pictures) // 12)][:12], options.out / "reconstructions.webp")
    print(f"written: {options.out / 'encoder.onnx'}, encoder.json, reconstructions.webp")
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Trains an autoencoder on a folder of pictures.")
    add = parser.add_argument
    add("folders", type=Path, nargs="+", metavar="FOLDER", help="pictures, at any depth; or a pack with an index.tsv")
    add("--out", type=Path, required=True, help="folder of the encoder; made where it is not there")
    add("--id", help="name of the encoder (default: the folder's)")
    add("--sets", type=lambda text: text.split(","), help="of a pack: datasets to read, separated by commas")
    add("--resume", action="store_true", help="go on from OUT/training/checkpoint.pt, with the settings of its beginning")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="length of the training (default 10)")
    length.add_argument("--epochs", type=float, help="instead: passes over the pictures")
    add("--device", default="cpu", choices=["cpu", "cuda"])
    add("--threads", type=int, default=1, help="of the CPU")
    add("--seed", type=int, default=0)
    add("--side", type=int, default=32, help="pixels a side: 16, 32, 64, 128")
    add("--width", type=int, default=16, help="channels of the first block")
    add("--code", type=int, default=192, help="numbers in an embedding")
    add("--batch", type=int, default=32)
    add("--rate", type=float, default=3e-3, help="learning rate")
    add("--crop", type=float, default=0.3, help="share of the side that a view may miss")
    add("--no-flip", action="store_true", help="left and right are told apart")
    add("--colour", type=float, default=0.3, help="change of contrast and brightness")
    add("--noise", type=float, default=0.0)
    add("--mask", type=float, default=0.0, help="share of the fields painted grey")
    add("--description", default="An autoencoder trained on pictures of one's own.")
    add("--licence", default="that of your pictures")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ValueError, RuntimeError) as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(1)
