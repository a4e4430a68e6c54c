"""A small simulated year: every kind of takeover is found, and people are left in peace. ``bench/alerts.py`` is the whole."""

from bench.year.replay import year

BLIND = "blind spot"


def test_it_works():
    outcome = year(people=160, seed=4, each=2)
    assert outcome.events > 200_000
    missed = {kind for kind in outcome.planted if outcome.found[kind] < outcome.planted[kind]}
    assert missed <= {BLIND}
    assert outcome.false_per_person < 0.3


def test_nobody_attacked_nobody_found():
    outcome = year(people=40, seed=5, each=0, days=120)
    assert not outcome.planted
