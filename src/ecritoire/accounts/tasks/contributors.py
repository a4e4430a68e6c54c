"""What sponsors, contributors, heads of school and the DSI are told about outside contributors."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account, ContributorRequest
from ecritoire.accounts.selectors.contributors import (
    Filters,
    decidable_by,
    deciders_of,
    delegates_of,
    heads_of,
    narrowed,
    page_address,
    present,
)
from ecritoire.directory.models import Organisation

from .mail import RETRY, send

QUEUE = "/compte/intervenants/file/"


@app.periodic(cron="27 5 * * *")
@app.task(name="accounts.contributors_review", queueing_lock="accounts.contributors_review")
def contributors_review(timestamp: int) -> None:
    from ecritoire.accounts.services.contributor_ends import contributors_review

    contributors_review()
    for organisation in Organisation.objects.all():
        for account in deciders_of(organisation.pk).union(delegates_of(organisation.pk)):
            send_waiting.defer(account_id=account.pk)


@app.task(name="accounts.contributor_waiting", retry=RETRY)
def send_waiting(*, account_id: int) -> None:
    """To those who decide, once a day while something waits: requests of theirs, contributors without a sponsor."""
    account = Account.objects.select_related("person__organisation").get(pk=account_id)
    mine = decidable_by(account)
    waiting = narrowed(mine, Filters(state="waiting")).exclude(sponsor=account).count()
    alone = narrowed(mine, Filters(state="orphan")).count()
    if waiting or alone:
        subject = _("Intervenants extérieurs : demandes en attente")
        page = f"{account.person.organisation.base_url}{QUEUE}"
        send("contributor_waiting", subject, account.login, owner=account, waiting=waiting, alone=alone, page=page)


@app.task(name="accounts.contributor_opinion", retry=RETRY)
def send_opinion_asked(*, request_id: int) -> None:
    row = _row(request_id)
    if row.state == ContributorRequest.State.OPINION and row.structure_id:
        for head in heads_of(row.structure_id).exclude(pk=row.sponsor_id):
            subject = _("Votre avis sur la venue de %(name)s") % {"name": row}
            send("contributor_opinion", subject, head.login, owner=head, row=row, page=page_address(row))


@app.task(name="accounts.contributor_answer", retry=RETRY)
def send_answer(*, request_id: int) -> None:
    """To the sponsor; to the contributor too when they are let in."""
    row, state = _row(request_id), ContributorRequest.State
    subjects = {
        state.APPROVED: _("Accès accordé : %(name)s"),
        state.REFUSED: _("Accès refusé : %(name)s"),
        state.QUESTION: _("Un complément est demandé : %(name)s"),
    }
    subject = subjects.get(state(row.state))
    if subject is None:
        return
    context = {"row": row, "page": page_address(row), "shorter": row.until is not None and row.until != row.ends_on}
    send("contributor_answer", subject % {"name": row}, row.sponsor.login, owner=row.sponsor, **context)
    if row.state == state.APPROVED and (address := _private(row)):
        known = row.person is not None and row.person.account.activated_at is not None
        send("contributor_welcome", _("Votre accès à la messagerie"), address, owner=row.sponsor, row=row, known=known)


@app.task(name="accounts.contributor_identifier", retry=RETRY)
def send_identifier(*, account_id: int) -> None:
    """The first channel: the sponsor hands the identifier over, the private address receives the password."""
    account = Account.objects.select_related("person").get(pk=account_id)
    row = present(account.person.contributor_requests.all()).select_related("sponsor").order_by("-pk").first()
    if row is not None:
        subject = _("Identifiant à remettre à %(name)s") % {"name": account.person}
        send(
            "contributor_identifier",
            subject,
            row.sponsor.login,
            owner=row.sponsor,
            row=row,
            newcomer=account,
            page=page_address(row),
        )


@app.task(name="accounts.contributor_reminder", retry=RETRY)
def send_reminder(*, request_id: int) -> None:
    """The sponsor may renew. The contributor is told by the reminders everybody gets, or here while their account is unused."""
    row = _row(request_id)
    if not row.is_present or row.until is None:
        return
    subject = _("L'accès de %(name)s se termine le %(day)s") % {"name": row, "day": date_format(row.until, "j F Y")}
    send(
        "contributor_ends",
        subject,
        row.sponsor.login,
        owner=row.sponsor,
        row=row,
        for_sponsor=True,
        page=page_address(row),
    )
    if row.person is not None and row.person.account.state not in OPEN and (address := _private(row)):
        send(
            "contributor_ends",
            _("Votre accès se termine bientôt"),
            address,
            owner=row.sponsor,
            row=row,
            for_sponsor=False,
            page="",
        )


@app.task(name="accounts.contributor_ended", retry=RETRY)
def send_ended(*, request_id: int) -> None:
    row = _row(request_id)
    last = row.steps.filter(kind="ended").order_by("-pk").first()
    context = {"row": row, "reason": last.text if last else ""}
    subject = _("L'accès de %(name)s est terminé") % {"name": row}
    send("contributor_ended", subject, row.sponsor.login, owner=row.sponsor, for_sponsor=True, **context)
    if address := _private(row):
        send(
            "contributor_ended", _("Votre accès est terminé"), address, owner=row.sponsor, for_sponsor=False, **context
        )


@app.task(name="accounts.contributor_sponsor", retry=RETRY)
def send_new_sponsor(*, request_id: int) -> None:
    row = _row(request_id)
    subject = _("Vous répondez désormais de l'accès de %(name)s") % {"name": row}
    send("contributor_sponsor", subject, row.sponsor.login, owner=row.sponsor, row=row, page=page_address(row))


def _row(request_id: int) -> ContributorRequest:
    rows = ContributorRequest.objects.select_related("sponsor__person", "structure", "person__account", "organisation")
    return rows.get(pk=request_id)


def _private(row: ContributorRequest) -> str:
    """The private address the directory keeps: the one typed in a request may not be theirs (see the decisions)."""
    return row.person.private_email if row.person else ""
