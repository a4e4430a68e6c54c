"""A recording made into a WebM film: the page, the pointer over it, the step told below it; true timing, one frame a change."""

from __future__ import annotations

import io
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image, ImageDraw

from .camera import HEIGHT, WIDTH
from .stage import Stage

FULL_HEIGHT, TICK = 720, 50  # milliseconds
CARD = 2_200  # the title's own time, in milliseconds
RIPPLE = 400
CODEC = {"crf": "36", "b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1", "tune-content": "screen"}
ARROW = [(0, 0), (0, 23), (5.5, 18), (9.5, 27), (13.5, 25), (9.5, 16.5), (17, 16.5)]


@dataclass
class Cut:
    """``title`` and ``strips`` (one a step) are pictures of ours; the film begins with the title."""

    stage: Stage
    title: Image.Image
    strips: list[Image.Image]

    def __post_init__(self) -> None:
        self.times = [at for at, _data in self.stage.camera.frames]
        self._base: tuple[tuple[int, int], Image.Image] | None = None

    @property
    def milliseconds(self) -> int:
        return CARD + round(self.stage.steps[-1].end * 1000)

    def state(self, at: int) -> tuple[object, ...]:
        """What the film shows at ``at``: two equal states are one picture."""
        if at < CARD:
            return ("title",)
        seconds = (at - CARD) / 1000
        return (self._frame(seconds), self._step(seconds), self._pointer(seconds), self._ripple(seconds))

    def picture(self, at: int) -> Image.Image:
        if at < CARD:
            return self.title
        seconds = (at - CARD) / 1000
        image = self._page(self._frame(seconds), self._step(seconds)).copy()
        draw = ImageDraw.Draw(image, "RGBA")
        x, y = self._pointer(seconds)
        ripple = self._ripple(seconds)
        if ripple is not None:
            radius = 8 + ripple * 22
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(15, 92, 99, 230), width=4)
        draw.polygon(
            [(x + dx, y + dy) for dx, dy in ARROW], fill=(20, 30, 32, 255), outline=(255, 255, 255, 255), width=2
        )
        return image

    def _page(self, frame: int, step: int) -> Image.Image:
        if self._base is None or self._base[0] != (frame, step):
            page = Image.open(io.BytesIO(self.stage.camera.frames[frame][1])).convert("RGB")
            if page.size != (WIDTH, HEIGHT):
                page = page.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
            image = Image.new("RGB", (WIDTH, FULL_HEIGHT))
            image.paste(page, (0, 0))
            image.paste(self.strips[step], (0, HEIGHT))
            self._base = ((frame, step), image)
        return self._base[1]

    def _frame(self, seconds: float) -> int:
        return max(bisect_right(self.times, seconds) - 1, 0)

    def _step(self, seconds: float) -> int:
        return max(bisect_right([step.start for step in self.stage.steps], seconds) - 1, 0)

    def _pointer(self, seconds: float) -> tuple[int, int]:
        glides = self.stage.glides
        rank = bisect_right([glide.start for glide in glides], seconds) - 1
        if rank < 0:
            x, y = glides[0].origin if glides else self.stage.pointer
        else:
            glide = glides[rank]
            part = min((seconds - glide.start) / (glide.end - glide.start), 1.0)
            eased = part * part * (3 - 2 * part)
            x, y = (start + (end - start) * eased for start, end in zip(glide.origin, glide.target, strict=True))
        return round(x), round(y)

    def _ripple(self, seconds: float) -> float | None:
        """How far the ring of the last click has grown."""
        age = min((seconds - at for at, _place in self.stage.clicks if at <= seconds), default=1.0) * 1000
        return age / RIPPLE if age < RIPPLE else None


def encode(cut: Cut, path: Path) -> None:
    with av.open(str(path), "w", format="webm") as output:
        stream = output.add_stream("libvpx-vp9", rate=Fraction(1000, TICK), options=CODEC)
        stream.width, stream.height, stream.pix_fmt = WIDTH, FULL_HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.codec_context.gop_size = 120
        stream.codec_context.thread_count = 2
        shown: tuple[object, ...] | None = None
        last = cut.milliseconds - cut.milliseconds % TICK
        for at in range(0, last + 1, TICK):
            state = cut.state(at)
            if state == shown and at != last:
                continue
            shown = state
            frame = av.VideoFrame.from_image(cut.picture(at))  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = at, Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
