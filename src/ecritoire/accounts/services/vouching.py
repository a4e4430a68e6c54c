"""The appointment of somebody who lost their second factor. Two people, neither of them the person concerned: one has seen
them and their papers, the other removes the factors and tells a code that is good once, after the password."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account, Vouching
from ecritoire.accounts.selectors import is_contact_of, local_contacts_of
from ecritoire.common.roles import Action, actions_of
from ecritoire.common.services import audit_record

from .access import HelpKind, help_request, sessions_end
from .factors import factor_announce, factors_clear
from .recovery_codes import entry_code_make

State, OPEN = Vouching.State, Vouching.OPEN
FRESH = dt.timedelta(days=7)


class VouchingRefused(Exception):
    """The message says why, in the reader's language."""


def may_vouch(*, acting_user: Account, account: Account) -> bool:
    """The local contacts of the person's structures, and the help desk; nobody for themselves."""
    if acting_user.pk == account.pk or acting_user.organisation_id != account.organisation_id:
        return False
    return acting_user.may(Action.ACCOUNT_MANAGE) or is_contact_of(acting_user, account.person)


def may_confirm(*, acting_user: Account, vouching: Vouching) -> bool:
    """A second person, who may do all that the one concerned may: nobody rises by removing another's factors."""
    first = {vouching.account_id, vouching.vouched_by_id}
    return (
        acting_user.pk not in first
        and acting_user.organisation_id == vouching.account.organisation_id
        and acting_user.may(Action.ACCOUNT_MANAGE)
        and actions_of(vouching.account.roles) <= actions_of(acting_user.roles)
    )


def vouching_ask(*, account: Account, contact: str) -> Vouching:
    """The person asks for an appointment: the help desk gets a ticket, the local contacts a message. Again: nothing more."""
    from ecritoire.accounts.tasks.factors import send_appointment

    with transaction.atomic():
        vouching, made = Vouching.objects.get_or_create(
            account=account, state__in=OPEN, defaults={"state": State.ASKED}
        )
        if made:
            audit_record(acting_user=account, action="factor.appointment", target=account.login)
            contacts = list(local_contacts_of(account.person))
            for local in contacts:
                send_appointment.defer(contact_id=local.pk, account_id=account.pk)
            factor_announce(account=account, change="appointment")
            help_request(
                account=account,
                login=account.login,
                contact=contact,
                kind=HelpKind.LOST_FACTOR,
                text=_("Second facteur perdu : rendez-vous demandé avec le référent numérique."),
                contacts=", ".join(str(local.person) for local in contacts),
            )
    return vouching


def vouching_vouch(*, account: Account, proof: Vouching.Proof, acting_user: Account) -> Vouching:
    """``acting_user`` has seen the person and their papers. Raises VouchingRefused."""
    if not may_vouch(acting_user=acting_user, account=account):
        raise VouchingRefused(
            _("Vous ne pouvez attester que pour une personne de vos établissements, jamais pour vous.")
        )
    with transaction.atomic():
        rows = Vouching.objects.select_for_update()
        vouching, _made = rows.get_or_create(account=account, state__in=OPEN, defaults={"state": State.ASKED})
        vouching.state, vouching.proof = State.VOUCHED, proof
        vouching.vouched_by, vouching.vouched_at = acting_user, timezone.now()
        vouching.save()
        audit_record(acting_user=acting_user, action="factor.vouch", target=account.login, proof=proof)
    return vouching


def vouching_confirm(*, vouching: Vouching, acting_user: Account) -> str:
    """Remove the factors, end the sessions; returns the entry code, shown once. Raises VouchingRefused."""
    with transaction.atomic():
        vouching = _lock(vouching)
        if vouching.state != State.VOUCHED:
            raise VouchingRefused(_("Personne n'a encore attesté de l'identité, ou la demande est close."))
        if vouching.vouched_at and timezone.now() - vouching.vouched_at > FRESH:
            raise VouchingRefused(_("L'attestation date de plus d'une semaine : la personne est à voir de nouveau."))
        if not may_confirm(acting_user=acting_user, vouching=vouching):
            raise VouchingRefused(
                _(
                    "Une seconde personne confirme : ni celle qui a attesté, ni l'intéressé, et avec au moins ses droits."
                )
            )
        _close(vouching, State.CONFIRMED, acting_user)
        account = vouching.account
        audit_record(
            acting_user=acting_user,
            action="factor.reset",
            target=account.login,
            vouched_by=vouching.vouched_by.login if vouching.vouched_by else "",
        )
        return _reset(account)


def vouching_refuse(*, vouching: Vouching, acting_user: Account) -> None:
    """Close without change. Raises VouchingRefused."""
    with transaction.atomic():
        vouching = _lock(vouching)
        if vouching.state not in OPEN or not may_vouch(acting_user=acting_user, account=vouching.account):
            raise VouchingRefused(_("Cette demande est déjà close, ou n'est pas de votre ressort."))
        _close(vouching, State.REFUSED, acting_user)
        audit_record(acting_user=acting_user, action="factor.refuse", target=vouching.account.login)
        factor_announce(account=vouching.account, change="refused")


def factors_reset_on_the_machine(*, account: Account) -> str:
    """For the only administrator who lost everything: whoever holds the machine holds the service. Returns the entry code."""
    with transaction.atomic():
        audit_record(acting_user=None, action="factor.reset", target=account.login)
        return _reset(account)


def _reset(account: Account) -> str:
    factors_clear(account=account)
    sessions_end(account=account)
    factor_announce(account=account, change="reset")
    return entry_code_make(account=account)


def _lock(vouching: Vouching) -> Vouching:
    rows = Vouching.objects.select_for_update(of=("self",)).select_related("account__person", "vouched_by")
    return rows.get(pk=vouching.pk)


def _close(vouching: Vouching, state: Vouching.State, acting_user: Account) -> None:
    vouching.state, vouching.closed_by, vouching.closed_at = state, acting_user, timezone.now()
    vouching.save(update_fields=["state", "closed_by", "closed_at", "updated_at"])
