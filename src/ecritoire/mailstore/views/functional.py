"""Functional mailboxes in the console: which there are, who is in them and why, what waits there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.accounts.models import Account
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory import services
from ecritoire.directory.models import Access, FunctionalGuest, FunctionalMailbox, FunctionalRule
from ecritoire.directory.selectors_functional import (
    default_rules,
    former_members_of,
    functional_list,
    functional_visible_to,
    guests_of,
    members_of,
    orphans,
    rules_of,
)

from ..forms import CloseForm, CreateForm, GuestForm, RuleForm, SettingsForm
from ..selectors_functional import activity_of, empty_on

PAGE = 50
NARROWED = ("orphan", "closed")


@action_required(Action.FUNCTIONAL_VIEW, Action.SCHOOL_VIEW)
def index(request: AccountRequest) -> HttpResponse:
    """The list, searched by name, address, school, city or UAI."""
    visible = functional_visible_to(request.user, request.user.person.organisation_id)
    search, only = request.GET.get("q", "")[:100].strip(), request.GET.get("only", "")
    found = functional_list(visible, search=search, only=only if only in NARROWED else "")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "search": search, "only": only, "manages": request.user.may(Action.FUNCTIONAL_MANAGE)}
    return render(request, "mailstore/functional.html", context)


@action_required(Action.FUNCTIONAL_VIEW, Action.SCHOOL_VIEW)
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    return _detail(request, _visible(request, pk))


@action_required(Action.FUNCTIONAL_MANAGE)
def create(request: AccountRequest) -> HttpResponse:
    organisation = request.user.person.organisation
    form = CreateForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.functional_create(
                organisation=organisation,
                local_part=data["local_part"],
                name=data["name"],
                kind=FunctionalMailbox.Kind(data["kind"]),
                structure=data["uai"],
                acting_user=request.user,
            )
        except services.FunctionalRefused as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Boîte créée : donnez-lui des membres."))
            return redirect("mailstore:functional-detail", made.pk)
    return render(request, "mailstore/functional_create.html", {"form": form, "domain": organisation.mail_domain})


@action_required(Action.FUNCTIONAL_MANAGE)
def settings_change(request: AccountRequest, pk: int) -> HttpResponse:
    mailbox = _visible(request, pk)
    form = _settings_form(request, mailbox)
    if request.method == "POST" and form.is_valid():
        services.functional_change(mailbox=mailbox, acting_user=request.user, **form.cleaned_data)
        return _done(request, mailbox, _("Réglages enregistrés."))
    return _detail(request, mailbox, settings_form=form)


@action_required(Action.FUNCTIONAL_MANAGE)
def rule_add(request: AccountRequest, pk: int) -> HttpResponse:
    mailbox = _visible(request, pk)
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _rule_added(request, form, mailbox):
        return _done(request, mailbox, _("Règle enregistrée."))
    return _detail(request, mailbox, rule_form=form)


@action_required(Action.FUNCTIONAL_MANAGE)
def rules(request: AccountRequest) -> HttpResponse:
    """Those of every school of the académie."""
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _rule_added(request, form, None):
        messages.success(request, _("Règle enregistrée."))
        return redirect("mailstore:functional-rules")
    known = default_rules(request.user.person.organisation)
    return render(request, "mailstore/functional_rules.html", {"rules": known, "form": form})


@action_required(Action.FUNCTIONAL_MANAGE)
@require_POST
def rule_remove(request: AccountRequest, pk: int) -> HttpResponse:
    mine = FunctionalRule.objects.select_related("mailbox", "organisation")
    rule = get_object_or_404(mine, pk=pk, organisation=request.user.person.organisation_id)
    mailbox = rule.mailbox
    services.functional_rule_remove(rule=rule, acting_user=request.user)
    messages.success(request, _("Règle retirée."))
    return redirect("mailstore:functional-detail", mailbox.pk) if mailbox else redirect("mailstore:functional-rules")


@action_required(Action.FUNCTIONAL_MANAGE)
def guest_add(request: AccountRequest, pk: int) -> HttpResponse:
    mailbox = _visible(request, pk)
    form = _guest_form(request, mailbox)
    if request.method == "POST" and form.is_valid():
        guest_let_in(request, mailbox, form)
        return _done(request, mailbox, _("Accès donné."))
    return _detail(request, mailbox, guest_form=form)


@action_required(Action.FUNCTIONAL_MANAGE)
@require_POST
def guest_remove(request: AccountRequest, pk: int, guest_pk: int) -> HttpResponse:
    mailbox = _visible(request, pk)
    guest = get_object_or_404(FunctionalGuest.objects.select_related("person", "mailbox"), pk=guest_pk, mailbox=mailbox)
    services.functional_guest_remove(guest=guest, acting_user=request.user)
    return _done(request, mailbox, _("Accès retiré."))


@action_required(Action.FUNCTIONAL_MANAGE)
def close(request: AccountRequest, pk: int) -> HttpResponse:
    mailbox = _visible(request, pk)
    form = CloseForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.functional_close(mailbox=mailbox, on=data["on"], words=data["words"], acting_user=request.user)
        return _done(request, mailbox, _("Fermeture enregistrée."))
    return render(request, "mailstore/functional_close.html", {"mailbox": mailbox, "form": form})


@action_required(Action.FUNCTIONAL_MANAGE)
@require_POST
def reopen(request: AccountRequest, pk: int) -> HttpResponse:
    mailbox = _visible(request, pk)
    services.functional_reopen(mailbox=mailbox, acting_user=request.user)
    return _done(request, mailbox, _("La boîte est ouverte."))


def guest_let_in(request: AccountRequest, mailbox: FunctionalMailbox, form: GuestForm) -> None:
    services.functional_guest_add(
        mailbox=mailbox,
        person=form.cleaned_data["address"],
        access=Access(form.cleaned_data["access"]),
        starts_on=timezone.localdate(),
        ends_on=form.cleaned_data["ends_on"],
        acting_user=request.user,
    )


def people_in(mailbox: FunctionalMailbox) -> dict[str, Any]:
    """Who is in, with the state of their account; who was; who was let in by hand. Four queries."""
    members = members_of(mailbox)
    accounts = Account.objects.filter(person__in=[member.person_id for member in members])
    return {
        "mailbox": mailbox,
        "members": members,
        "accounts": {account.person_id: account for account in accounts},
        "former": former_members_of(mailbox),
        "guests": guests_of(mailbox),
    }


def orphans_notice(request: HttpRequest) -> SafeString | None:
    """For whoever may give them members, on the home page: mail arrives there and nobody reads it."""
    user = request.user
    if not isinstance(user, Account) or not user.may(Action.FUNCTIONAL_MANAGE):
        return None
    count = orphans(FunctionalMailbox.objects.filter(organisation=user.person.organisation_id)).count()
    if not count:
        return None
    url = f"{reverse('mailstore:functional')}?only=orphan"
    return render_to_string("mailstore/_orphans_notice.html", {"count": count, "url": url})


def _visible(request: AccountRequest, pk: int) -> FunctionalMailbox:
    """404 for another académie's; 403 for another school's, as for people."""
    organisation_id = request.user.person.organisation_id
    mailbox = functional_visible_to(request.user, organisation_id).filter(pk=pk).first()
    if mailbox is None:
        get_object_or_404(FunctionalMailbox, pk=pk, organisation=organisation_id)
        raise PermissionDenied
    return mailbox


def _detail(request: AccountRequest, mailbox: FunctionalMailbox, **forms: Any) -> HttpResponse:
    manages = request.user.may(Action.FUNCTIONAL_MANAGE)
    context = people_in(mailbox) | {"rules": rules_of(mailbox), "manages": manages, "today": timezone.localdate()}
    context["empty_on"] = empty_on(mailbox)
    context["activity"] = activity_of(mailbox) if mailbox.made_at else None
    if manages:
        context["settings_form"] = _settings_form(None, mailbox)
        context["rule_form"] = RuleForm(auto_id="regle-%s")
        context["guest_form"] = _guest_form(None, mailbox)
    return render(request, "mailstore/functional_detail.html", {**context, **forms})


def _settings_form(request: AccountRequest | None, mailbox: FunctionalMailbox) -> SettingsForm:
    known = {name: getattr(mailbox, name) for name in ("own_name", "follows_defaults", "withdraw_on_leave")}
    data = request.POST if request and request.method == "POST" else None
    return SettingsForm(data, initial=known, mailbox=mailbox, auto_id="reglage-%s")


def _guest_form(request: AccountRequest | None, mailbox: FunctionalMailbox) -> GuestForm:
    data = request.POST if request and request.method == "POST" else None
    return GuestForm(data, organisation_id=mailbox.organisation_id, bounded=False, auto_id="personne-%s")


def _rule_added(request: AccountRequest, form: RuleForm, mailbox: FunctionalMailbox | None) -> bool:
    data = form.cleaned_data
    try:
        services.functional_rule_add(
            organisation=request.user.person.organisation,
            mailbox=mailbox,
            function_code=data["function_code"],
            label=data["label"],
            access=Access(data["access"]),
            acting_user=request.user,
        )
    except services.FunctionalRefused as error:
        form.add_error(error.field, str(error))
        return False
    return True


def _done(request: AccountRequest, mailbox: FunctionalMailbox, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("mailstore:functional-detail", mailbox.pk)
