"""An honest message keeps its looks, its own images and its links; remote images wait to be asked for."""

from __future__ import annotations

import pytest

from ecritoire.webmail.mail_html import SanitizedHtml, sanitize


def clean(html: str, *, allow_remote: bool = False) -> SanitizedHtml:
    known = {"logo@ac-valmont.test": "/part/2"}
    return sanitize(html, cid_url=known.get, allow_remote=allow_remote, mail_to_url=lambda to: f"/ecrire?to={to}")


def test_it_works() -> None:
    assert clean('<table bgcolor="#eee"><tr><td>Bonjour</td></tr></table>').html == (
        '<table bgcolor="#eee"><tbody><tr><td>Bonjour</td></tr></tbody></table>'
    )


def test_style_rules_move_onto_their_elements() -> None:
    html = "<html><head><style>.a{color:red;position:fixed}</style></head><body><p class=a>x</p></body></html>"
    assert clean(html).html.strip() == '<p style="color:red">x</p>'


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color:red;position:absolute;margin:0 auto", "color:red;margin:0 auto"),
        ("font-family:'Segoe UI',Arial", "font-family:&quot;Segoe UI&quot;,Arial"),
        ("background:rgba(0, 0, 0, .5)", "background:rgba(0, 0, 0, .5)"),
        ("width:calc(100% - 2px) !important", "width:calc(100% - 2px)"),
        ("COLOR : Red", "color:Red"),
        ("min-height:100vh;color:red", "color:red"),
        ("background-image:linear-gradient(90deg, #fff, #000)", "background-image:linear-gradient(90deg, #fff, #000)"),
    ],
)
def test_declarations(style: str, kept: str) -> None:
    html = clean(f'<p style="{style}">x</p>').html
    assert html == f'<p style="{kept}">x</p>'


def test_an_image_of_the_message_is_shown() -> None:
    assert 'src="/part/2"' in clean('<img src="cid:logo@ac-valmont.test">').html
    assert 'src="/part/2"' in clean('<img src="CID:logo%40ac-valmont.test">').html
    assert 'url("/part/2")' in clean("<p style='background:url(cid:logo@ac-valmont.test)'>x</p>").html.replace(
        "&quot;", '"'
    )


def test_an_image_missing_from_the_message_is_not() -> None:
    assert clean('<img src="cid:autre" alt="logo">').html == '<img alt="logo">'


def test_remote_images_are_held_back_and_counted() -> None:
    html = """<img src="https://a.example/1.png"><img src="//a.example/2.png"><table background="http://a.example/3.png"></table>
    <p style="background:url(https://a.example/4.png);color:red">x</p><style>p{background:url(https://a.example/5.png)}</style>"""
    cleaned = clean(html)
    assert cleaned.blocked_remote == 4
    assert "a.example" not in cleaned.html
    assert "color:red" in cleaned.html


def test_remote_images_come_over_https_when_asked_for() -> None:
    html = '<img src="http://a.example/1.png?a=1&amp;b=2"><p style="background:url(//a.example/4.png)">x</p>'
    cleaned = clean(html, allow_remote=True)
    assert cleaned.blocked_remote == 0
    assert 'src="https://a.example/1.png?a=1&amp;b=2"' in cleaned.html
    assert 'url("https://a.example/4.png")' in cleaned.html.replace("&quot;", '"')


@pytest.mark.parametrize(
    "size", ['width="1" height="1"', 'style="width:1px;height:1px"', 'style="display:none"', "height=0"]
)
def test_invisible_remote_images_are_never_loaded(size: str) -> None:
    cleaned = clean(f'<p>x</p><img {size} src="https://t.example/ouvert?id=42">', allow_remote=True)
    assert cleaned == SanitizedHtml("<p>x</p>", 0, trackers=1)


def test_an_ordinary_image_is_no_tracker() -> None:
    assert clean('<img width="100" height="10" src="https://a.example/x.png">').trackers == 0


def test_links_open_elsewhere_without_saying_where_from() -> None:
    html = clean('<a href="https://www.education.gouv.fr/">Site</a>').html
    assert html == '<a href="https://www.education.gouv.fr/" target="_blank" rel="noopener noreferrer">Site</a>'


def test_an_address_opens_our_composer() -> None:
    assert (
        'href="/ecrire?to=jean@ac-valmont.test"'
        in clean('<a href="mailto:jean@ac-valmont.test?subject=x">Jean</a>').html
    )


@pytest.mark.parametrize(
    ("href", "text", "warned"),
    [
        ("https://evil.example.com/x", "https://www.impots.gouv.fr/", True),
        ("https://impots.gouv.fr.evil.com/", "www.impots.gouv.fr", True),
        ("https://evil.com/", "<b>impots.gouv.fr</b>/compte", True),
        ("http://192.0.2.1/", "https://www.education.gouv.fr", True),
        ("https://cas.education.gouv.fr/", "https://www.education.gouv.fr", False),
        ("https://lnk.example.com/1", "Cliquez ici", False),
        ("https://drive.example.com/1", "Emploi-du-temps.pdf", False),
        ("https://drive.example.com/1", "M. Dupont", False),
    ],
)
def test_a_link_that_claims_another_site_says_so(href: str, text: str, warned: bool) -> None:
    html = clean(f'<a href="{href}">{text}</a>').html
    assert ("link-warning" in html) is warned
    assert not warned or href.split("/")[2] in html.split("link-warning")[1]


def test_a_message_may_not_imitate_our_warning() -> None:
    assert "link-warning" not in clean('<strong class="link-warning">Lien sûr</strong>').html


@pytest.mark.parametrize(
    "html", ["", "   ", "\x00", "<p>\ud83d</p>".encode("utf-8", "replace").decode(), "<!doctype html>"]
)
def test_next_to_nothing(html: str) -> None:
    assert "<script" not in clean(html).html
