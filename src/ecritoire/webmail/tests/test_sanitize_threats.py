"""Nothing a sender writes may run, load, send or overlay."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecritoire.webmail import mail_allowed
from ecritoire.webmail.mail_html import sanitize

VECTORS = (Path(__file__).parent / "xss_vectors.txt").read_text().splitlines()
PIECES = ["<", ">", '"', "'", "<!--", "-->", "</style>", "<table>", "</p>"]
ATTRIBUTES = {name for names in mail_allowed.ATTRIBUTES.values() for name in names} | {"target", "rel", "class"}


class Inspector(HTMLParser):
    """Fails on any tag, attribute or address outside what the sanitiser promises."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in mail_allowed.TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, name
            self.check(name, (value or "").lower())

    def check(self, name: str, value: str) -> None:
        if name == "class":
            assert value == "link-warning"
        if name == "href":
            assert value.startswith(("http:", "https:", "mailto:", "tel:")), value
        if name in {"src", "background"}:
            assert value.startswith(("/part/", "data:image/")), value
            assert "svg" not in value
        if name == "style":
            for word in ("position:", "expression", "@import", "behavior", "binding", "javascript:", "evil.example"):
                assert word not in value, value

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"declaration {decl!r}")


def inspect(html: str) -> None:
    inspector = Inspector(convert_charrefs=True)
    inspector.feed(html)
    inspector.close()


def clean(html: str) -> str:
    return sanitize(html, cid_url=lambda cid: "/part/1", allow_remote=False).html


def test_it_works() -> None:
    assert clean("<p>Bonjour</p><script>alert(1)</script>") == "<p>Bonjour</p>"


@pytest.mark.parametrize("vector", VECTORS)
def test_a_known_vector_is_dead(vector: str) -> None:
    inspect(clean(vector))


@pytest.mark.parametrize("vector", VECTORS)
def test_a_known_vector_is_dead_inside_a_layout(vector: str) -> None:
    inspect(clean(f"<html><head><style>p{{color:red}}</style></head><body><table><tr><td>{vector}</td></tr></table>"))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*VECTORS, "<", ">", '"', "'", "<!--", "-->", "</style>", "<table>", "</p>"]), max_size=8)
)
def test_vectors_glued_together_are_dead(pieces: list[str]) -> None:
    inspect(clean("".join(pieces)))


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_any_text_is_accepted(text: str) -> None:
    inspect(clean(text))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="urlposition:fixed;()\\69 \"'/*@{}#x.e-"))
def test_any_style_is_accepted(style: str) -> None:
    inspect(clean(f"<style>p{{{style}}}</style><p style='{style}'>x</p>"))


def test_half_a_megabyte_is_quick() -> None:
    row = '<tr><td style="color:#{:06x};font-family:\'Arial\',sans-serif" class="c{}"><a href="https://a.example/{}">x</a></td></tr>'
    rules = "".join(f".c{i}{{padding:{i}px}}" for i in range(50))
    html = f"<style>{rules}</style><table>" + "".join(row.format(i, i % 50, i) for i in range(4000)) + "</table>"
    assert len(html) > 480_000
    start = time.perf_counter()
    clean(html)
    assert time.perf_counter() - start < 2.5


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "fin",
        "<b></p>" * 70_000 + "fin",
        "<p " + " ".join(f"a{i}" for i in range(80_000)) + ">fin",
        "<style>"
        + "".join(f"*{{color:red;x{k}:1}}" for k in range(1000))
        + "</style>"
        + "<p><b>x</b></p>" * 2_000
        + "fin",
    ],
    ids=["deep", "formatting", "attributes", "styles"],
)
def test_a_message_made_to_hold_the_server_does_not(html: str) -> None:
    start = time.perf_counter()
    assert "fin" in clean(html)
    assert time.perf_counter() - start < 2.5
