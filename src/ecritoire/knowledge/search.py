"""Search in French: stems and accents by PostgreSQL's own dictionary, typing errors by trigrams."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from ecritoire.directory.addresses import fold
from ecritoire.support.similarity import words_of

from .models import Article, ArticleVersion

CONFIG = "french"
LIMIT = 12
ALIKE = 0.55
GOES_WITH = (Article.Kind.VIDEO, Article.Kind.GRAPHIC, Article.Kind.USE_CASE)


def index(article: Article, version: ArticleVersion, text: str) -> None:
    """Bring the article's search up to date with ``version``, whose plain text is ``text``."""
    title, keywords = fold(f"{version.title}"), fold(f"{version.keywords} {version.summary}")
    vector = (
        SearchVector(Value(title), weight="A", config=CONFIG)
        + SearchVector(Value(keywords), weight="B", config=CONFIG)
        + SearchVector(Value(fold(text)), weight="D", config=CONFIG)
    )
    Article.objects.filter(pk=article.pk).update(search=vector, search_text=f"{title} {keywords}"[:2000])


def matching(articles: QuerySet[Article], asked: str) -> QuerySet[Article]:
    """Those of ``articles`` that answer, best first; none for a question without words."""
    words = words_of(asked)
    if not words:
        return articles.none()
    query = reduce(or_, (SearchQuery(word, config=CONFIG) for word in words))
    alike = TrigramWordSimilarity(" ".join(words), "search_text")
    near = reduce(or_, (Q(search_text__trigram_word_similar=word) for word in words if len(word) > 3), Q(pk=None))  # noqa: PLR2004
    scored = articles.annotate(
        rank=Coalesce(SearchRank(F("search"), query), Value(0.0), output_field=FloatField()), alike=alike
    )
    found = scored.filter(Q(search=query) | Q(alike__gte=ALIKE) | near)
    # What the title says counts once more: of two pages that name it, the one about it comes first.
    titled = TrigramWordSimilarity(" ".join(words), "live__title")
    # A film or a picture goes with a text that says more: it comes after it.
    weight = Case(When(kind__in=GOES_WITH, then=Value(0.7)), default=Value(1.0))
    return found.annotate(score=(F("rank") * 2 + F("alike") + titled / 3) * weight).order_by("-score", "-pk")
