"""The help that comes with the software: ``content/``. Guides are Markdown files with TOML between ``+++`` lines, questions and
guided questions TOML files."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from ecritoire.knowledge.models import Article, Crossroad

from .articles import Text, version_publish, version_save
from .paths import ChoiceSaid, crossroad_save

CONTENT = Path(__file__).resolve().parent.parent / "content"
FENCE = "+++"


@dataclass(frozen=True)
class Shipped:
    """One article as delivered."""

    slug: str
    kind: str
    topic: str
    is_public: bool
    related: tuple[str, ...]
    text: Text

    @property
    def digest(self) -> str:
        fields = [self.kind, self.topic, self.is_public, *vars(self.text).values()]
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


def shipped_articles(folder: Path = CONTENT) -> Iterator[Shipped]:
    """Every article of ``folder``. Raises KeyError or TOMLDecodeError for content at fault: its own tests read it."""
    for path in sorted((folder / "guides").glob("*.md")):
        _empty, head, body = path.read_text(encoding="utf-8").split(FENCE, 2)
        yield _shipped(path.stem, tomllib.loads(head), body.strip())
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
    version_publish(version=version_save(article=row, text=item.text, acting_user=None), acting_user=None)
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
