"""Mail of the help desk."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ecritoire.directory.models import Organisation

from .models import Ticket, TicketMessage

RETRY = RetryStrategy(max_attempts=10, exponential_wait=3)


def _send(template: str, subject: str, addresses: list[str], here: Organisation, **context: object) -> None:
    """In the name of the académie whose request it is."""
    known = {"site_name": here.name, "base_url": here.base_url, **context}
    body = render_to_string(f"support/mail/{template}.txt", known)
    for address in addresses:
        send_mail(subject, body, here.sender, [address])


@app.task(name="support.send_answer", retry=RETRY)
def send_answer(*, message_id: int) -> None:
    """To the person, where they said they can be reached."""
    from .selectors import reply_address

    said = TicketMessage.objects.select_related(
        "ticket__account__recovery_address", "ticket__account__person", "ticket__organisation"
    ).get(pk=message_id)
    address = reply_address(said.ticket)
    if address:
        subject = _("Demande %(number)s : réponse de l'assistance") % {"number": said.ticket.number}
        _send("answer", subject, [address], said.ticket.organisation, ticket=said.ticket, said=said)


@app.task(name="support.announce", retry=RETRY)
def announce(*, ticket_id: int) -> None:
    """To support, that a request presses."""
    from .selectors import support_agents

    ticket = Ticket.objects.select_related("organisation").get(pk=ticket_id)
    agents = [account.login for account in support_agents(organisation=ticket.organisation_id)]
    subject = _("Demande %(priority)s %(number)s : %(subject)s") % {
        "priority": ticket.get_priority_display(),
        "number": ticket.number,
        "subject": ticket.subject,
    }
    _send("announce", subject, _desk(ticket.organisation) or agents, ticket.organisation, ticket=ticket)
    alert_browsers(ticket)


def alert_browsers(ticket: Ticket) -> None:
    """Of the agents who asked to be told at once that a request presses."""
    from .models import PushSubscription
    from .push.sending import PRESSING
    from .push.tasks import push_tell

    rows = PushSubscription.objects.filter(on_pressing=True, account__person__organisation=ticket.organisation_id)
    accounts = list(rows.values_list("account_id", flat=True).distinct())
    if accounts:
        push_tell.defer(ticket_id=ticket.pk, kind=PRESSING, accounts=accounts)


def _desk(organisation: Organisation) -> list[str]:
    """The address the académie gave, or for the installation's own the one ``ecritoire.toml`` has."""
    address = organisation.support_address or (settings.SUPPORT_ADDRESS if organisation.is_own else "")
    return [address] if address else []


@app.periodic(cron="35 3 * * *")
@app.task(name="support.purge_facts", queueing_lock="support-purge-facts", retry=RETRY)
def purge_facts(timestamp: int) -> None:
    from .services import facts_purge

    facts_purge()


@app.task(name="support.announce_proposal", retry=RETRY)
def announce_proposal(*, proposal_id: int) -> None:
    """To support, that similar requests gather."""
    from .models import IncidentProposal
    from .selectors import support_agents

    proposal = IncidentProposal.objects.select_related("organisation").get(pk=proposal_id)
    here = proposal.organisation
    agents = [account.login for account in support_agents(organisation=here.pk)]
    subject = _("Un incident ? %(title)s") % {"title": proposal.title}
    _send("proposal", subject, _desk(here) or agents, here, proposal=proposal, count=proposal.tickets.count())


@app.periodic(cron="* * * * *")
@app.task(name="support.incidents_watch", queueing_lock="support-incidents-watch")
def incidents_watch(timestamp: int) -> None:
    from .incidents import incidents_roll, proposals_find

    incidents_roll()
    proposals_find()


@app.task(name="support.publish_status", retry=RETRY)
def publish_status() -> None:
    from .status_page import status_publish

    status_publish()
