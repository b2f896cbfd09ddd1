"""Several processes of one thread each that train one network on the CPU: parameters in shared memory, gradients averaged.

On a shared machine one process of two threads was 6 to 10 times slower than one thread as soon as anything else ran, for
each operation waits for the thread that lost its core. Processes wait once a step.
"""
import atexit
import multiprocessing
import signal
import threading
from typing import Callable

import torch
from torch import nn

WAIT_S = 900
"""Whoever waits longer is alone: another process died."""
ENDINGS = (signal.SIGINT, signal.SIGTERM)


class Team:
    """With one member, everything here does nothing."""

    def __init__(self, net: nn.Module, size: int):
        self.size = size
        self._parameters = list(net.parameters())
        if size > 1:
            for parameter in self._parameters:
                parameter.data = parameter.data.share_memory_()
            count = sum(parameter.numel() for parameter in self._parameters)
            self._gradients = torch.zeros(size - 1, count).share_memory_()
            self._stop = torch.zeros(1).share_memory_()
            self._barrier = multiprocessing.get_context("fork").Barrier(size)

    def start(self, work: Callable[[int], None]) -> None:
        """Runs `work(rank)` for ranks 1 and up in processes of their own; they end with this one.

        Raises RuntimeError where a parameter left the shared memory since: the others would compute with its old values.
        """
        if self.size > 1 and not all(parameter.is_shared() for parameter in self._parameters):
            raise RuntimeError("expected parameters in shared memory: form the team after the network was moved or laid out anew")
        if self.size > 1:
            atexit.register(self._barrier.abort)  # whatever ends this one: nobody waits for it
        # A signal that comes before a process can refuse it waits.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        for rank in range(1, self.size):
            multiprocessing.get_context("fork").Process(target=_begin, args=(work, rank), daemon=True).start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)

    def add_up(self, rank: int) -> None:
        """Afterwards rank 0's gradients are the mean of everyone's; it alone may step the optimiser now."""
        if self.size == 1:
            return
        if rank > 0:
            self._each(rank, lambda part, p: part.zero_() if p.grad is None else part.copy_(p.grad))
        self._barrier.wait(WAIT_S)
        if rank == 0:
            for other in range(1, self.size):
                self._each(other, lambda part, p: p.grad is None or p.grad.add_(part))
            torch._foreach_div_([p.grad for p in self._parameters if p.grad is not None], self.size)

    def go_on(self, rank: int, stop: bool = False) -> bool:
        """The new parameters are there. True where rank 0 said stop."""
        if self.size == 1:
            return stop
        if rank == 0:
            self._stop[0] = float(stop)
        self._barrier.wait(WAIT_S)
        return bool(self._stop[0])

    def _each(self, rank: int, act: Callable) -> None:
        """Calls `act` with each parameter and its part of a rank's row, in the parameter's shape."""
        start = 0
        for parameter in self._parameters:
            end = start + parameter.numel()
            act(self._gradients[rank - 1, start:end].view_as(parameter), parameter)
            start = end


def _begin(work: Callable[[int], None], rank: int) -> None:
    # Ctrl-C reaches every process of the terminal, and so does the end of a service; the first one tells the others when to stop.
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    torch.set_num_threads(1)
    try:
        work(rank)
    except threading.BrokenBarrierError:
        pass  # the first one has ended
