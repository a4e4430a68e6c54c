"""The heat map: each value in one of five steps, its cell a link, a legend that says the same steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.common.heat import LEVELS, Cell, Scale, heat_map


def test_it_works() -> None:
    drawn = heat_map(
        ["Lun", "Mar"], [("9 h", [Cell(12, "Lundi 9 h : 12", "/liste?a=1&b=2"), Cell(0, "Mardi 9 h : 0")])]
    )
    assert drawn.count("<a ") == 1
    assert 'href="/liste?a=1&amp;b=2" tabindex="-1"' in drawn
    assert "heat__cell--4" in drawn
    assert "heat__cell--0" in drawn
    assert "<title>Mardi 9 h : 0</title>" in drawn
    assert "style=" not in drawn


def test_a_name_is_no_markup() -> None:
    assert "<b>" not in heat_map(["<b>"], [("<b>", [Cell(1, "<b>", "<b>")])])


@pytest.mark.parametrize(
    ("highest", "ranges"),
    [
        (0, []),
        (2, ["1", "2"]),
        (5, ["1", "2", "3", "4", "5"]),
        (12, ["1\u20133", "4\u20136", "7\u20139", "10\u201312"]),
    ],
)
def test_the_legend(highest, ranges) -> None:
    assert [text for _level, text in Scale(highest).ranges()] == ranges


@given(st.integers(1, 100_000), st.data())
def test_each_value_is_of_the_step_the_legend_says(highest, data) -> None:
    scale, value = Scale(highest), data.draw(st.integers(1, highest))
    level = scale.level(value)
    assert 1 <= level <= LEVELS
    bounds = [int(part) for part in dict(scale.ranges())[level].split("\u2013")]
    assert bounds[0] <= value <= bounds[-1]
