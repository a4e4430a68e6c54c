"""Finding an answer: search, topics, articles, the interactive questions, news. Readable before signing in where it is public."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ecritoire.accounts.models import Account
from ecritoire.common.requests import AccountRequest
from ecritoire.directory.models import Organisation
from ecritoire.knowledge.forms import OpinionForm
from ecritoire.knowledge.markdown import page_url
from ecritoire.knowledge.markdown import render as to_html
from ecritoire.knowledge.models import Choice, Film, Topic
from ecritoire.knowledge.selectors import (
    Reader,
    Stranger,
    article_search,
    articles_for,
    articles_of_kind,
    articles_of_topic,
    collections_for,
    crossroad_by_slug,
    most_helpful,
    news_for,
    related_to,
    topics_for,
)
from ecritoire.knowledge.services import opinion_give, query_note

ASKED_LIMIT = 120
SUGGESTED = 4
NEWS_SHOWN = 3
PAGE = 20
START = "depart"
COLLECTIONS = {
    "video": (
        gettext_lazy("Vidéos"),
        gettext_lazy("Moins d'une minute chacune, filmées dans le service, sous-titrées et transcrites."),
    ),
    "graphic": (
        gettext_lazy("Infographies"),
        gettext_lazy("L'essentiel sur une page, à lire ou à imprimer pour la salle des personnels."),
    ),
    "use_case": (gettext_lazy("Cas d'usage"), gettext_lazy("Comment d'autres s'en servent, selon leur métier.")),
}


def reader_of(request: HttpRequest) -> Reader:
    return request.user if request.user.is_authenticated else Stranger(_here(request).pk)


def _here(request: HttpRequest) -> Organisation:
    """The académie whose pages these are."""
    found: Organisation = request.organisation  # type: ignore[attr-defined]
    return found


def _note(request: HttpRequest, asked: str, *, opened: bool = False) -> None:
    if _here(request).pk:
        query_note(asked=asked, organisation=_here(request), opened=opened)


def home(request: HttpRequest) -> HttpResponse:
    """The search, or its results."""
    reader, asked = reader_of(request), request.GET.get("q", "").strip()[:ASKED_LIMIT]
    context: dict[str, object] = {"asked": asked, "start": START}
    if asked:
        _note(request, asked)
        context["found"] = article_search(reader, asked)
        return render(request, "knowledge/results.html", context)
    context |= {"topics": topics_for(reader), "helpful": most_helpful(reader), "news": news_for(reader)[:NEWS_SHOWN]}
    context["collections"] = collections_for(reader)
    return render(request, "knowledge/home.html", context)


def suggest(request: HttpRequest) -> HttpResponse:
    """A few answers while somebody types the subject of a request: a fragment."""
    asked = (request.GET.get("q") or request.GET.get("subject") or "").strip()[:ASKED_LIMIT]
    found = article_search(reader_of(request), asked, SUGGESTED) if asked else []
    return render(request, "knowledge/_suggestions.html", {"found": found, "asked": asked})


def topic(request: HttpRequest, topic: str) -> HttpResponse:
    if topic not in Topic.values:
        raise Http404
    context = {"topic": Topic(topic), "articles": articles_of_topic(reader_of(request), topic)}
    return render(request, "knowledge/topic.html", context)


def article(request: HttpRequest, slug: str) -> HttpResponse:
    reader = reader_of(request)
    row = get_object_or_404(articles_for(reader), slug=slug)
    asked = request.GET.get("q", "").strip()[:ASKED_LIMIT]
    if asked:
        _note(request, asked, opened=True)
    context = {
        "article": row,
        "film": Film.objects.filter(version=row.live_id).first(),
        "body": to_html(row.live.body, _here(request)) if row.live else "",
        "related": related_to(row, reader),
        "opinion": row.opinions.filter(account=reader).first() if isinstance(reader, Account) else None,
        "form": OpinionForm(),
    }
    return render(request, "knowledge/article.html", context)


@login_required
@require_POST
def opinion(request: AccountRequest, slug: str) -> HttpResponse:
    """« Cela m'a aidé » or not; what was missing comes with a second post."""
    row = get_object_or_404(articles_for(request.user), slug=slug)
    form = OpinionForm(request.POST)
    if form.is_valid():
        helped = request.POST.get("helped") == "1"
        opinion_give(article=row, account=request.user, helped=helped, text=form.cleaned_data["text"])
        messages.success(request, _("Merci : cet avis sert à améliorer la page."))
    return redirect("knowledge:article", slug=row.slug)


def collection(request: HttpRequest, kind: str) -> HttpResponse:
    """Everything of one kind: videos, infographics, use cases."""
    page = Paginator(articles_of_kind(reader_of(request), kind), PAGE).get_page(request.GET.get("page"))
    heading, text = COLLECTIONS[kind]
    context = {"page": page, "kind": kind, "heading": heading, "text": text}
    return render(request, "knowledge/collection.html", context)


def crossroad(request: HttpRequest, slug: str = START) -> HttpResponse:
    """One question of the path; choices that lead to what the reader may not see are left out."""
    row = crossroad_by_slug(slug, _here(request))
    if row is None:
        raise Http404
    seen = set(articles_for(reader_of(request)).values_list("pk", flat=True))
    choices = [c for c in row.choices.all() if c.to_article_id is None or c.to_article_id in seen]
    context = {"crossroad": row, "choices": [(c.label, _address(c), c) for c in choices], "start": START}
    return render(request, "knowledge/crossroad.html", context)


def _address(choice: Choice) -> str:
    if choice.to_crossroad:
        return reverse("knowledge:crossroad", args=[choice.to_crossroad.slug])
    if choice.to_article:
        return reverse("knowledge:article", args=[choice.to_article.slug])
    return page_url(choice.page) or reverse("knowledge:home")


def news(request: HttpRequest) -> HttpResponse:
    page = Paginator(news_for(reader_of(request)), PAGE).get_page(request.GET.get("page"))
    return render(request, "knowledge/news.html", {"page": page})
