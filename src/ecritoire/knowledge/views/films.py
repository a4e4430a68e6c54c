"""Videos: the page where a writer sends one, and the parts a player asks for."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.knowledge.film_forms import FilmForm
from ecritoire.knowledge.models import Article
from ecritoire.knowledge.selectors import articles_written_by, film_for, version_pending
from ecritoire.knowledge.services.films import reel_of, video_change, video_create

from .reading import reader_of

CAPTIONS = {"fr.vtt": "captions_fr", "en.vtt": "captions_en"}
KEPT_SECONDS = 7 * 24 * 3600


@action_required(Action.KNOWLEDGE_WRITE)
def create(request: AccountRequest) -> HttpResponse:
    form = FilmForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        version = video_create(
            topic=data["topic"],
            text=form.text,
            reel=form.reel(),
            is_public=data["is_public"],
            organisation=request.user.person.organisation,
            acting_user=request.user,
            review_by=data["review_by"],
        )
        messages.success(request, _("Brouillon enregistré."))
        return redirect("knowledge:desk-article", slug=version.article.slug)
    return render(request, "knowledge/desk/film.html", {"form": form})


@action_required(Action.KNOWLEDGE_WRITE)
def edit(request: AccountRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(articles_written_by(request.user), slug=slug, kind=Article.Kind.VIDEO)
    source = version_pending(row) or row.live or row.versions.first()
    now = reel_of(source) if source else None
    initial = {name: getattr(source, name, "") for name in ("title", "summary", "keywords", "body")}
    initial |= {"topic": row.topic, "is_public": row.is_public, "review_by": row.review_by}
    initial["transcript_en"] = now.transcript_en if now else ""
    form = FilmForm(request.POST or None, request.FILES or None, initial=initial, now=now)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("topic", "is_public", "review_by")}
        video_change(article=row, text=form.text, reel=form.reel(), acting_user=request.user, **values)
        messages.success(request, _("Brouillon enregistré : la version en ligne n'a pas changé."))
        return redirect("knowledge:desk-article", slug=row.slug)
    return render(request, "knowledge/desk/film.html", {"form": form, "article": row, "now": now})


@require_safe
def part(request: HttpRequest, slug: str, version: int, part: str) -> HttpResponse:
    """The film, its poster or its captions, to whoever may read the page. nginx sends the files, in ranges."""
    film = film_for(reader_of(request), slug, version)
    if film is None:
        raise Http404
    if part in CAPTIONS:
        response = HttpResponse(getattr(film, CAPTIONS[part]), content_type="text/vtt; charset=utf-8")
    elif part == "film":
        response = _from_disk(film.digest, film.media_type)
    elif part == "affiche" and film.poster:
        response = _from_disk(film.poster, film.poster_type)
    else:
        raise Http404
    # A published version never changes; a draft may, under the same address.
    kept = f"private, max-age={KEPT_SECONDS}, immutable" if not film.version.is_open else "private, no-cache"
    response["Cache-Control"] = kept
    return response


def _from_disk(digest: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content_type=content_type)
    response["X-Accel-Redirect"] = f"/interne/films/{digest}"
    return response
