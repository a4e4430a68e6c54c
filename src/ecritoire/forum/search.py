"""Search in French over topics: stems by PostgreSQL's dictionary, accents folded, typing errors in titles by trigrams."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import F, QuerySet, Value

from ecritoire.directory.addresses import fold
from ecritoire.support.similarity import words_of

from .models import Topic

CONFIG = "french"
ALIKE = 0.5
READ = 20_000


def index(topic: Topic) -> None:
    """From the title, the tags and the visible posts."""
    title = fold(topic.title)
    said = " ".join(topic.posts.filter(is_hidden=False).values_list("text", flat=True))[:READ]
    vector = (
        SearchVector(Value(title), weight="A", config=CONFIG)
        + SearchVector(Value(fold(" ".join(topic.tags))), weight="B", config=CONFIG)
        + SearchVector(Value(fold(said)), weight="D", config=CONFIG)
    )
    Topic.objects.filter(pk=topic.pk).update(search=vector, search_text=title)


def matching(topics: QuerySet[Topic], asked: str, *, every_word: bool = True) -> QuerySet[Topic]:
    """Best first. When no topic has the words, those whose title looks like them."""
    words = words_of(asked)
    if not words:
        return topics.none()
    query = reduce(and_ if every_word else or_, (SearchQuery(word, config=CONFIG) for word in words))
    found = topics.filter(search=query).annotate(score=SearchRank(F("search"), query))
    if found.exists():
        return found.order_by("-score", "-pk")
    alike = topics.annotate(score=TrigramWordSimilarity(" ".join(words), "search_text"))
    return alike.filter(search_text__trigram_word_similar=" ".join(words), score__gte=ALIKE).order_by("-score", "-pk")
