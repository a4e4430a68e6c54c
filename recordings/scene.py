"""What a film is about, and the files it becomes beside ``knowledge/content/videos``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .cast import Cast
from .film import CARD
from .stage import Stage, Step


@dataclass(frozen=True)
class Scene:
    slug: str
    title: str
    english: str
    topic: str
    summary: str
    keywords: str
    related: tuple[str, ...]
    play: Callable[[Stage, Cast], None]


def write_words(scene: Scene, steps: Sequence[Step], milliseconds: int, folder: Path) -> None:
    """Captions and transcripts, from the steps as they were played."""
    for language, title, words in (
        ("fr", scene.title, [step.text for step in steps]),
        ("en", scene.english, [step.english for step in steps]),
    ):
        (folder / f"{scene.slug}.{language}.vtt").write_text(_vtt(title, words, steps, milliseconds), encoding="utf-8")
    told = [f"{scene.english}.", *(f"{rank}. {step.english}" for rank, step in enumerate(steps, start=1))]
    (folder / f"{scene.slug}.en.txt").write_text("\n\n".join(told) + "\n", encoding="utf-8")
    (folder / f"{scene.slug}.md").write_text(_page(scene, steps), encoding="utf-8")


def _vtt(title: str, words: Sequence[str], steps: Sequence[Step], milliseconds: int) -> str:
    starts = [0, *(CARD + round(step.start * 1000) for step in steps)]
    ends = [*starts[1:], milliseconds]
    cues = zip([title, *words], starts, ends, strict=True)
    return "WEBVTT\n" + "".join(f"\n{_time(start)} --> {_time(end)}\n{text}\n" for text, start, end in cues)


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 60:02}:{seconds % 60:02}.{rest:03}"


def _page(scene: Scene, steps: Sequence[Step]) -> str:
    """As the other articles delivered with the software: TOML, then Markdown."""
    head = {
        "title": scene.title,
        "topic": scene.topic,
        "summary": scene.summary,
        "keywords": scene.keywords,
        "public": True,
        "related": list(scene.related),
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    told = [f"{rank}. {step.text}" for rank, step in enumerate(steps, start=1)]
    return "\n".join(["+++", *lines, "+++", *told, ""])
