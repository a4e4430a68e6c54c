"""The title of a film and the strip under each step, drawn by the browser in the colours of the service."""

from __future__ import annotations

import html
import io

from PIL import Image
from playwright.sync_api import Page

from .camera import HEIGHT, WIDTH
from .film import FULL_HEIGHT

STYLE = """
* { margin: 0; box-sizing: border-box } body { font-family: "DejaVu Sans", sans-serif; color: #fff; background: #0a4248 }
.strip { height: 80px; padding: 0 40px; display: flex; align-items: center; gap: 24px; font-size: 23px; line-height: 1.3 }
.strip b { flex: none; width: 44px; height: 44px; border-radius: 50%; background: #fff; color: #0a4248; display: grid; place-items: center }
.title { height: 720px; padding: 0 130px; display: flex; flex-direction: column; justify-content: center; gap: 28px;
  background: linear-gradient(135deg, #0f5c63, #0a4248) }
.title h1 { font-size: 60px; line-height: 1.2; text-wrap: balance } .title p { font-size: 28px; color: #cfe6e8; line-height: 1.45; text-wrap: balance }
.title i { width: 90px; height: 6px; border-radius: 3px; background: #6cc5cc }
"""


def title_card(page: Page, title: str, summary: str) -> Image.Image:
    words = f"<i></i><h1>{html.escape(title)}</h1><p>{html.escape(summary)}</p>"
    return _drawn(page, f'<div class="title">{words}</div>', FULL_HEIGHT)


def strip(page: Page, number: int, text: str) -> Image.Image:
    return _drawn(
        page, f'<div class="strip"><b>{number}</b><span>{html.escape(text)}</span></div>', FULL_HEIGHT - HEIGHT
    )


def _drawn(page: Page, body: str, height: int) -> Image.Image:
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.set_content(f"<!doctype html><style>{STYLE}</style>{body}")
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")
