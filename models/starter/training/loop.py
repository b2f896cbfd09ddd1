"""The training loop: steps, averaged weights, the progress line, checkpoints, and an end that can be continued."""
import contextlib
import math
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from batches import move, stream
from checkpoint import save_checkpoint
from schedule import Clock
from stages import Stage
from team import Team
from towers import Clip

LONGEST_GRADIENT = 1.0
MOST_WORKERS, MOST_STEPS = 1000, 10**9
AVERAGE_EVERY = 4
"""Steps between two updates of the averaged weights."""
TOKEN_RATE = 3
"""Times the text tower's rate, for the vectors of pieces: each is in few texts of a step."""
SAY_EVERY_S, SAVE_EVERY_S = 15.0, 240.0


@dataclass(frozen=True)
class Settings:
    rate: float
    text_rate: float
    weight_decay: float
    average: float
    """How much of the averaged weights stays in each step; they are what is exported."""
    seed: int
    device: str
    loaders: int
    precision: torch.dtype


class Run:
    """One process's part of a run; rank 0 steps the optimiser, says and saves."""

    def __init__(self, net: Clip, stage: Stage, clock: Clock, team: Team, settings: Settings, path: Path, about: dict):
        """`about`: goes into every checkpoint as it is."""
        self._net, self._stage, self._clock, self._team = net, stage, clock, team
        self._settings, self._path, self._about = settings, path, about
        self._step = clock.first_step
        self._optimiser = _optimiser(net, settings)
        self._average = {name: value.clone() for name, value in net.state_dict().items() if value.is_floating_point()}
        self._said: dict[str, list[float]] = {}
        self._seen, self._since = 0, time.monotonic()

    def restore(self, state: dict) -> None:
        """Goes on where `save` was called; the network itself was restored by the caller."""
        self._optimiser.load_state_dict(state["optimiser"])
        self._average.update({name: value.to(self._settings.device) for name, value in state["average"].items()})
        self._stage.restore(state["stage"])

    def save(self) -> None:
        save_checkpoint(self._path, {
            **self._about, "model": self._net.state_dict(), "average": self._average, "stage": self._stage.state(),
            "optimiser": self._optimiser.state_dict(), "step": self._step, "seconds": self._clock.seconds,
        })

    def fit(self, rank: int) -> bool:
        """Trains to the plan's end. False where a signal ended it before."""
        stopped: list[int] = []
        if rank == 0:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda got, _: stopped.append(got))
        settings, saved = self._settings, time.monotonic()
        batches = stream(self._stage.make, settings.seed, rank, self._step, settings.loaders, settings.device)
        self._stage.prepare(self._net)
        ended = self._clock.done(self._step) >= 1
        while not ended:
            self._take_step(move(next(batches), settings.device), rank)
            if rank == 0 and time.monotonic() - self._since > SAY_EVERY_S:
                self._say()
            if rank == 0 and time.monotonic() - saved > SAVE_EVERY_S:
                saved = time.monotonic()
                self.save()
            ended = self._team.go_on(rank, bool(stopped) or self._clock.done(self._step) >= 1)
        if rank == 0:
            self._say()
            self.save()
        return not stopped

    def _take_step(self, batch: dict, rank: int) -> None:
        settings = self._settings
        # What a step leaves out at random depends on its number alone, so that a run that goes on is the same run.
        torch.manual_seed((settings.seed * MOST_WORKERS + rank) * MOST_STEPS + self._step)
        self._optimiser.zero_grad(set_to_none=True)
        with _precision(settings):
            losses = self._stage.losses(self._net, batch)
        total = sum(losses.values())
        total.backward()
        self._team.add_up(rank)
        if rank == 0:
            self._update(total)
            self._clock.tick()
            for name, value in losses.items():
                self._said.setdefault(name, []).append(value.detach())
            self._seen += self._stage.size(batch) * self._team.size
        self._step += 1

    def _update(self, total: Tensor) -> None:
        if self._step % 50 == 0 and not math.isfinite(float(total.detach())):
            raise RuntimeError(f"the loss is {float(total)} after {self._step} steps: try a smaller --rate")
        nn.utils.clip_grad_norm_([p for p in self._net.parameters() if p.grad is not None], LONGEST_GRADIENT)
        share = self._clock.rate(self._step)
        for group in self._optimiser.param_groups:
            group["lr"] = share * group["full_rate"]
        self._optimiser.step()
        if (self._step + 1) % AVERAGE_EVERY == 0:
            # Early weights are soon forgotten: the average is as long as the run at most.
            kept = min(self._settings.average, (2 + self._step) / (21 + self._step)) ** AVERAGE_EVERY
            now = self._net.state_dict()
            torch._foreach_mul_(list(self._average.values()), kept)
            torch._foreach_add_(list(self._average.values()), [now[name] for name in self._average], alpha=1 - kept)

    def _say(self) -> None:
        done, seconds = min(1.0, self._clock.done(self._step)), time.monotonic() - self._since
        bar = "#" * round(20 * done)
        losses = "  ".join(f"{name} {float(torch.stack(values).mean()):.3f}" for name, values in self._said.items())
        left = self._clock.seconds_left(self._step) / 60
        print(f"[{bar:<20}] {done:4.0%}  step {self._step}  {self._clock.px(self._step)} px  {losses}  "
              f"{self._seen / seconds:.0f} pictures/s  {left:.1f} min left", flush=True)
        self._said, self._seen, self._since = {}, 0, time.monotonic()


def _optimiser(net: Clip, settings: Settings) -> torch.optim.Optimizer:
    """AdamW; the text tower has a rate of its own; biases, scales and embeddings do not decay."""
    groups: dict[tuple[float, float], list] = {}
    for name, parameter in net.named_parameters():
        token = "token" in name
        rate = (settings.text_rate if name.startswith("text.") else settings.rate) * (TOKEN_RATE if token else 1)
        groups.setdefault((rate, 0.0 if token or parameter.ndim <= 1 else settings.weight_decay), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": parameters, "weight_decay": decay, "full_rate": rate} for (rate, decay), parameters in groups.items()],
        lr=settings.rate, betas=(0.9, 0.98), eps=1e-6, foreach=True,
    )


def _precision(settings: Settings):
    if settings.precision == torch.float32:
        return contextlib.nullcontext()
    return torch.autocast(settings.device, dtype=settings.precision)
