"""What the browser's screen shows, with the time of each frame."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

WIDTH, HEIGHT = 1280, 640


@dataclass
class Camera:
    """Chromium sends a frame whenever something changes; times are seconds since ``started``."""

    page: Page
    started: float = 0.0
    frames: list[tuple[float, bytes]] = field(default_factory=list)

    def start(self) -> None:
        self._session = self.page.context.new_cdp_session(self.page)
        self._session.on("Page.screencastFrame", self._take)
        self.started = time.time()
        options = {"format": "png", "maxWidth": WIDTH, "maxHeight": HEIGHT, "everyNthFrame": 1}
        self._session.send("Page.startScreencast", options)

    def now(self) -> float:
        return time.time() - self.started

    def stop(self) -> None:
        self._session.send("Page.stopScreencast")

    def _take(self, event: dict[str, Any]) -> None:
        at = float(event["metadata"].get("timestamp") or time.time()) - self.started
        self.frames.append((max(at, 0.0), base64.b64decode(event["data"])))
        self._session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})
