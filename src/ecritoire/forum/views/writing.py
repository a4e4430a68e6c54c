"""Asking, answering, and what one does with a message."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.requests import AccountRequest
from ecritoire.forum.forms import FlagForm, PostForm, TopicForm
from ecritoire.forum.models import Flag, Post
from ecritoire.forum.selectors import (
    CONDUCT_VERSION,
    is_moderator,
    member_of,
    posts_for,
    sections_for,
    topics_for,
    topics_similar,
    versions_of,
)
from ecritoire.forum.services import (
    ForumRefused,
    answer_accept,
    flag_raise,
    post_delete,
    post_edit,
    section_first,
    ticket_from_topic,
    topic_ask,
    vote_toggle,
)


@login_required
def ask(request: AccountRequest) -> HttpResponse:
    """A question; those that resemble it are shown before it is published."""
    if member_of(request.user).conduct_version < CONDUCT_VERSION:
        return redirect("forum:conduct")
    section_first(organisation=request.user.person.organisation)
    form, similar = TopicForm(request.POST or None, initial={"title": request.GET.get("title", "")[:160]}), []
    form.fields["section"].queryset = sections_for(request.user)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        similar = [] if "seen" in request.POST else topics_similar(request.user, data["title"])
        if not similar:
            try:
                row = topic_ask(
                    section=data["section"],
                    author=request.user,
                    title=data["title"],
                    text=data["text"],
                    tags=data["tags"],
                )
                messages.success(request, _("Question publiée : vous serez prévenu des réponses."))
                return redirect("forum:topic", pk=row.pk)
            except ForumRefused as error:
                form.add_error(None, str(error))
    return render(request, "forum/ask.html", {"form": form, "similar": similar})


@login_required
def edit(request: AccountRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    if post.author_id != request.user.pk and not is_moderator(request.user):
        messages.error(request, _("Ce message n'est pas le vôtre."))
        return redirect("forum:topic", pk=post.topic_id)
    form = PostForm(request.POST or None, initial={"text": post.text})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        return _act(request, post, lambda: post_edit(post=post, editor=request.user, text=text))
    context = {"form": form, "title": _("Modifier le message"), "topic": post.topic, "versions": versions_of(post)}
    return render(request, "forum/form.html", context)


@login_required
@require_POST
def delete(request: AccountRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    gone = post.is_question
    try:
        post_delete(post=post, author=request.user)
        messages.success(request, _("Message supprimé."))
    except ForumRefused as error:
        messages.error(request, str(error))
        gone = False
    return redirect("forum:home") if gone else redirect("forum:topic", pk=post.topic_id)


@login_required
@require_POST
def vote(request: AccountRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    return _act(request, post, lambda: vote_toggle(post=post, account=request.user))


@login_required
@require_POST
def accept(request: AccountRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    return _act(request, post, lambda: answer_accept(post=post, account=request.user))


@login_required
@require_POST
def flag(request: AccountRequest, pk: int) -> HttpResponse:
    post, form = _post(request, pk), FlagForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Dites pourquoi ce message est à examiner."))
        return redirect("forum:topic", pk=post.topic_id)
    reason, text = Flag.Reason(form.cleaned_data["reason"]), form.cleaned_data["text"]
    return _act(request, post, lambda: flag_raise(post=post, account=request.user, reason=reason, text=text))


@login_required
@require_POST
def ticket(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(topics_for(request.user).select_related("author__person", "section__organisation"), pk=pk)
    try:
        made = ticket_from_topic(topic=row, acting_user=request.user)
        messages.success(request, _("Demande %(number)s enregistrée.") % {"number": made.number})
    except ForumRefused as error:
        messages.error(request, str(error))
    return redirect("forum:topic", pk=row.pk)


def _post(request: AccountRequest, pk: int) -> Post:
    rows = posts_for(request.user).select_related("topic__section__organisation", "author__person")
    return get_object_or_404(rows, pk=pk)


def _act(request: AccountRequest, post: Post, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
        messages.success(request, _("C'est fait."))
    except ForumRefused as error:
        messages.error(request, str(error))
    return redirect("forum:post", pk=post.pk)
