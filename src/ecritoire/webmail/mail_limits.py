"""Bounds that keep a hostile message from holding a worker: HTML parsers are quadratic in a few shapes."""

from __future__ import annotations

import re
from html import escape, unescape

from .mail_allowed import UNCLOSED

MAX_DEPTH = 3_000
MAX_ATTRIBUTES = 2_000
MAX_STYLE_WORK = 500_000
MAX_STYLE_LENGTH = 200_000
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8000,}")
INVISIBLE_BLOCKS = re.compile(r"<(script|style|title|head)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/h[1-6]|/li)\b[^>]*>", re.IGNORECASE)


def is_hostile(html: str) -> bool:
    """Whether ``html`` nests elements, or loads one with attributes, far beyond any honest message."""
    return _is_deep(html) or any(len(tag.split()) > MAX_ATTRIBUTES for tag in LONG_TAG.findall(html))


def _is_deep(html: str) -> bool:
    if html.count("<") <= MAX_DEPTH:
        return False
    depth = 0
    for closing, name in TAG.findall(html):
        if name.lower() in UNCLOSED:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > MAX_DEPTH:
            return True
    return False


def may_inline(html: str) -> bool:
    """Whether moving the ``<style>`` rules onto the elements takes bounded work (rules x elements)."""
    styles: list[str] = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    if sum(len(style) for style in styles) > MAX_STYLE_LENGTH:
        return False
    rules = sum(style.count("{") + style.count(",") for style in styles)
    return rules * html.count("<") / 2 <= MAX_STYLE_WORK


def text_only(html: str) -> str:
    """The words of a message that may not be parsed, as escaped HTML."""
    text = BREAKS.sub("\n", INVISIBLE_BLOCKS.sub("", html))
    words = unescape(re.sub(r"<[^<>]*>", "", text))
    return "<pre>" + escape(re.sub(r"\n\s*\n+", "\n\n", words).strip()) + "</pre>"
