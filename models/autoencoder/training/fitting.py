"""The training loop: steps, their schedule, the progress line and the checkpoints."""
import math
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from checkpoint import save_checkpoint
from corruption import Corruption, corrupt
from model import Autoencoder, Shape
from whitening import settle, whiten

MEAN, DEVIATION = 0.5, 0.25
"""Of a channel of a picture from 0 to 1; the manifest says the same to the service."""
SAMPLE = 1500
"""Pictures by which the code's layer is set before the first step."""
WARM_UP, LAST_RATE = 0.03, 0.02
SAVE_EVERY_S = 20.0


@dataclass(frozen=True)
class Plan:
    """What decides a run's result, beside the pictures."""

    epochs: float | None = None
    """Passes over the pictures; None where `minutes` ends the run. Only epochs make a run the same every time."""
    minutes: float | None = None
    batch: int = 32
    rate: float = 3e-3
    seed: int = 0


class Run:
    """A training run that can stop after any step and go on from its checkpoint as if it had not."""

    def __init__(self, pictures: np.ndarray, plan: Plan, shape: Shape, corruption: Corruption, device: str):
        self.pictures, self.plan, self.corruption, self.device = pictures, plan, corruption, device
        torch.manual_seed(plan.seed)
        self.model = Autoencoder(shape).to(device)
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=plan.rate, weight_decay=1e-4)
        self.batch = min(plan.batch, len(pictures))
        self.order: tuple[int, np.ndarray] = (-1, np.empty(0, int))
        self.step, self.seconds, self.cpu_seconds, self.loss = 0, 0.0, 0.0, math.nan

    @property
    def views(self) -> int:
        """Pictures shown so far, each as often as it was shown."""
        return self.step * self.batch

    def restore(self, state: dict) -> None:
        """Takes over what `save` wrote."""
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        for name in ("step", "seconds", "cpu_seconds", "loss"):
            setattr(self, name, state[name])

    def save(self, path: Path) -> None:
        state = {name: getattr(self, name) for name in ("step", "seconds", "cpu_seconds", "loss")}
        settings = {"plan": asdict(self.plan), "shape": self.model.shape.to_dict(), "corruption": self.corruption.to_dict()}
        networks = {"model": self.model.state_dict(), "optimiser": self.optimiser.state_dict()}
        save_checkpoint(path, {**state, **settings, **networks, "pictures": len(self.pictures)})

    def fit(self, path: Path) -> bool:
        """Trains to the plan's end; writes `path` every SAVE_EVERY_S seconds and when it ends.

        Ctrl-C and SIGTERM end it after the step that runs: then False. A failing step leaves the last checkpoint as it is.
        """
        stopping: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _: stopping.append(received))
        saved = said = time.monotonic()
        self.model.train()
        if self.step == 0:
            self._begin()
        while (done := self._share_done()) < 1 and not stopping:
            started, cpu = time.monotonic(), time.process_time()
            self._take_step(done)
            self.seconds += time.monotonic() - started
            self.cpu_seconds += time.process_time() - cpu
            # A log file gets a line a minute at most, a terminal is written over.
            if started - said > (0.5 if sys.stdout.isatty() else 60):
                said = started
                self._say(self._share_done())
            if started - saved > SAVE_EVERY_S:
                saved = started
                self.save(path)
        self.save(path)
        self._say(self._share_done())
        if sys.stdout.isatty():
            print()
        return not stopping

    def sample(self, count: int) -> list[Tensor]:
        """Standardised batches of pictures chosen by the seed, each at most once."""
        chosen = np.random.default_rng(self.plan.seed).permutation(len(self.pictures))[:count]
        return [self.standardise(chosen[i : i + 100]) for i in range(0, len(chosen), 100)]

    def standardise(self, rows: np.ndarray) -> Tensor:
        pixels = torch.from_numpy(self.pictures[np.sort(rows)]).to(self.device)
        return ((pixels.permute(0, 3, 1, 2).float() / 255 - MEAN) / DEVIATION).contiguous()

    def _begin(self) -> None:
        """A random network's codes all say how light the picture is: without this, learning starts far slower."""
        batches = self.sample(SAMPLE)
        settle(self.model.encoder, batches)
        whiten(self.model.encoder, batches, power=0.5)
        self.model.train()

    def _take_step(self, done: float) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate * _rate(done)
        clean = self.standardise(self._rows())
        random = torch.Generator().manual_seed(self.plan.seed * 1_000_003 + self.step)
        loss = F.mse_loss(self.model(corrupt(clean, self.corruption, random)), clean)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        value = float(loss)
        if not math.isfinite(value):
            raise RuntimeError(f"the loss is {value} after {self.step} steps: try a smaller --rate than {self.plan.rate}")
        self.loss = value if math.isnan(self.loss) else 0.98 * self.loss + 0.02 * value
        self.step += 1

    def _rows(self) -> np.ndarray:
        """Pictures of this step: seed and step decide them, so a checkpoint need not hold the state of any generator.

        An epoch is every picture once in an order of its own; what fills no batch is left out.
        """
        count = len(self.pictures)
        epoch, at = divmod(self.step, count // self.batch)
        if self.order[0] != epoch:
            self.order = epoch, np.random.default_rng((self.plan.seed, epoch)).permutation(count)
        return self.order[1][at * self.batch : (at + 1) * self.batch]

    def _share_done(self) -> float:
        if self.plan.epochs is not None:
            return self.step / max(1, round(self.plan.epochs * (len(self.pictures) // self.batch)))
        return self.seconds / (60 * (self.plan.minutes or 1))

    def _say(self, done: float) -> None:
        done = min(done, 1.0)
        bar = "#" * round(20 * done)
        left = self.seconds * (1 - done) / max(done, 1e-9)
        speed = self.views / max(self.seconds, 1e-9)
        line = f"[{bar:<20}] {done:4.0%}  loss {self.loss:.4f}  {speed:.0f} pictures/s  {left / 60:.1f} min left"
        sys.stdout.write(f"\r{line:<78}" if sys.stdout.isatty() else f"{line}\n")
        sys.stdout.flush()


def _rate(done: float) -> float:
    """Share of the learning rate: up in a straight line, down along a half cosine."""
    return min(1.0, (done + 1e-3) / WARM_UP) * max(LAST_RATE, 0.5 * (1 + math.cos(math.pi * done)))
