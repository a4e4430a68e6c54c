"""Deciding on outside contributors. The DSI decides, or a delegate within the delegation; nobody on their own request."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.lifecycle import State as AccountState
from ecritoire.accounts.models import Account, ContributorRequest, ContributorStep
from ecritoire.accounts.overview import may_manage
from ecritoire.accounts.selectors.contributors import decidable_by, kind_label, likenesses_of, present
from ecritoire.common.roles import Action
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Person
from ecritoire.directory.services import contributor_engage
from ecritoire.directory.services.contributors import AlreadyEngaged, Engagement, Identity

from .contributors import ContributorRefused, locked, step
from .letters import temporary_password_mail

State, Kind = ContributorRequest.State, ContributorStep.Kind


def contributor_approve(
    *, row: ContributorRequest, until: dt.date, person: Person | None, text: str, acting_user: Account
) -> ContributorRequest:
    """Let them in until ``until``, as ``person`` where they are known already. Person, contract, address, account and the
    two letters follow in the same transaction. Raises ContributorRefused."""
    from ecritoire.accounts.tasks.contributors import send_answer

    with transaction.atomic():
        fresh = _to_decide(row, acting_user)
        _dates_fit(fresh, until)
        person = fresh.person or _may_be(fresh, person, acting_user)
        engaged = _engage(fresh, until, person, acting_user)
        fresh.person, fresh.until = engaged, until
        _answer(fresh, State.APPROVED, text, acting_user)
        shown = _("jusqu'au %(day)s") % {"day": f"{until:%d/%m/%Y}"}
        step(fresh, Kind.APPROVED, acting_user, f"{shown}. {text}".strip())
        _record(fresh, "approve", acting_user, until=until.isoformat(), asked=_iso(fresh.ends_on), known=bool(person))
        letters_send(account=Account.objects.select_related("person").get(person=engaged), acting_user=acting_user)
        send_answer.defer(request_id=fresh.pk)
    return fresh


def contributor_refuse(*, row: ContributorRequest, text: str, acting_user: Account) -> None:
    _reply(row, State.REFUSED, Kind.REFUSED, text, acting_user)


def contributor_question(*, row: ContributorRequest, text: str, acting_user: Account) -> None:
    """Ask the sponsor for more before deciding."""
    _reply(row, State.QUESTION, Kind.QUESTION, text, acting_user)


def _reply(
    row: ContributorRequest, state: ContributorRequest.State, kind: ContributorStep.Kind, text: str, by: Account
) -> None:
    from ecritoire.accounts.tasks.contributors import send_answer

    with transaction.atomic():
        fresh = _to_decide(row, by)
        _answer(fresh, state, text, by)
        step(fresh, kind, by, text)
        _record(fresh, "refuse" if state == State.REFUSED else "question", by)
        send_answer.defer(request_id=fresh.pk)


def letters_send(*, account: Account, acting_user: Account | None) -> None:
    """Two channels: the identifier to the sponsor, the temporary password to the private address. Whoever has activated
    their account already keeps their password; an account announced for later gets its letters on its day."""
    from ecritoire.accounts.tasks.contributors import send_identifier

    if account.state == AccountState.PROVISIONED:
        send_identifier.defer(account_id=account.pk)
        temporary_password_mail(accounts=[account], acting_user=acting_user)


def _to_decide(row: ContributorRequest, acting_user: Account) -> ContributorRequest:
    fresh = locked(row)
    if fresh.state not in ContributorRequest.DECIDABLE:
        raise ContributorRefused(_("Cette demande a déjà reçu sa réponse."))
    if fresh.sponsor_id == acting_user.pk:
        raise ContributorRefused(_("On ne décide pas de sa propre demande : un autre le fait."))
    if not decidable_by(acting_user).filter(pk=fresh.pk).exists():
        raise ContributorRefused(_("Cette demande n'entre pas dans votre délégation."))
    return fresh


def _dates_fit(row: ContributorRequest, until: dt.date) -> None:
    if row.ends_on is None or until > row.ends_on:
        raise ContributorRefused(_("On n'accorde pas plus que ce qui est demandé."))
    if until < row.first_day:
        raise ContributorRefused(_("Les dates demandées sont passées : refusez, ou demandez de nouvelles dates."))


def _may_be(row: ContributorRequest, person: Person | None, acting_user: Account) -> Person | None:
    """A known person whom the decider recognised. The account of a former agent holds their mail and perhaps a role: only the
    DSI reopens it, and nobody one that may do more than their own."""
    if person is None:
        if any(found.is_certain for found in likenesses_of(row)) and not acting_user.may(Action.CONTRIBUTOR_DECIDE):
            raise ContributorRefused(_("Cette personne semble déjà connue : la DSI décide."))
        return None
    if person.organisation_id != row.organisation_id:
        raise ContributorRefused(_("Cette personne est d'une autre académie."))
    if not acting_user.may(Action.CONTRIBUTOR_DECIDE):
        raise ContributorRefused(_("Seule la DSI rouvre l'accès d'une personne déjà connue."))
    account = Account.objects.select_related("person").filter(person=person).first()
    if account is not None and not may_manage(actor=acting_user, target=account):
        raise ContributorRefused(_("Ce compte porte un rôle plus étendu que le vôtre."))
    return person


def _engage(row: ContributorRequest, until: dt.date, person: Person | None, acting_user: Account) -> Person:
    if row.structure is None:
        raise ContributorRefused(_("La demande ne dit pas dans quel établissement."))
    identity = Identity(row.given_name, row.family_name, row.birth_date, row.private_email)
    engagement = Engagement(row.number, row.structure, kind_label(row.kind).capitalize(), row.first_day, until)
    if person is not None:
        _not_there_already(row, person)
        _private_email_settle(person, row.private_email)
    try:
        return contributor_engage(
            organisation=row.organisation,
            identity=identity,
            engagement=engagement,
            person=person,
            acting_user=acting_user,
        )
    except AlreadyEngaged as error:
        raise ContributorRefused(
            _("Cette personne a déjà une boîte en tant qu'agent : elle n'a pas besoin d'un second accès.")
        ) from error


def _not_there_already(row: ContributorRequest, person: Person) -> None:
    same = ContributorRequest.objects.filter(person=person, structure=row.structure_id, until__gte=row.first_day)
    if (there := present(same).first()) and there.until:
        text = _("Cette personne a déjà un accès dans cet établissement jusqu'au %(day)s : c'est à renouveler.")
        raise ContributorRefused(text % {"day": f"{there.until:%d/%m/%Y}"})


def _private_email_settle(person: Person, private_email: str) -> None:
    """The address a sponsor typed never receives the password of a mailbox that holds somebody's mail: it is kept where none
    is known, or where the mailbox is empty."""
    account = Account.objects.filter(person=person).first()
    empty = account is None or account.activated_at is None or account.state == AccountState.PURGED
    if empty or not person.private_email:
        person.private_email = private_email
        person.save(update_fields=["private_email"])


def _answer(row: ContributorRequest, state: ContributorRequest.State, text: str, by: Account) -> None:
    row.state, row.decided_by, row.decided_at, row.decision_text = state, by, timezone.now(), text[:500]
    row.save()


def _record(row: ContributorRequest, verb: str, acting_user: Account, **detail: Any) -> None:
    audit_record(
        acting_user=acting_user, action=f"contributor.{verb}", target=row.sponsor.login, request=row.pk, **detail
    )


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
