"""Alerts on simulated years: takeovers found, false alerts per person and year. ``python -m bench.alerts [SEED …]``."""

from __future__ import annotations

import sys
import time
from collections import Counter

from .year.replay import year

SEEDS = (1, 2, 3, 5, 8, 13)
PEOPLE, EACH = 1000, 4
BLIND = "blind spot"


def main(seeds: tuple[int, ...]) -> None:
    print(
        f"{PEOPLE} people, a year, {5 * EACH} takeovers of five kinds; aim: all found, under 0.2 false alerts per person"
    )
    for seed in seeds:
        start = time.perf_counter()
        outcome = year(people=PEOPLE, seed=seed, each=EACH)
        found = sum(count for kind, count in outcome.found.items() if kind != BLIND)
        missed = [kind for kind in outcome.planted if kind != BLIND and outcome.found[kind] < outcome.planted[kind]]
        kinds = Counter(row.kinds[0] for row in outcome.false)
        print(
            f"seed {seed:>3}: {found} of {5 * EACH} found, {outcome.false_per_person:.3f} false alerts per person and year, "
            f"blind spot {outcome.found[BLIND]} of {EACH}, {outcome.events} events, {time.perf_counter() - start:.0f} s"
        )
        print(f"          false: {dict(kinds)}" + (f"; missed: {missed}" if missed else ""))


if __name__ == "__main__":
    main(tuple(int(seed) for seed in sys.argv[1:]) or SEEDS)
