"""Plain text mail as HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.webmail.mail_text import text_to_html
from ecritoire.webmail.tests.test_sanitize_threats import VECTORS


def test_it_works() -> None:
    assert text_to_html("Bonjour,\n\nÀ jeudi.") == '<div class="text">Bonjour,\n\nÀ jeudi.</div>'


@pytest.mark.parametrize(
    ("text", "url", "shown"),
    [
        ("voir https://a.test/x?a=1&b=2.", "https://a.test/x?a=1&amp;b=2", "https://a.test/x?a=1&amp;b=2"),
        ("(https://a.test/x)", "https://a.test/x", "https://a.test/x"),
        ("https://fr.wikipedia.test/Lyon_(ville)", "https://fr.wikipedia.test/Lyon_(ville)", None),
        ("www.a.test, merci", "https://www.a.test", "www.a.test"),
        ("<https://a.test>", "https://a.test", "https://a.test"),
    ],
)
def test_links(text: str, url: str, shown: str | None) -> None:
    link = f'<a href="{url}" target="_blank" rel="noopener noreferrer">{shown or url}</a>'
    assert link in text_to_html(text)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "ftp://a.test", "data:text/html,x", "fichier.pdf"])
def test_no_link(text: str) -> None:
    assert "<a" not in text_to_html(text)


def test_a_long_quote_is_folded_with_its_introduction() -> None:
    html = text_to_html("Oui.\n\nLe 3 mai 2026 à 10:00,\nÉlodie a écrit :\n> Bonjour\n>\n> Venez-vous ?\n")
    assert html == (
        '<div class="text">Oui.\n</div><details class="quote"><summary>Texte cité</summary>'
        '<blockquote class="text">Le 3 mai 2026 à 10:00,\nÉlodie a écrit :\nBonjour\n\nVenez-vous ?</blockquote></details>'
    )


def test_a_short_quote_stays_in_sight() -> None:
    assert "<details" not in text_to_html("> Venez-vous ?\nOui.")
    assert "<blockquote" in text_to_html("> Venez-vous ?\nOui.")


@pytest.mark.parametrize("vector", VECTORS)
def test_html_in_text_is_text(vector: str) -> None:
    html = text_to_html(f"{vector}\n> {vector}\n> b\n> c")
    for piece in ("<script", "<img", "<svg", "<iframe", "<style", "<form"):
        assert piece not in html.lower()


@given(st.text())
def test_any_text_is_accepted(text: str) -> None:
    assert text_to_html(text).startswith(("<div", "<blockquote", "<details"))
