"""Laws that the recipe rests on, checked by hand after a change; no data and no training needed, under a minute.

    python3 check.py

Needs the shipped model folder (..) and npm's packages. Prints one line a law, ends with 1 where one is broken.
"""
import sys

import torch

from laws import data, hubs, losses, opinions, teams, texts, towers


def main() -> int:
    torch.set_num_threads(1)
    broken = 0
    with torch.no_grad():
        for law in (*data.LAWS, *texts.LAWS, *losses.LAWS, *opinions.LAWS, *hubs.LAWS, *towers.LAWS, *teams.LAWS):
            good = law()
            broken += not good
            print(f"{'ok  ' if good else 'FAIL'} {law.__name__.replace('_', ' ')}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
