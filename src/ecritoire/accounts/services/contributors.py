"""Asking for an outside contributor: drafts, sending, the head's opinion, giving up, renewing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account, ContributorRequest, ContributorStep
from ecritoire.accounts.selectors.contributors import heads_of, may_sponsor, policy_of
from ecritoire.common.services import audit_record

State, Kind = ContributorRequest.State, ContributorStep.Kind
OPEN_LIMIT = 30
COPIED = (
    "kind",
    "given_name",
    "family_name",
    "birth_date",
    "private_email",
    "company",
    "structure",
    "needs",
    "person",
)


class ContributorRefused(Exception):
    """It cannot be done; the message says why, in French."""


def contributor_draft_save(
    *, row: ContributorRequest | None, sponsor: Account, values: dict[str, Any]
) -> ContributorRequest:
    """Keep what somebody typed so far. Raises ContributorRefused when it is no draft of theirs, or they have too many."""
    with transaction.atomic():
        if row is None:
            _may_ask(sponsor)
            return ContributorRequest.objects.create(
                sponsor=sponsor, organisation_id=sponsor.person.organisation_id, **values
            )
        fresh = locked(row)
        if fresh.sponsor_id != sponsor.pk or fresh.state not in {State.DRAFT, State.QUESTION}:
            raise ContributorRefused(_("Cette demande ne se modifie plus."))
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.save()
        return fresh


def contributor_submit(*, row: ContributorRequest, acting_user: Account, text: str = "") -> ContributorRequest:
    """Send a complete draft, or the answer to a question. It goes to the head first where the académie wants it so."""
    from ecritoire.accounts.tasks.contributors import send_opinion_asked

    with transaction.atomic():
        fresh = locked(row)
        if fresh.sponsor_id != acting_user.pk or fresh.state not in {State.DRAFT, State.QUESTION}:
            raise ContributorRefused(_("Cette demande est déjà partie."))
        answers = fresh.state == State.QUESTION
        fresh.state = State.OPINION if _opinion_needed(fresh) else State.WAITING
        fresh.submitted_at = fresh.submitted_at or timezone.now()
        fresh.save()
        step(fresh, Kind.ANSWER if answers else Kind.ASKED, acting_user, text)
        _record(fresh, "answer" if answers else "ask", acting_user)
        if fresh.state == State.OPINION:
            send_opinion_asked.defer(request_id=fresh.pk)
    return fresh


def _opinion_needed(row: ContributorRequest) -> bool:
    """A school without a head in the directory, or whose head asks, waits for no opinion; nor does it twice."""
    if row.opinion or row.structure_id is None or not policy_of(row.organisation_id).opinion_asked:
        return False
    heads = set(heads_of(row.structure_id).values_list("pk", flat=True))
    return bool(heads) and row.sponsor_id not in heads


def contributor_opine(*, row: ContributorRequest, opinion: str, text: str, acting_user: Account) -> None:
    """The head's opinion; the DSI decides whatever it is."""
    with transaction.atomic():
        fresh = locked(row)
        if fresh.state != State.OPINION:
            raise ContributorRefused(_("Cette demande n'attend plus d'avis."))
        fresh.opinion, fresh.state = opinion, State.WAITING
        fresh.save(update_fields=["opinion", "state"])
        step(fresh, Kind.OPINION, acting_user, f"{fresh.get_opinion_display()}. {text}".strip())
        _record(fresh, "opine", acting_user, opinion=opinion)


def contributor_withdraw(*, row: ContributorRequest, acting_user: Account) -> None:
    """A draft vanishes; what was sent is kept as given up."""
    with transaction.atomic():
        fresh = locked(row)
        if fresh.state == State.DRAFT:
            fresh.delete()
            return
        if fresh.state not in ContributorRequest.OPEN:
            raise ContributorRefused(_("Cette demande a déjà reçu sa réponse."))
        fresh.state = State.WITHDRAWN
        fresh.save(update_fields=["state"])
        step(fresh, Kind.WITHDRAWN, acting_user)
        _record(fresh, "withdraw", acting_user)


def contributor_renew(
    *, row: ContributorRequest, ends_on: dt.date, reason: str, acting_user: Account
) -> ContributorRequest:
    """Ask for more time, in one gesture: the same request again, decided like a first one."""
    with transaction.atomic():
        fresh = locked(row)
        if fresh.state != State.APPROVED or fresh.until is None or fresh.ended_at is not None:
            raise ContributorRefused(_("Seul un accès accordé se renouvelle."))
        if fresh.renewals.filter(state__in=[*ContributorRequest.OPEN, State.DRAFT, State.APPROVED]).exists():
            raise ContributorRefused(_("Un renouvellement est déjà demandé ou accordé."))
        starts_on = max(fresh.until + dt.timedelta(days=1), timezone.localdate())
        again = contributor_draft_save(
            row=None,
            sponsor=acting_user,
            values={name: getattr(fresh, name) for name in COPIED}
            | {"renews": fresh, "starts_on": starts_on, "ends_on": ends_on, "reason": reason},
        )
        step(fresh, Kind.RENEWAL, acting_user)
        return contributor_submit(row=again, acting_user=acting_user)


def _may_ask(sponsor: Account) -> None:
    if not may_sponsor(sponsor):
        raise ContributorRefused(_("Il faut une affectation en cours pour demander l'accès d'un intervenant."))
    waiting = [State.DRAFT, *ContributorRequest.OPEN]
    if sponsor.contributor_requests.filter(state__in=waiting).count() >= OPEN_LIMIT:
        raise ContributorRefused(_("Trop de demandes en cours : attendez leurs réponses ou abandonnez-en."))


def locked(row: ContributorRequest) -> ContributorRequest:
    """The row as it is now, for one writer at a time."""
    rows = ContributorRequest.objects.select_for_update(of=("self",))
    return rows.select_related("sponsor__person", "organisation", "structure", "person").get(pk=row.pk)


def step(row: ContributorRequest, kind: ContributorStep.Kind, by: Account | None, text: str = "") -> None:
    ContributorStep.objects.create(request=row, kind=kind, by=by, text=text[:1000])


def _record(row: ContributorRequest, verb: str, acting_user: Account, **detail: Any) -> None:
    audit_record(
        acting_user=acting_user, action=f"contributor.{verb}", target=row.sponsor.login, request=row.pk, **detail
    )
