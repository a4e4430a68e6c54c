"""What a scene is played with: steps that are told, a pointer that is seen, hands that type at a human pace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

from .camera import Camera

READ_CHARACTERS = 17  # a second, for subtitles that everybody can follow
SHORTEST, GLIDE, BREATH = 2.2, 0.55, 0.3  # seconds
KEY_MILLISECONDS = 38


@dataclass
class Step:
    """``text`` is told in French, ``english`` beside it; ``shown`` is when what it does is seen done."""

    text: str
    english: str
    start: float
    end: float = 0.0
    shown: float = 0.0
    is_poster: bool = False


@dataclass(frozen=True)
class Glide:
    start: float
    end: float
    origin: tuple[float, float]
    target: tuple[float, float]


@dataclass
class Stage:
    page: Page
    camera: Camera
    steps: list[Step] = field(default_factory=list)
    glides: list[Glide] = field(default_factory=list)
    clicks: list[tuple[float, tuple[float, float]]] = field(default_factory=list)
    pointer: tuple[float, float] = (900.0, 420.0)

    @contextmanager
    def step(self, text: str, english: str, *, poster: bool = False) -> Iterator[None]:
        """Lasts as long as what happens in it, and as long as it takes to read."""
        step = Step(text, english, self.camera.now(), is_poster=poster)
        self.steps.append(step)
        yield
        step.shown = step.shown or self.camera.now()
        self.read()
        step.end = self.camera.now()

    def read(self) -> None:
        """Leave the time to read the step; call it before what would change the page under the reader's eyes."""
        step = self.steps[-1]
        longest = max(len(step.text), len(step.english)) / READ_CHARACTERS
        self.wait(max(BREATH, step.start + max(SHORTEST, longest) - self.camera.now()))

    def wait(self, seconds: float) -> None:
        self.page.wait_for_timeout(seconds * 1000)

    def point(self, target: Locator) -> tuple[float, float]:
        """Bring the pointer over it, in sight."""
        target.wait_for()
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        if box is None:
            raise LookupError(f"{target} is not on the page")
        place = (box["x"] + min(box["width"] / 2, 180), box["y"] + box["height"] / 2)
        start = self.camera.now()
        self.glides.append(Glide(start, start + GLIDE, self.pointer, place))
        self.wait(GLIDE)
        self.page.mouse.move(*place)
        self.pointer = place
        return place

    def click(self, target: Locator) -> None:
        place = self.point(target)
        self.clicks.append((self.camera.now(), place))
        self.wait(0.15)
        self.page.mouse.click(*place)
        self.page.wait_for_load_state()
        self.wait(BREATH)

    def press(self, name: str) -> None:
        """What ends a step: by then it has been read."""
        self.read()
        self.steps[-1].shown = self.camera.now()
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str) -> None:
        self.read()
        self.click(self.page.get_by_role("link", name=name, exact=True).first)

    def fill(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        self.click(field)
        field.press_sequentially(text, delay=KEY_MILLISECONDS)
        self.wait(BREATH)

    def choose_value(self, selector: str, value: str) -> None:
        """A list drops down outside the page, where no camera looks: the choice is shown once made."""
        field = self.page.locator(selector)
        self.point(field)
        field.select_option(value)
        self.wait(BREATH * 2)

    def tick(self, label: str) -> None:
        self.click(self.page.get_by_label(label))
