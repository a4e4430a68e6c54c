"""What is typed in the search box, as conditions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.webmail.selectors.elisions import condition, variants
from ecritoire.webmail.selectors.queries import ListQuery
from ecritoire.webmail.selectors.search_syntax import Search, parse_date, search_parse


def test_it_works() -> None:
    assert search_parse('budget de:martin à:"Paul Petit" objet:conseil après:01/09/2026 avant:2026-12-31 avec:pj') == (
        Search(
            text="budget",
            sender="martin",
            recipient="Paul Petit",
            subject="conseil",
            after=date(2026, 9, 1),
            before=date(2026, 12, 31),
            attachment=True,
        )
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE:martin", Search(sender="martin")),
        ("from:martin to:paul subject:x", Search(sender="martin", recipient="paul", subject="x")),
        ("de:anne de:martin", Search(sender="anne martin")),
        ("est:non-lu est:suivi", Search(unread=True, flagged=True)),
        ('"conseil de classe" jeudi', Search(text='"conseil de classe" jeudi')),
        ("https://exemple.test", Search(text="https://exemple.test")),
        ("avant:demain", Search(text="avant:demain")),
        ("de:", Search(text="de:")),
        ("10:30", Search(text="10:30")),
        ("", Search()),
    ],
)
def test_operators(text: str, expected: Search) -> None:
    assert search_parse(text) == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-01-31", date(2026, 1, 31)), ("31/01/26", date(2026, 1, 31)), ("31/02/2026", None), ("01/01/0001", None)],
)
def test_dates(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@given(st.text())
def test_anything_can_be_typed(text: str) -> None:
    search = search_parse(text)
    assert search == search_parse(text)
    assert condition("text", text)


@given(
    folder=st.from_regex("[a-z0-9]{0,4}", fullmatch=True),
    text=st.text(max_size=30).map(lambda text: text.replace("\0", "").strip()),
    chosen=st.sampled_from(["", "non-lus", "suivis", "pieces"]),
    page=st.integers(1, 100_000),
)
def test_a_list_survives_the_address_bar(folder: str, text: str, chosen: str, page: int) -> None:
    query = ListQuery(folder=folder, text=text, filter=chosen, page=page)
    assert ListQuery.from_parameters(query.parameters()) == query


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "1e9", "", "99999999999999999999"])
def test_a_page_that_makes_no_sense(page: str) -> None:
    assert 1 <= ListQuery.from_parameters({"page": page}).page <= 100_000


def test_both_bounds_are_inclusive_in_local_time() -> None:
    query = ListQuery(text="après:01/07/2026 avant:01/07/2026")
    assert query.jmap_filter() == {
        "operator": "AND",
        "conditions": [{"after": "2026-06-30T22:00:00Z"}, {"before": "2026-07-01T22:00:00Z"}],
    }


def test_elision() -> None:
    assert variants("budget") == ["budget"]
    assert variants("exercice") == variants("l'exercice") == variants("d’exercice")
    assert {"exercice", "l'exercice", "d'exercice"} <= set(variants("exercice"))
    assert variants("École")[0] == "École"
