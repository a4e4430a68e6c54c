"""Search in French over topics: stems by PostgreSQL's dictionary, accents folded, typing errors by the words of all titles."""

from __future__ import annotations

import re
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import F, Q, QuerySet, Value

from ecritoire.directory.addresses import fold
from ecritoire.support.similarity import words_of

from .models import Topic, Word

CONFIG = "french"
READ = 20_000
WORDS = re.compile(rf"\b[a-z][a-z0-9]{{2,{Word.LONGEST - 1}}}\b")
NEAREST = """
SELECT near.text, typed.rank FROM unnest(%s::text[]) WITH ORDINALITY AS typed(text, rank)
CROSS JOIN LATERAL (
    SELECT text FROM forum_word WHERE text %% typed.text ORDER BY similarity(text, typed.text) DESC, text LIMIT 3
) near
"""
FORGET = """
DELETE FROM forum_word WHERE NOT EXISTS (SELECT FROM forum_topic WHERE search_text LIKE '%' || forum_word.text || '%')
"""


def index(topic: Topic) -> None:
    """From the title, the tags and the visible posts."""
    title, tags = fold(topic.title), fold(" ".join(topic.tags))
    said = " ".join(topic.posts.filter(is_hidden=False).values_list("text", flat=True))[:READ]
    vector = (
        SearchVector(Value(title), weight="A", config=CONFIG)
        + SearchVector(Value(tags), weight="B", config=CONFIG)
        + SearchVector(Value(fold(said)), weight="D", config=CONFIG)
    )
    named = f"{title} {tags}".strip()
    Topic.objects.filter(pk=topic.pk).update(search=vector, search_text=named)
    words = [Word(text=word) for word in sorted(set(WORDS.findall(named)))]
    Word.objects.bulk_create(words, ignore_conflicts=True)


def words_forget() -> int:
    """Those of no title any more: a topic that was erased leaves none behind."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        return int(cursor.rowcount)


def matching(topics: QuerySet[Topic], asked: str, *, every_word: bool = True) -> QuerySet[Topic]:
    """Best first. When no topic has the words, those whose title or tags have words spelt nearly like them, the latest first."""
    words = words_of(asked)
    if not words:
        return topics.none()
    join = and_ if every_word else or_
    query = reduce(join, (SearchQuery(word, config=CONFIG) for word in words))
    found = topics.filter(search=query).annotate(score=SearchRank(F("search"), query))
    if found.exists():
        return found.order_by("-score", "-pk")
    near = _nearest(words)
    if not near or (every_word and len(near) < len(words)):
        return topics.none()
    alike = reduce(join, (reduce(or_, (Q(search_text__contains=word) for word in some)) for some in near))
    return topics.filter(alike).order_by("-last_post_at", "-pk")


def _nearest(words: list[str]) -> list[list[str]]:
    """For each word the known ones most like it. The words are few thousand where titles are tens of thousands: comparing the
    typed text with every title took the database ten times as long."""
    near: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, [words])
        for text, rank in cursor.fetchall():
            near.setdefault(rank, []).append(text)
    return list(near.values())
