"""docs/lifecycle.md shows the states as they are."""

from ecritoire.accounts.lifecycle import TRANSITIONS
from ecritoire.accounts.lifecycle_drawing import document, drawing, drawn_into


def test_it_works():
    text = document().read_text(encoding="utf-8")
    assert drawn_into(text) == text, "run ./ecritoire manage lifecycle_draw"


def test_every_transition_is_drawn():
    drawn = drawing()
    for event, transition in TRANSITIONS.items():
        for source in transition.sources:
            assert f"    {source} --> " in drawn
        assert f"| `{event}` |" in drawn


def test_an_old_drawing_is_noticed():
    old = document().read_text(encoding="utf-8").replace("    activated --> ending: end\n", "", 1)
    assert drawn_into(old) != old
