"""Mail of the help desk."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from .models import Ticket, TicketMessage

RETRY = RetryStrategy(max_attempts=10, exponential_wait=3)


def _send(template: str, subject: str, addresses: list[str], **context: object) -> None:
    known = {"site_name": settings.SITE_NAME, "base_url": settings.CONFIG.base_url, **context}
    body = render_to_string(f"support/mail/{template}.txt", known)
    for address in addresses:
        send_mail(subject, body, None, [address])


@app.task(name="support.send_answer", retry=RETRY)
def send_answer(*, message_id: int) -> None:
    """To the person, where they said they can be reached."""
    from .selectors import reply_address

    said = TicketMessage.objects.select_related("ticket__account__recovery_address", "ticket__account__person").get(
        pk=message_id
    )
    address = reply_address(said.ticket)
    if address:
        subject = _("Demande %(number)s : réponse de l'assistance") % {"number": said.ticket.number}
        _send("answer", subject, [address], ticket=said.ticket, said=said)


@app.task(name="support.announce", retry=RETRY)
def announce(*, ticket_id: int) -> None:
    """To support, that a request presses."""
    from .selectors import support_agents

    ticket = Ticket.objects.get(pk=ticket_id)
    agents = [account.login for account in support_agents()]
    subject = _("Demande %(priority)s %(number)s : %(subject)s") % {
        "priority": ticket.get_priority_display(),
        "number": ticket.number,
        "subject": ticket.subject,
    }
    _send("announce", subject, [settings.SUPPORT_ADDRESS] if settings.SUPPORT_ADDRESS else agents, ticket=ticket)


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

    proposal = IncidentProposal.objects.get(pk=proposal_id)
    agents = support_agents().filter(person__organisation=proposal.organisation_id)
    addresses = [settings.SUPPORT_ADDRESS] if settings.SUPPORT_ADDRESS else [agent.login for agent in agents]
    subject = _("Un incident ? %(title)s") % {"title": proposal.title}
    _send("proposal", subject, addresses, proposal=proposal, count=proposal.tickets.count())


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
