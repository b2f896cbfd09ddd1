"""How far a run is, and what follows from it: learning rate and picture size. Ends by the clock or after so many steps."""
import math
import time
from dataclasses import dataclass

import torch

LAST_RATE = 0.02
"""Of the learning rate, at the end of its half cosine."""


@dataclass(frozen=True)
class Plan:
    minutes: float | None
    """Of the clock, however busy the machine is; None where `steps` ends the run."""
    steps: int | None
    """A run by steps gives the same weights every time, also when it was interrupted."""
    warm_up: int
    """Steps in which the rate rises."""
    px: int
    low_px: int
    low_share: float
    """Share of the run with pictures of `low_px`."""


class Clock:
    """Shared by all processes of a run: the first one moves it, the others read it."""

    def __init__(self, plan: Plan, step: int, seconds: float):
        """`step`, `seconds`: what earlier parts of the run took."""
        self.plan = plan
        self._begun = time.monotonic() - seconds
        self._seconds = torch.tensor([seconds], dtype=torch.float64).share_memory_()
        self.first_step = step

    @property
    def seconds(self) -> float:
        return float(self._seconds[0])

    def tick(self) -> None:
        self._seconds[0] = time.monotonic() - self._begun

    def done(self, step: int) -> float:
        """0 at the beginning, 1 and more at the end."""
        if self.plan.steps is not None:
            return step / self.plan.steps if self.plan.steps else 1.0
        return self.seconds / (60 * self.plan.minutes)

    def px(self, step: int) -> int:
        return self.plan.low_px if self.done(step) < self.plan.low_share else self.plan.px

    def rate(self, step: int) -> float:
        """Share of the learning rate."""
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, self.done(step))))
        return min(1.0, (step + 1) / self.plan.warm_up) * (LAST_RATE + (1 - LAST_RATE) * fall)

    def seconds_left(self, step: int) -> float:
        done = self.done(step)
        if self.plan.minutes is not None:
            return max(0.0, 60 * self.plan.minutes - self.seconds)
        return self.seconds * (1 - done) / max(done, 1e-9)
