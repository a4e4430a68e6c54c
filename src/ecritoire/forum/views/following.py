"""One's own settings: what one is told of, and how; the link at the foot of each message."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ecritoire.common.requests import AccountRequest
from ecritoire.forum.forms import SettingsForm
from ecritoire.forum.messages import unsubscribe_read
from ecritoire.forum.models import Follow, Member, Section
from ecritoire.forum.selectors import member_of, sections_for, topics_for
from ecritoire.forum.selectors_following import follows_of, topics_followed
from ecritoire.forum.services import (
    ForumRefused,
    follow_set,
    member_set,
    notices_clear,
    subscription_set,
    told_leave,
)

SHOWN = 50


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
    topics = list(topics_followed(request.user)[: SHOWN + 1])
    context = {"form": form, "follows": follows_of(request.user), "topics": topics[:SHOWN], "more": topics[SHOWN:]}
    return render(request, "forum/settings.html", context)


@login_required
@require_POST
def subscribe(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(topics_for(request.user), pk=pk)
    wanted = request.POST.get("wanted") == "yes"
    subscription_set(topic=row, account=request.user, wanted=wanted)
    messages.success(request, _("Vous suivez ce sujet.") if wanted else _("Vous ne suivez plus ce sujet."))
    return _back(request, reverse("forum:topic", args=[row.pk]))


@login_required
@require_POST
def follow(request: AccountRequest) -> HttpResponse:
    """New topics of a section, or those with a tag."""
    given, wanted = request.POST, request.POST.get("wanted") == "yes"
    tag = given.get("tag", "").replace("\0", "").strip().lower()[:30]
    section: Section | None = None
    if not tag:
        key = given.get("section", "")
        section = get_object_or_404(sections_for(request.user), pk=int(key) if key.isdecimal() and len(key) < 10 else 0)  # noqa: PLR2004 - digits of a key
    try:
        follow_set(account=request.user, section=section, tag=tag, wanted=wanted)
        words = _("Vous serez prévenu des nouveaux sujets : %(what)s."), _("Vous ne suivez plus : %(what)s.")
        messages.success(request, words[not wanted] % {"what": section.name if section else tag})
    except ForumRefused as error:
        messages.error(request, str(error))
    where = {"tag": tag} if section is None else {"section": section.pk}
    return _back(request, f"{reverse('forum:home')}?{urlencode(where)}")


@login_required
@require_POST
def read(request: AccountRequest) -> HttpResponse:
    notices_clear(account=request.user)
    messages.success(request, _("Tout est marqué comme lu."))
    return redirect("forum:home")


def _back(request: AccountRequest, page: str) -> HttpResponse:
    """To the settings when that is where the button was."""
    return redirect("forum:settings" if request.POST.get("from") == "settings" else page)


@csrf_exempt  # RFC 8058: a mail program posts here, without cookies; the signed token is the proof
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        topic_id, account_id, follows = unsubscribe_read(token)
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    rows = list(Follow.objects.filter(pk__in=follows, account=account_id).select_related("section"))
    if request.method == "POST":
        told_leave(account_id=account_id, topic_id=topic_id, follows=follows)
    return render(request, "forum/unsubscribe.html", {"done": request.method == "POST", "follows": rows})
