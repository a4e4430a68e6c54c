"""Outside contributors as their sponsors, and the heads of their schools, see them."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.accounts.forms.contributors import (
    ColleagueForm,
    ContributorDecisionForm,
    ContributorForm,
    EndForm,
    OpinionForm,
    RenewalForm,
)
from ecritoire.accounts.models import ContributorRequest
from ecritoire.accounts.selectors import contributors as selectors
from ecritoire.accounts.services import contributor_ends
from ecritoire.accounts.services import contributors as service
from ecritoire.accounts.services.contributors import ContributorRefused
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action

State = ContributorRequest.State
EDITABLE = (State.DRAFT, State.QUESTION)


def notice(request: HttpRequest) -> SafeString | None:
    """On the home page: opinions and decisions that wait for this person."""
    account = request.user
    if not account.is_authenticated or account.is_external:
        return None
    opinions = selectors.opinions_awaited_from(account).count()
    decisions = 0
    if not account.may(Action.CONTRIBUTOR_DECIDE) and selectors.delegations_now(account).exists():
        waiting = selectors.narrowed(selectors.decidable_by(account), selectors.Filters(state="waiting"))
        decisions = waiting.exclude(sponsor=account).count()
    if not opinions and not decisions:
        return None
    return render_to_string("accounts/contributors/_notice.html", {"opinions": opinions, "decisions": decisions})


@login_required
def index(request: AccountRequest) -> HttpResponse:
    """One's own contributors and requests, and what waits for one's opinion or decision."""
    if request.user.is_external:
        raise PermissionDenied
    mine = selectors.requests_of(request.user)
    waiting = [State.DRAFT, *ContributorRequest.OPEN]
    context = {
        "present": selectors.present(mine).order_by("until"),
        "waiting": mine.filter(state__in=waiting),
        "past": mine.filter(state__in=[State.REFUSED, State.WITHDRAWN, State.APPROVED]).exclude(
            pk__in=selectors.present(mine).values("pk")
        )[:20],
        "opinions": selectors.opinions_awaited_from(request.user),
        "is_decider": selectors.is_decider(request.user),
        "may_sponsor": selectors.may_sponsor(request.user),
        "soon": timezone.localdate() + dt.timedelta(days=selectors.ENDING_SOON),
    }
    return render(request, "accounts/contributors/index.html", context)


@login_required
def create(request: AccountRequest) -> HttpResponse:
    if not selectors.may_sponsor(request.user):
        raise PermissionDenied
    return _edit(request, None)


@login_required
def edit(request: AccountRequest, pk: int) -> HttpResponse:
    """A draft, or a request the DSI has a question about."""
    row = get_object_or_404(ContributorRequest, pk=pk)
    if row.sponsor_id != request.user.pk:
        raise PermissionDenied
    if row.state not in EDITABLE:
        messages.error(request, _("Cette demande ne se modifie plus."))
        return redirect("accounts:contributor", pk=pk)
    return _edit(request, row)


def _edit(request: AccountRequest, row: ContributorRequest | None) -> HttpResponse:
    draft = request.POST.get("save") == "draft"
    initial = {name: getattr(row, name) for name in ContributorForm.base_fields} if row else {}
    form = ContributorForm(request.POST or None, account=request.user, draft=draft, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = service.contributor_draft_save(row=row, sponsor=request.user, values=form.cleaned_data)
            if not draft:
                service.contributor_submit(row=row, acting_user=request.user)
        except ContributorRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Brouillon enregistré.") if draft else _("Demande envoyée."))
            return redirect("accounts:contributor", pk=row.pk)
    return render(request, "accounts/contributors/form.html", {"form": form, "row": row})


@login_required
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    """One request, for its sponsor, the head asked, and those who decide on it."""
    row = _seen_by(request, pk)
    return render(request, "accounts/contributors/detail.html", detail_context(request, row))


def detail_context(request: AccountRequest, row: ContributorRequest) -> dict[str, object]:
    may_decide = selectors.decidable_by(request.user).filter(pk=row.pk).exists()
    own = row.sponsor_id == request.user.pk
    decides = may_decide and not own and row.state in ContributorRequest.DECIDABLE
    likenesses = selectors.likenesses_of(row) if decides else []
    return {
        "row": row,
        "steps": row.steps.select_related("by__person"),
        "own": own,
        "may_decide": may_decide,
        "decides": decides,
        "is_dsi": request.user.may(Action.CONTRIBUTOR_DECIDE),
        "opines": selectors.opinions_awaited_from(request.user).filter(pk=row.pk).exists(),
        "editable": own and row.state in EDITABLE,
        "renewable": own and _is_renewable(row),
        "endable": row.is_present and (own or request.user.may(Action.CONTRIBUTOR_DECIDE)),
        "likenesses": likenesses,
        "decision_form": ContributorDecisionForm(row=row, likenesses=likenesses) if decides else None,
        "opinion_form": OpinionForm(),
    }


def _is_renewable(row: ContributorRequest) -> bool:
    if row.state != State.APPROVED or row.ended_at is not None:
        return False
    again = [State.APPROVED, State.DRAFT, *ContributorRequest.OPEN]
    return not row.renewals.filter(state__in=again).exists()


def _seen_by(request: AccountRequest, pk: int) -> ContributorRequest:
    row = get_object_or_404(selectors.with_people(ContributorRequest.objects.all()), pk=pk)
    if row.sponsor_id == request.user.pk:
        return row
    if selectors.decidable_by(request.user).filter(pk=pk).exists():
        return row
    if selectors.opinions_awaited_from(request.user).filter(pk=pk).exists():
        return row
    raise PermissionDenied


@login_required
@require_POST
def opine(request: AccountRequest, pk: int) -> HttpResponse:
    row = selectors.opinions_awaited_from(request.user).filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    form = OpinionForm(request.POST)
    if not form.is_valid():
        context = detail_context(request, row) | {"opinion_form": form}
        return render(request, "accounts/contributors/detail.html", context)
    try:
        service.contributor_opine(row=row, acting_user=request.user, **form.cleaned_data)
    except ContributorRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Avis transmis à la DSI."))
    return redirect("accounts:contributors")


@login_required
@require_POST
def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    try:
        service.contributor_withdraw(row=row, acting_user=request.user)
    except ContributorRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Demande abandonnée."))
    return redirect("accounts:contributors")


@login_required
def renew(request: AccountRequest, pk: int) -> HttpResponse:
    """As long again as last time, for the same reason: a button, unless something changes."""
    row = _own(request, pk)
    form = RenewalForm(request.POST or None, row=row)
    form.fields["reason"].initial = row.reason
    form.fields["ends_on"].initial = _as_long_again(row, form)
    if request.method == "POST" and form.is_valid():
        try:
            again = service.contributor_renew(row=row, acting_user=request.user, **form.cleaned_data)
        except ContributorRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Renouvellement demandé."))
            return redirect("accounts:contributor", pk=again.pk)
    return render(request, "accounts/contributors/renew.html", {"form": form, "row": row})


def _as_long_again(row: ContributorRequest, form: RenewalForm) -> dt.date:
    length = (row.until - row.starts_on).days if row.until and row.starts_on else 0
    return form.first_day + dt.timedelta(days=max(0, min(length, form.policy.longest_days - 1)))


@login_required
def end(request: AccountRequest, pk: int) -> HttpResponse:
    """The sponsor's, or the DSI's."""
    row = _seen_by(request, pk)
    if row.sponsor_id != request.user.pk and not request.user.may(Action.CONTRIBUTOR_DECIDE):
        raise PermissionDenied
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at_once, reason = form.cleaned_data["at_once"] == "yes", form.cleaned_data["reason"]
        try:
            contributor_ends.contributor_end(row=row, at_once=at_once, reason=reason, acting_user=request.user)
        except ContributorRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Accès terminé.") if at_once else _("L'accès se termine aujourd'hui."))
        return redirect("accounts:contributor", pk=pk)
    return render(request, "accounts/contributors/end.html", {"form": form, "row": row})


@login_required
def hand_over(request: AccountRequest, pk: int) -> HttpResponse:
    """Another agent answers for the contributor: the sponsor's choice, or the DSI's once the sponsor is gone."""
    row = _seen_by(request, pk)
    if row.sponsor_id != request.user.pk and not request.user.may(Action.CONTRIBUTOR_DECIDE):
        raise PermissionDenied
    form = ColleagueForm(request.POST or None, organisation_id=row.organisation_id)
    if request.method == "POST" and form.is_valid() and form.account is not None:
        try:
            contributor_ends.contributor_hand_over(row=row, to=form.account, acting_user=request.user)
        except ContributorRefused as error:
            form.add_error("login", str(error))
        else:
            messages.success(request, _("%(name)s en répond désormais.") % {"name": form.account.person})
            mine = request.user.may(Action.CONTRIBUTOR_DECIDE)
            return redirect("accounts:contributor", pk=pk) if mine else redirect("accounts:contributors")
    return render(request, "accounts/contributors/hand_over.html", {"form": form, "row": row})


def _own(request: AccountRequest, pk: int) -> ContributorRequest:
    row = get_object_or_404(selectors.with_people(ContributorRequest.objects.all()), pk=pk)
    if row.sponsor_id != request.user.pk:
        raise PermissionDenied
    return row
