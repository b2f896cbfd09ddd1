"""Trains the starter model's towers.

    python3 train.py image --packed PACKED --tokenizer TOKENIZER --out RUN --minutes 76
    python3 train.py image --packed PACKED --tokenizer TOKENIZER --out RUN --resume        # after an interruption
    python3 train.py text  --packed PACKED --tokenizer TOKENIZER --features RUN/features.npz --out TEXT --minutes 20
    python3 train.py words --packed PACKED --tokenizer TOKENIZER --start models/starter --out WORDS --minutes 16
    python3 train.py joint --packed PACKED --tokenizer TOKENIZER --start models/starter --out RUN --device cuda --steps 50000

Writes OUT/last.pt, which features.py and export.py read. All options: --help; what they are for: README.md.
"""
import sys

import torch

import assemble
from checkpoint import load_checkpoint
from gathered import gather
from loop import Run
from options import parse_arguments
from schedule import Clock, Plan
from team import Team
from text.load import load_corpus
from text.tokenizer import Tokenizer
from winograd import hasten


def main() -> int:
    options = parse_arguments()
    # More threads than free cores make a step many times slower, not faster: further cores get processes (team.py).
    torch.set_num_threads(1)
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(options.seed)
    path = options.out / "last.pt"
    saved = load_checkpoint(path) if options.resume else None
    if saved is not None:
        # The run that goes on is the one that was begun, whatever else the command line says.
        assemble.take_over(options, saved["options"])
    corpus, teacher = load_corpus(options.packed)
    tokenizer = Tokenizer(options.tokenizer)
    plan = Plan(options.minutes, options.steps, options.warm_up, options.px, options.low_px, options.low_share)
    clock = Clock(plan, saved["step"] if saved else 0, saved["seconds"] if saved else 0.0)
    net, before = assemble.network(options, saved, corpus, tokenizer)
    stage = assemble.stage(options, corpus, teacher, tokenizer, net, clock, before)
    net.to(options.device).image.to(memory_format=torch.channels_last)
    if options.winograd and options.stage in ("image", "joint") and assemble.is_plain_cpu(options):
        print("3 x 3 convolutions: " + ("Winograd's" if hasten(net) else "PyTorch's, for winograd.cpp cannot be built here"))
    if options.device == "cpu" and not assemble.is_plain_cpu(options):
        gather(net)
    # Last: whatever moves a parameter afterwards would take it out of the shared memory, and the processes would drift apart.
    team = Team(net, options.workers)
    settings = assemble.loop_settings(options)
    about = {"shape": net.shape.to_dict(), "options": assemble.to_plain(options), "before": before}

    def work(rank: int) -> bool:
        run = Run(net, stage, clock, team, settings, path, about)
        if saved is not None:
            run.restore(saved)
        return run.fit(rank)

    team.start(work)
    finished = work(0)
    steps, minutes = load_checkpoint(path)["step"], clock.seconds / 60
    print(f"{'finished' if finished else 'stopped'} after {steps} steps, {minutes:.1f} minutes: {path}")
    return 0 if finished else 130


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ValueError, RuntimeError) as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(1)
