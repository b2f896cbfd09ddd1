"""Laws of several processes that train one network."""
import os
import signal
import subprocess
import sys
from pathlib import Path

import torch

from laws.common import small_net
from team import Team

HERE = Path(__file__).resolve().parent
LONG_S = 60
ENDLESS = """
import signal, torch
from team import Team
net, stopped = torch.nn.Linear(3, 3), []
net(torch.ones(1, 3)).sum().backward()
team = Team(net, 2)
def work(rank):
    if rank == 0:
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
        print("begun", flush=True)
    while not team.go_on(rank, bool(stopped)):
        team.add_up(rank)
team.start(work)
work(0)
"""


def a_team_shares_its_weights() -> bool:
    """A network that is laid out anew after the team was formed is refused: two processes would train two networks."""
    good, bad = small_net(), small_net()
    good.image.to(memory_format=torch.channels_last)
    Team(good, 2).start(lambda rank: None)
    late = Team(bad, 2)
    bad.image.to(memory_format=torch.channels_last)
    try:
        late.start(lambda rank: None)
    except RuntimeError:
        return True
    return False


def a_signal_to_all_of_a_team_ends_it() -> bool:
    """The first process ends the others, at its own time; one that went by itself would leave the first waiting."""
    run = subprocess.Popen([sys.executable, "-c", ENDLESS], cwd=HERE.parent, stdout=subprocess.PIPE, start_new_session=True)
    try:
        run.stdout.readline()
        os.killpg(run.pid, signal.SIGTERM)
        return run.wait(LONG_S) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)


LAWS = (a_team_shares_its_weights, a_signal_to_all_of_a_team_ends_it)
