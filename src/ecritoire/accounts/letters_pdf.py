"""The letters themselves, on A4, with DejaVu so that every name prints."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import segno
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path("/usr/share/fonts/truetype/dejavu")
WIDTH, HEIGHT = A4
LEFT = 22 * mm


@dataclass(frozen=True)
class Letter:
    """What one letter says; ``password`` is empty on an identifier letter."""

    name: str
    login: str
    password: str
    expires_on: dt.date | None
    structure: str
    city: str
    sender: str
    sender_address: str
    url: str


@cache
def _fonts() -> None:
    for name, file in (("Text", "DejaVuSans"), ("Bold", "DejaVuSans-Bold"), ("Mono", "DejaVuSansMono-Bold")):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{file}.ttf"))


def _canvas() -> tuple[io.BytesIO, Canvas]:
    _fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1)
    canvas.setTitle(_("Courriers d'activation"))
    return buffer, canvas


def _lines(canvas: Canvas, top: float, lines: Sequence[str], font: str = "Text", size: float = 10.5) -> float:
    """Draw ``lines`` downwards from ``top``; returns where they end."""
    canvas.setFont(font, size)
    for line in lines:
        canvas.drawString(LEFT, top, line)
        top -= size * 1.55
    return top


def _head(canvas: Canvas, letter: Letter, recipient: Sequence[str]) -> None:
    """The sender, and the recipient where a window envelope (DL, right window) shows it."""
    top = _lines(canvas, HEIGHT - 25 * mm, [letter.sender], "Bold", 13)
    _lines(canvas, top, letter.sender_address.splitlines()[:4], size=9)
    canvas.setFont("Text", 10.5)
    for index, line in enumerate(recipient):
        canvas.drawString(105 * mm, HEIGHT - 52 * mm - index * 15, line)


@override(settings.LANGUAGE_CODE)  # the reader's language, not the clerk's
def identifiers_pdf(letters: Sequence[Letter]) -> bytes:
    """One list for each school: who has which identifier. No password is in it."""
    buffer, canvas = _canvas()
    ordered = sorted(letters, key=lambda letter: (letter.structure, letter.name))
    for structure, group in groupby(ordered, key=lambda letter: letter.structure):
        rows = list(group)
        for start in range(0, len(rows), 24):
            _identifiers_page(canvas, structure, rows[start : start + 24])
    canvas.save()
    return buffer.getvalue()


def _identifiers_page(canvas: Canvas, structure: str, rows: Sequence[Letter]) -> None:
    _head(canvas, rows[0], [_("À la direction"), structure, rows[0].city])
    top = _lines(canvas, HEIGHT - 95 * mm, [_("Identifiants de messagerie à remettre")], "Bold", 14)
    intro = [
        _("Remettez à chaque personne son identifiant, contre émargement."),
        _("Le mot de passe temporaire lui parvient séparément : ne le demandez pas."),
    ]
    top = _lines(canvas, top - 8, intro) - 10
    for letter in rows:
        canvas.setFont("Text", 9.5)
        canvas.drawString(LEFT, top, letter.name[:44])
        canvas.setFont("Mono", 9)
        canvas.drawString(85 * mm, top, letter.login)
        canvas.setLineWidth(0.3)
        canvas.line(LEFT, top - 5, WIDTH - LEFT, top - 5)
        top -= 17
    canvas.showPage()


@override(settings.LANGUAGE_CODE)  # the reader's language, not the clerk's
def passwords_pdf(letters: Sequence[Letter]) -> bytes:
    """One sealed letter a person: the temporary password and the way in. The identifier is not in it."""
    buffer, canvas = _canvas()
    for letter in letters:
        _password_page(canvas, letter)
    canvas.save()
    return buffer.getvalue()


def _password_page(canvas: Canvas, letter: Letter) -> None:
    _head(canvas, letter, [letter.name, letter.structure, letter.city])
    url = letter.url
    top = _lines(canvas, HEIGHT - 100 * mm, [_("Votre boîte professionnelle : mot de passe temporaire")], "Bold", 14)
    intro = [
        _("Votre identifiant vous est remis par votre établissement. Avec lui, ce mot de passe"),
        _("ouvre votre boîte une première fois ; vous en choisirez aussitôt un autre."),
    ]
    top = _lines(canvas, top - 8, intro)
    canvas.roundRect(LEFT, top - 18 * mm, 120 * mm, 15 * mm, 3 * mm)
    canvas.setFont("Mono", 18)
    canvas.drawString(LEFT + 8 * mm, top - 12 * mm, letter.password)
    top -= 28 * mm
    expires = date_format(letter.expires_on, "j F Y") if letter.expires_on else ""
    steps = [
        _("Valable jusqu'au %(date)s. Au-delà, demandez une nouvelle lettre à l'assistance.") % {"date": expires},
        "",
        _("1. Ouvrez %(url)s et saisissez votre identifiant et ce mot de passe.") % {"url": url},
        _("2. Choisissez votre mot de passe."),
        _("3. Vérifiez vos informations."),
        _("4. Donnez une adresse de secours et répondez à deux questions secrètes."),
        _("5. Lisez le mémo de sécurité : votre boîte est ouverte."),
        "",
        _("Ne remettez ce mot de passe à personne, pas même à l'assistance. Détruisez cette lettre ensuite."),
    ]
    _lines(canvas, top, steps)
    _qr(canvas, url, WIDTH - LEFT - 28 * mm, top - 52 * mm)
    canvas.showPage()


def _qr(canvas: Canvas, text: str, left: float, bottom: float) -> None:
    matrix = [bytes(row) for row in segno.make(text, error="m").matrix]
    side = 28 * mm / len(matrix)
    for y, row in enumerate(reversed(matrix)):
        for x, dark in enumerate(row):
            if dark:
                canvas.rect(left + x * side, bottom + y * side, side, side, stroke=0, fill=1)
