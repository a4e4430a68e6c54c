"""Mail of the help desk."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ecritoire.directory.models import Organisation
from ecritoire.mailflow.deliveries import addressee

from .models import Ticket, TicketLetter, TicketMessage

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
    from .correspondence import letter_send
    from .selectors import reply_address

    said = TicketMessage.objects.select_related(
        "ticket__account__recovery_address", "ticket__account__person", "ticket__organisation"
    ).get(pk=message_id)
    address = reply_address(said.ticket)
    if address:
        letter_send(
            ticket=said.ticket,
            kind=TicketLetter.Kind.ANSWER,
            address=address,
            subject=_("Réponse de l'assistance"),
            template="answer",
            said=said,
            automatic="" if said.author_id else "auto-generated",
        )


@app.task(name="support.send_receipt", retry=RETRY)
def send_receipt(*, ticket_id: int, address: str) -> None:
    """To whoever wrote: the number of their request, and nothing of what it says."""
    from .correspondence import letter_send

    ticket = Ticket.objects.select_related("organisation").get(pk=ticket_id)
    letter_send(
        ticket=ticket,
        kind=TicketLetter.Kind.RECEIPT,
        address=address,
        subject=_("Demande enregistrée"),
        template="receipt",
        automatic="auto-replied",
    )


@app.task(name="support.announce", retry=RETRY)
def announce(*, ticket_id: int) -> None:
    """To support, that a request presses; an agent may answer the person by answering this."""
    from .correspondence import letter_send
    from .selectors import support_agents

    ticket = Ticket.objects.select_related("organisation").get(pk=ticket_id)
    agents = [account.login for account in support_agents(organisation=ticket.organisation_id)]
    subject = _("Demande %(priority)s : %(subject)s") % {
        "priority": ticket.get_priority_display(),
        "subject": ticket.subject,
    }
    for address in _desk(ticket.organisation) or agents:
        letter_send(
            ticket=ticket,
            kind=TicketLetter.Kind.NOTICE,
            address=address,
            subject=subject,
            template="announce",
            automatic="auto-generated",
        )


def _desk(organisation: Organisation) -> list[str]:
    """The address the académie gave, or for the installation's own the one ``ecritoire.toml`` has.

    The desk's own letterbox is read by nobody.
    """
    address = organisation.support_address or (settings.SUPPORT_ADDRESS if organisation.is_own else "")
    return [address] if address and addressee(address) is None else []


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


@app.periodic(cron="25 4 * * *")
@app.task(name="support.sweep_attachments", queueing_lock="support-sweep-attachments")
def sweep_attachments(timestamp: int) -> None:
    from .services.attaching import orphans_sweep

    orphans_sweep()
