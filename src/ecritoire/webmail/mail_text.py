"""Plain text mail as HTML: links and addresses made to click, quoted text folded away."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

URL = re.compile(r"""\b(?:https?://|www\.)[^\s<>"']{2,2000}""", re.IGNORECASE)
TRAILING = ".,;:!?)]}»…*_"
QUOTE = re.compile(r"^\s?>")
INTRODUCTION = re.compile(r"(?:a écrit|wrote|schrieb|escribió|ha scritto)\s*:\s*$", re.IGNORECASE)
OPENING = re.compile(r"\s*(?:Le|On|Am|El|Il)\s", re.IGNORECASE)
FOLD_FROM_LINES = 3


def text_to_html(text: str) -> SafeString:
    """Never raises. Quotes of ``FOLD_FROM_LINES`` lines or more become a ``<details>``; the rest stays as written."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    blocks = [(quoted, list(group)) for quoted, group in groupby(lines, key=lambda line: bool(QUOTE.match(line)))]
    html = "".join(_block(quoted, group) for quoted, group in _with_introductions(blocks))
    return mark_safe(html)  # noqa: S308 - every piece is escaped in _linked


def _with_introductions(blocks: list[tuple[bool, list[str]]]) -> list[tuple[bool, list[str]]]:
    """Move "Le … a écrit :" from the end of a text into the quote it introduces."""
    for (quoted, lines), (_next_quoted, following) in pairwise(blocks):
        if quoted:
            continue
        end = len(lines)
        while end and not lines[end - 1].strip():
            end -= 1
        start = _introduction_start(lines, end)
        following[:0] = lines[start:end]
        if start < end:
            del lines[start:]
    return [(quoted, lines) for quoted, lines in blocks if lines]


def _introduction_start(lines: list[str], end: int) -> int:
    """Where the introduction that stops before ``end`` begins: one line, or two when it was wrapped; else ``end``."""
    if not end or not INTRODUCTION.search(lines[end - 1]):
        return end
    is_wrapped = end > 1 and not OPENING.match(lines[end - 1]) and OPENING.match(lines[end - 2])
    return end - 2 if is_wrapped else end - 1


def _block(quoted: bool, lines: list[str]) -> str:
    if not quoted:
        return f'<div class="text">{_linked(chr(10).join(lines))}</div>'
    content = _linked("\n".join(QUOTE.sub("", line, count=1).removeprefix(" ") for line in lines))
    if len(lines) < FOLD_FROM_LINES:
        return f'<blockquote class="text">{content}</blockquote>'
    label = escape(_("Texte cité"))
    return f'<details class="quote"><summary>{label}</summary><blockquote class="text">{content}</blockquote></details>'


def _linked(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for match in URL.finditer(text):
        url = _trimmed(match[0])
        pieces.append(escape(text[end : match.start()]))
        target = url if url.lower().startswith("http") else f"https://{url}"
        pieces.append(f'<a href="{escape(target)}" target="_blank" rel="noopener noreferrer">{escape(url)}</a>')
        end = match.start() + len(url)
    pieces.append(escape(text[end:]))
    return "".join(pieces)


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it; a closing bracket stays when the URL opened one."""
    while url and url[-1] in TRAILING and not (url[-1] == ")" and url.count("(") >= url.count(")")):
        url = url[:-1]
    return url
