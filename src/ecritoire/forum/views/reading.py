"""Finding and reading."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecritoire.common.requests import AccountRequest
from ecritoire.forum.forms import FlagForm, PostForm
from ecritoire.forum.models import Follow, Section, Subscription, Topic
from ecritoire.forum.selectors import (
    CONDUCT_VERSION,
    POSTS,
    Filters,
    badge_of,
    became_of,
    is_moderator,
    member_of,
    post_url,
    posts_for,
    posts_of,
    sections_with_counts,
    topic_list,
    topics_for,
    topics_similar,
)
from ecritoire.forum.selectors_following import notices_for
from ecritoire.forum.services import ForumRefused, answer_write, conduct_accept, notices_clear
from ecritoire.knowledge.markdown import render as to_html

PAGE = 25
ORDERS = [
    ("recent", gettext_lazy("Récents")),
    ("unanswered", gettext_lazy("Sans réponse")),
    ("popular", gettext_lazy("Les plus utiles")),
    ("mine", gettext_lazy("Suivis")),
]


@login_required
def home(request: AccountRequest) -> HttpResponse:
    given = request.GET
    filters = Filters(
        given.get("q", "").replace("\0", "").strip()[:120],
        given.get("section", "")[:9],
        given.get("tag", "").replace("\0", "")[:30],
        given.get("order", "recent"),
    )
    sections = list(sections_with_counts(request.user))
    unread = notices_for(request.user).count()
    context = {
        "sections": sections,
        "filters": filters,
        "page": Paginator(topic_list(request.user, filters), PAGE).get_page(given.get("page")),
        "orders": [*ORDERS, ("unread", _("À lire (%(count)s)") % {"count": unread})] if unread else ORDERS,
        "unread": unread,
    } | _place(request, filters, sections)
    return render(request, "forum/home.html", context)


def _place(request: AccountRequest, filters: Filters, sections: list[Section]) -> dict[str, object]:
    """The section or the tag whose page this is, and whether its new topics are told to the reader."""
    section = next((row for row in sections if str(row.pk) == filters.section), None)
    mine = Follow.objects.filter(account=request.user)
    return {
        "section": section,
        "section_followed": section is not None and mine.filter(section=section).exists(),
        "tag_followed": bool(filters.tag) and mine.filter(tag=filters.tag.lower()).exists(),
    }


@login_required
def topic(request: AccountRequest, pk: int) -> HttpResponse:
    """The topic and, below, the form to answer."""
    rows = topics_for(request.user).select_related("section", "author__person", "article", "ticket")
    row = get_object_or_404(rows.defer("search", "search_text"), pk=pk)
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = answer_write(topic=row, author=request.user, text=form.cleaned_data["text"])
            messages.success(request, _("Réponse publiée."))
            return redirect(post_url(said, request.user))
        except ForumRefused as error:
            form.add_error(None, str(error))
    notices_clear(account=request.user, topic=row)
    return render(request, "forum/topic.html", _topic_context(request, row, form))


def _topic_context(request: AccountRequest, row: Topic, form: PostForm) -> dict[str, object]:
    page = Paginator(posts_of(row, request.user), POSTS).get_page(request.GET.get("page"))
    here = request.user.person.organisation
    return {
        "topic": row,
        "page": page,
        "said": [(post, to_html(post.text, here), badge_of(post.author)) for post in page],
        "form": form,
        "followed": Subscription.objects.filter(topic=row, account=request.user).exists(),
        "member": member_of(request.user),
        "conduct_version": CONDUCT_VERSION,
        "moderator": is_moderator(request.user),
        "sections": sections_with_counts(request.user) if is_moderator(request.user) else [],
        "flag_form": FlagForm(),
        "became": became_of(row, request.user),
    }


@login_required
def post(request: AccountRequest, pk: int) -> HttpResponse:
    """Where it is read: the right page of its topic."""
    row = get_object_or_404(posts_for(request.user).select_related("topic"), pk=pk)
    return redirect(post_url(row, request.user))


@login_required
def similar(request: AccountRequest) -> HttpResponse:
    """While a title is typed: what was asked already."""
    found = topics_similar(request.user, request.GET.get("title", "").replace("\0", "")[:160])
    return render(request, "forum/_similar.html", {"similar": found})


@login_required
def conduct(request: AccountRequest) -> HttpResponse:
    member = member_of(request.user)
    if request.method == "POST":
        conduct_accept(account=request.user)
        messages.success(request, _("Merci : vous pouvez écrire sur le forum."))
        return redirect("forum:home")
    accepted = member.conduct_version >= CONDUCT_VERSION
    return render(request, "forum/conduct.html", {"accepted": accepted, "version": CONDUCT_VERSION})
