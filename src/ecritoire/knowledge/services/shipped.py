"""The help that comes with the software: ``content/``. Guides are Markdown files with TOML between ``+++`` lines, questions and
guided questions TOML files. A video is such a Markdown file (its transcript) beside the film, its poster, its captions and its other transcript."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from ecritoire.knowledge.models import Article, Crossroad

from .articles import Text, version_publish, version_save
from .films import Reel, reel_keep, video_save, with_poster
from .paths import ChoiceSaid, crossroad_save

CONTENT = Path(__file__).resolve().parent.parent / "content"
FENCE = "+++"
FOLDERS = {"guides": "guide", "videos": "video", "graphics": "graphic", "use_cases": "use_case", "releases": "release"}


@dataclass(frozen=True)
class ShippedFilm:
    """The files of a video as delivered: ``<stem>.webm``, ``.webp``, ``.fr.vtt``, ``.en.vtt``, ``.en.txt``."""

    stem: Path

    @property
    def digest(self) -> str:
        return hashlib.sha256(
            b"".join(self.read(end) for end in ("webm", "webp", "fr.vtt", "en.vtt", "en.txt"))
        ).hexdigest()

    def read(self, end: str) -> bytes:
        return self.path(end).read_bytes()

    def path(self, end: str) -> Path:
        return self.stem.with_name(f"{self.stem.name}.{end}")

    def keep(self) -> Reel:
        with self.path("webm").open("rb") as film, self.path("webp").open("rb") as poster:
            reel = with_poster(reel_keep(film), poster, "image/webp")
        return replace(
            reel,
            captions_fr=self.read("fr.vtt").decode(),
            captions_en=self.read("en.vtt").decode(),
            transcript_en=self.read("en.txt").decode(),
        )


@dataclass(frozen=True)
class Shipped:
    """One article as delivered."""

    slug: str
    kind: str
    topic: str
    is_public: bool
    related: tuple[str, ...]
    text: Text
    film: ShippedFilm | None = None

    @property
    def digest(self) -> str:
        fields = [self.kind, self.topic, self.is_public, *vars(self.text).values()]
        if self.film:
            fields.append(self.film.digest)
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


def shipped_articles(folder: Path = CONTENT) -> Iterator[Shipped]:
    """Every article of ``folder``. Raises KeyError or TOMLDecodeError for content at fault: its own tests read it."""
    for name, kind in FOLDERS.items():
        for path in sorted((folder / name).glob("*.md")):
            _empty, head, body = path.read_text(encoding="utf-8").split(FENCE, 2)
            item = _shipped(path.stem, {"kind": kind, **tomllib.loads(head)}, body.strip())
            yield replace(item, film=ShippedFilm(path.with_suffix(""))) if kind == "video" else item
    for path in sorted((folder / "faq").glob("*.toml")):
        topic = path.stem
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["question"]:
            yield _shipped(entry["slug"], {"kind": "faq", "topic": topic, **entry}, entry["answer"].strip())


def _shipped(slug: str, head: dict[str, Any], body: str) -> Shipped:
    text = Text(title=head["title"], body=body, summary=head.get("summary", ""), keywords=head.get("keywords", ""))
    kind, related = head.get("kind", "guide"), tuple(head.get("related", ()))
    return Shipped(slug, kind, head["topic"], head.get("public", False), related, text)


def shipped_load() -> dict[str, int]:
    """Create what is missing, renew what nobody has rewritten; returns counts. A second run changes nothing."""
    counts: Counter[str] = Counter(created=0, renewed=0, kept=0, unchanged=0)
    with transaction.atomic():
        known = {row.slug: row for row in Article.objects.select_related("live")}
        shipped = list(shipped_articles())
        for item in shipped:
            counts[_load(item, known)] += 1
        _relate(shipped, known)
        if not Crossroad.objects.exists():
            _paths_load()
    return dict(counts)


def _load(item: Shipped, known: dict[str, Article]) -> str:
    row = known.get(item.slug)
    if row is None:
        row = Article.objects.create(slug=item.slug, kind=item.kind, topic=item.topic, is_public=item.is_public)
        known[item.slug] = row
        done = "created"
    elif row.shipped_digest == item.digest:
        return "unchanged"
    elif _rewritten(row):
        return "kept"
    else:
        done = "renewed"
    row.kind, row.topic, row.is_public, row.shipped_digest = item.kind, item.topic, item.is_public, item.digest
    row.save(update_fields=["kind", "topic", "is_public", "shipped_digest", "updated_at"])
    if item.film:
        version = video_save(article=row, text=item.text, reel=item.film.keep(), acting_user=None)
    else:
        version = version_save(article=row, text=item.text, acting_user=None)
    version_publish(version=version, acting_user=None)
    return done


def _rewritten(row: Article) -> bool:
    """Somebody here has written a version, or withdrawn the article."""
    return row.live is None or row.versions.exclude(author_login="system").exists()


def _relate(shipped: list[Shipped], known: dict[str, Article]) -> None:
    for item in shipped:
        wanted = {known[slug].pk for slug in item.related}
        have = set(known[item.slug].related.values_list("pk", flat=True)) if wanted else set()
        if wanted - have:
            known[item.slug].related.add(*(wanted - have))


def _paths_load() -> None:
    """Crossroads first, then their choices, since they lead to each other."""
    rows = tomllib.loads((CONTENT / "paths.toml").read_text(encoding="utf-8"))["crossroad"]
    made = {r["slug"]: Crossroad.objects.create(slug=r["slug"], question=r["question"]) for r in rows}
    for row in rows:
        said = [ChoiceSaid(**choice) for choice in row["choice"]]
        crossroad_save(
            crossroad=made[row["slug"]],
            organisation=None,
            slug=row["slug"],
            question=row["question"],
            hint=row.get("hint", ""),
            choices=said,
            acting_user=None,
        )
