"""The moderators' desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.forum.forms import SectionForm, SplitForm
from ecritoire.forum.models import Post, Topic
from ecritoire.forum.selectors import (
    answers_of,
    flags_for,
    posts_for,
    sections_for,
    sections_with_counts,
    suspended_members,
    topics_for,
)
from ecritoire.forum.services import (
    ForumRefused,
    flag_decide,
    member_suspend,
    section_save,
    topic_merge,
    topic_set,
    topic_split,
    topic_to_article,
)
from ecritoire.forum.services.moderation import post_hide

SHOWN = 50
SPLIT_SHOWN = 200
SUSPENSION = 30
SWITCHES = {
    "lock": {"is_locked": True},
    "unlock": {"is_locked": False},
    "pin": {"is_pinned": True},
    "unpin": {"is_pinned": False},
    "hide": {"is_hidden": True},
    "show": {"is_hidden": False},
}


@action_required(Action.FORUM_MODERATE)
def index(request: AccountRequest) -> HttpResponse:
    context = {
        "flags": flags_for(request.user)[:SHOWN],
        "sections": sections_with_counts(request.user),
        "suspended": suspended_members(request.user)[:SHOWN],
    }
    return render(request, "forum/desk/index.html", context)


@action_required(Action.FORUM_MODERATE)
@require_POST
def decide(request: AccountRequest, pk: int) -> HttpResponse:
    flag = get_object_or_404(flags_for(request.user), pk=pk)
    flag_decide(flag=flag, hide=request.POST.get("act") == "hide", acting_user=request.user)
    messages.success(request, _("C'est fait."))
    return redirect("forum:desk")


@action_required(Action.FORUM_MODERATE)
@require_POST
def moderate(request: AccountRequest, pk: int) -> HttpResponse:
    """Lock, pin, hide, move, merge, make a frequent question."""
    row = get_object_or_404(topics_for(request.user).select_related("section__organisation", "accepted"), pk=pk)
    shown = row.pk
    try:
        shown = _carry_out(request, row, request.POST.get("act", ""))
        messages.success(request, _("C'est fait."))
    except ForumRefused as error:
        messages.error(request, str(error))
    return redirect("forum:topic", pk=shown)


def _carry_out(request: AccountRequest, row: Topic, act: str) -> int:
    """The key of the topic to show then."""
    if act in SWITCHES:
        topic_set(topic=row, acting_user=request.user, **SWITCHES[act])
    elif act == "move":
        section = get_object_or_404(sections_for(request.user), pk=_key(request, "section"))
        topic_set(topic=row, acting_user=request.user, section=section)
    elif act == "merge":
        into = topics_for(request.user).filter(pk=_key(request, "into")).select_related("section__organisation").first()
        if into is None:
            raise ForumRefused(_("Aucun sujet n'a ce numéro."))
        topic_merge(topic=row, into=into, acting_user=request.user)
        return into.pk
    elif act == "article":
        topic_to_article(topic=row, acting_user=request.user)
    else:
        raise ForumRefused(_("Choisissez ce qu'il faut faire."))
    return row.pk


@action_required(Action.FORUM_MODERATE)
@require_POST
def post(request: AccountRequest, pk: int) -> HttpResponse:
    """Hide or show a message, suspend its author or let them write again."""
    rows = posts_for(request.user).select_related("topic__section__organisation", "author__person")
    row, act = get_object_or_404(rows, pk=pk), request.POST.get("act", "")
    if act in {"hide", "show"}:
        post_hide(post=row, hidden=act == "hide", acting_user=request.user)
    elif act in {"suspend", "release"} and row.author and row.author != request.user:
        member_suspend(account=row.author, days=SUSPENSION if act == "suspend" else 0, acting_user=request.user)
    else:
        messages.error(request, _("Choisissez ce qu'il faut faire."))
        return redirect("forum:post", pk=row.pk)
    messages.success(request, _("C'est fait."))
    return redirect("forum:post", pk=row.pk)


@action_required(Action.FORUM_MODERATE)
def section(request: AccountRequest, pk: int | None = None) -> HttpResponse:
    row = get_object_or_404(sections_for(request.user), pk=pk) if pk else None
    names = ("name", "description", "order", "categories")
    form = SectionForm(request.POST or None, initial={name: getattr(row, name) for name in names} if row else None)
    if request.method == "POST" and form.is_valid():
        here = request.user.person.organisation
        same = sections_for(request.user).filter(name=form.cleaned_data["name"])
        if same.exclude(pk=row.pk if row else 0).exists():
            form.add_error("name", _("Une section porte déjà ce nom."))
        else:
            section_save(section=row, organisation=here, acting_user=request.user, **form.cleaned_data)
            messages.success(request, _("Section enregistrée."))
            return redirect("forum:desk")
    title = _("Modifier la section") if row else _("Nouvelle section")
    return render(request, "forum/form.html", {"form": form, "title": title, "back": "forum:desk"})


@action_required(Action.FORUM_MODERATE)
def split(request: AccountRequest, pk: int) -> HttpResponse:
    """Chosen answers become a topic of their own."""
    row = get_object_or_404(topics_for(request.user).select_related("section__organisation"), pk=pk)
    answers = list(answers_of(row)[: SPLIT_SHOWN + 1])
    form = SplitForm(request.POST or None)
    form.fields["posts"].choices = [(post.pk, _line(post)) for post in answers[:SPLIT_SHOWN]]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = topic_split(
                topic=row, posts=[int(key) for key in data["posts"]], title=data["title"], acting_user=request.user
            )
            messages.success(request, _("Le nouveau sujet est prêt."))
            return redirect("forum:topic", pk=made.pk)
        except ForumRefused as error:
            form.add_error("posts", str(error))
    context = {"form": form, "topic": row, "more": len(answers) > SPLIT_SHOWN, "answers": answers}
    return render(request, "forum/desk/split.html", context)


def _line(post: Post) -> str:
    """Whose, when, and how it begins."""
    who = post.author.display_name if post.author else _("ancien membre")
    when = date_format(localtime(post.created_at), "j F Y H:i")
    hidden = f" ({_('masqué')})" if post.is_hidden else ""
    return f"{who}, {when}{hidden} – {Truncator(post.text).words(25)}"


def _key(request: AccountRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0  # noqa: PLR2004 - digits of a key
