"""Finding and reading; one's own settings."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from ecritoire.common.requests import AccountRequest
from ecritoire.forum.forms import FlagForm, PostForm, SettingsForm
from ecritoire.forum.models import Member, Subscription, Topic
from ecritoire.forum.selectors import (
    CONDUCT_VERSION,
    Filters,
    badge_of,
    is_moderator,
    member_of,
    posts_of,
    sections_with_counts,
    topic_list,
    topics_for,
    topics_similar,
)
from ecritoire.forum.services import ForumRefused, answer_write, conduct_accept, member_set
from ecritoire.forum.tasks import SALT
from ecritoire.knowledge.markdown import render as to_html

PAGE = 25
POSTS = 30


@login_required
def home(request: AccountRequest) -> HttpResponse:
    given = request.GET
    filters = Filters(
        given.get("q", "").replace("\0", "").strip()[:120],
        given.get("section", "")[:9],
        given.get("tag", "").replace("\0", "")[:30],
        given.get("order", "recent"),
    )
    context = {
        "sections": sections_with_counts(request.user),
        "filters": filters,
        "page": Paginator(topic_list(request.user, filters), PAGE).get_page(given.get("page")),
        "orders": [
            ("recent", _("Récents")),
            ("unanswered", _("Sans réponse")),
            ("popular", _("Les plus utiles")),
            ("mine", _("Suivis")),
        ],
    }
    return render(request, "forum/home.html", context)


@login_required
def topic(request: AccountRequest, pk: int) -> HttpResponse:
    """The topic and, below, the form to answer."""
    rows = topics_for(request.user).select_related("section", "author__person", "article", "ticket")
    row = get_object_or_404(rows.defer("search", "search_text"), pk=pk)
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_write(topic=row, author=request.user, text=form.cleaned_data["text"])
            messages.success(request, _("Réponse publiée."))
            return redirect("forum:topic", pk=row.pk)
        except ForumRefused as error:
            form.add_error(None, str(error))
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
    }


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


@login_required
def settings(request: AccountRequest) -> HttpResponse:
    member = member_of(request.user)
    initial = {"notify": member.notify, "shows_function": member.shows_function}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        member_set(account=request.user, notify=Member.Notify(data["notify"]), shows_function=data["shows_function"])
        messages.success(request, _("Réglages enregistrés."))
        return redirect("forum:home")
    return render(request, "forum/form.html", {"form": form, "title": _("Réglages du forum")})


@csrf_exempt  # RFC 8058: a mail program posts here, without cookies; the signed token is the proof
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        topic_id, account_id = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    if request.method == "POST":
        Subscription.objects.filter(topic=topic_id, account=account_id).delete()
    return render(request, "forum/unsubscribe.html", {"done": request.method == "POST"})
