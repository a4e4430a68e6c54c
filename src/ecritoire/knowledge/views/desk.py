"""The writers' desk: articles, versions, review, publication."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.knowledge.forms import ArticleForm, DeskForm, PublishForm, RefuseForm
from ecritoire.knowledge.markdown import render as to_html
from ecritoire.knowledge.models import Article, ArticleVersion, Film
from ecritoire.knowledge.selectors import (
    DeskFilters,
    articles_written_by,
    desk_list,
    proposals_for,
    version_pending,
)
from ecritoire.knowledge.services import (
    article_change,
    article_create,
    proposal_dismiss,
    proposal_take,
    version_publish,
    version_refuse,
    version_submit,
    withdraw,
)
from ecritoire.knowledge.services.articles import VersionRefused

PAGE = 50


@action_required(Action.KNOWLEDGE_WRITE)
def index(request: AccountRequest) -> HttpResponse:
    form = DeskForm(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    filters = DeskFilters(data.get("q", ""), data.get("kind", ""), data.get("need", ""))
    page = Paginator(desk_list(request.user, filters), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "proposals": proposals_for(request.user)[:10]}
    return render(request, "knowledge/desk/index.html", context)


@action_required(Action.KNOWLEDGE_WRITE)
def create(request: AccountRequest) -> HttpResponse:
    form = ArticleForm(request.POST or None, initial={"kind": Article.Kind.FAQ})
    preview = ""
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            data = form.cleaned_data
            version = article_create(
                kind=Article.Kind(data["kind"]),
                topic=data["topic"],
                text=form.text,
                is_public=data["is_public"],
                organisation=request.user.person.organisation,
                acting_user=request.user,
                review_by=data["review_by"],
            )
            messages.success(request, _("Brouillon enregistré."))
            return redirect("knowledge:desk-article", slug=version.article.slug)
        preview = to_html(form.cleaned_data["body"], request.user.person.organisation)
    return render(request, "knowledge/desk/edit.html", {"form": form, "preview": preview})


@action_required(Action.KNOWLEDGE_WRITE)
def detail(request: AccountRequest, slug: str) -> HttpResponse:
    """Where the article stands: the version that is read, the one that waits, those before, what readers say."""
    row = _own(request, slug)
    pending = version_pending(row)
    shown = row.live or pending or row.versions.first()
    context = {
        "article": row,
        "title": shown.title if shown else row.slug,
        "pending": pending,
        "film": Film.objects.filter(version=pending).select_related("version__article").first() if pending else None,
        "body": to_html(pending.body, request.user.person.organisation) if pending else "",
        "versions": row.versions.all(),
        "opinions": row.opinions.exclude(text="").select_related("account__person").order_by("-updated_at")[:20],
        "may_publish": request.user.may(Action.KNOWLEDGE_PUBLISH),
        "publish_form": PublishForm(),
        "refuse_form": RefuseForm(),
    }
    return render(request, "knowledge/desk/article.html", context)


@action_required(Action.KNOWLEDGE_WRITE)
def edit(request: AccountRequest, slug: str) -> HttpResponse:
    row = _own(request, slug)
    if row.kind == Article.Kind.VIDEO:
        return redirect("knowledge:film-edit", slug=slug)
    source = version_pending(row) or _version(row, request.GET.get("version")) or row.live
    initial = {name: getattr(source, name, "") for name in ("title", "summary", "keywords", "body")}
    initial |= {"kind": row.kind, "topic": row.topic, "is_public": row.is_public, "review_by": row.review_by}
    form, preview = ArticleForm(request.POST or None, initial=initial), ""
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            values = {name: form.cleaned_data[name] for name in ("kind", "topic", "is_public", "review_by")}
            article_change(article=row, text=form.text, acting_user=request.user, **values)
            messages.success(request, _("Brouillon enregistré : la version en ligne n'a pas changé."))
            return redirect("knowledge:desk-article", slug=row.slug)
        preview = to_html(form.cleaned_data["body"], request.user.person.organisation)
    return render(request, "knowledge/desk/edit.html", {"form": form, "article": row, "preview": preview})


def _version(article: Article, number: str | None) -> ArticleVersion | None:
    return article.versions.filter(number=int(number)).first() if number and number.isdecimal() else None


@action_required(Action.KNOWLEDGE_WRITE)
@require_POST
def submit(request: AccountRequest, slug: str) -> HttpResponse:
    return _act(request, slug, lambda version: version_submit(version=version, acting_user=request.user))


@action_required(Action.KNOWLEDGE_PUBLISH)
@require_POST
def publish(request: AccountRequest, slug: str) -> HttpResponse:
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["at"])))
        return redirect("knowledge:desk-article", slug=slug)
    at = form.cleaned_data["at"]
    return _act(request, slug, lambda version: version_publish(version=version, acting_user=request.user, at=at))


@action_required(Action.KNOWLEDGE_PUBLISH)
@require_POST
def refuse(request: AccountRequest, slug: str) -> HttpResponse:
    form = RefuseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Dites ce qu'il faut reprendre."))
        return redirect("knowledge:desk-article", slug=slug)
    note = form.cleaned_data["note"]
    return _act(request, slug, lambda version: version_refuse(version=version, note=note, acting_user=request.user))


@action_required(Action.KNOWLEDGE_PUBLISH)
@require_POST
def hide(request: AccountRequest, slug: str) -> HttpResponse:
    withdraw(article=_own(request, slug), acting_user=request.user)
    messages.success(request, _("Article retiré : les lecteurs ne le voient plus."))
    return redirect("knowledge:desk-article", slug=slug)


def _act(request: AccountRequest, slug: str, act: Callable[[ArticleVersion], None]) -> HttpResponse:
    version = version_pending(_own(request, slug))
    try:
        if version is None:
            raise VersionRefused
        act(version)
        messages.success(request, _("C'est fait."))
    except VersionRefused:
        messages.error(request, _("Cette version a changé entre-temps : regardez où elle en est."))
    return redirect("knowledge:desk-article", slug=slug)


@action_required(Action.KNOWLEDGE_WRITE)
@require_POST
def proposal(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(proposals_for(request.user), pk=pk)
    if request.POST.get("act") == "take":
        version = proposal_take(proposal=row, acting_user=request.user)
        return redirect("knowledge:desk-edit", slug=version.article.slug)
    proposal_dismiss(proposal=row, acting_user=request.user)
    messages.success(request, _("Proposition écartée."))
    return redirect("knowledge:desk")


def _own(request: AccountRequest, slug: str) -> Article:
    return get_object_or_404(articles_written_by(request.user).select_related("live"), slug=slug)
