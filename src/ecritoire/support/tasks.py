"""Mail of the help desk."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Organisation
from ecritoire.mailflow.deliveries import addressee

from .models import Ticket, TicketEvent, TicketLetter, TicketMessage

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
    """To support, that a request presses."""
    ticket = Ticket.objects.select_related("organisation").get(pk=ticket_id)
    subject = _("Demande %(priority)s : %(subject)s") % {
        "priority": ticket.get_priority_display(),
        "subject": ticket.subject,
    }
    for address in desk_told(ticket.organisation):
        _give_notice(ticket, address, subject, "announce", {"may_answer": True})
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


def desk_told(organisation: Organisation) -> list[str]:
    """The address the académie gave, or for the installation's own the one ``ecritoire.toml`` has; else each support agent.

    The desk's own letterbox is read by nobody.
    """
    from .selectors import support_agents

    address = organisation.support_address or (settings.SUPPORT_ADDRESS if organisation.is_own else "")
    if address and addressee(address) is None:
        return [address]
    return [account.login for account in support_agents(organisation=organisation.pk)]


@app.task(name="support.announce_line", retry=RETRY)
def announce_line(*, ticket_id: int) -> None:
    """To whoever has it: the local contacts, else the line; without a line the desk's list is enough."""
    from .escalation import line_addresses
    from .routing import contacts_of

    ticket = Ticket.objects.select_related("organisation", "queue", "structure").get(pk=ticket_id)
    with_contact = ticket.route == Ticket.Route.CONTACT
    if with_contact and ticket.structure:
        told = [account.login for account in contacts_of(ticket.structure)]
    else:
        told = line_addresses(ticket)
    for address in told:
        _give_notice(ticket, address, ticket.subject, "line", {"page": _page(ticket), "may_answer": True})


def _give_notice(ticket: Ticket, address: str, subject: str, template: str, context: dict[str, object]) -> None:
    """The service writes by itself about a request; what is answered to it goes there."""
    from .correspondence import letter_send

    letter_send(
        ticket=ticket,
        kind=TicketLetter.Kind.NOTICE,
        address=address,
        subject=subject,
        template=template,
        automatic="auto-generated",
        context=context,
    )


def _page(ticket: Ticket) -> str:
    """Where whoever has it reads it."""
    names = {Ticket.Route.CONTACT: "support:school-ticket", Ticket.Route.SPECIALIST: "support:line-ticket"}
    return reverse(names.get(Ticket.Route(ticket.route), "support:handle"), args=[ticket.number])


@app.task(name="support.announce_due", retry=RETRY)
def announce_due(*, ticket_id: int, due_at: str, late: bool) -> None:
    """That a request is nearly late, or late."""
    from .escalation import told_of

    ticket = Ticket.objects.select_related("organisation", "queue", "assignee").get(pk=ticket_id)
    words = _("En retard : demande %(number)s") if late else _("Bientôt en retard : demande %(number)s")
    context = {"ticket": ticket, "page": _page(ticket), "due_at": dt.datetime.fromisoformat(due_at), "late": late}
    _send("due", words % {"number": ticket.number}, told_of(ticket, late=late), ticket.organisation, **context)


@app.task(name="support.send_alert", retry=RETRY)
def send_alert(*, alert_id: int, accounts: list[int]) -> None:
    """To each of these people, also outside the académie. It says nothing of the person: it may be read elsewhere."""
    from .alerts import addresses_of
    from .models import CriticalAlert

    alert = CriticalAlert.objects.select_related("ticket__organisation").get(pk=alert_id)
    ticket = alert.ticket
    people = Account.objects.filter(pk__in=accounts).select_related("recovery_address")
    told = [address for account in people for address in addresses_of(account, ticket.organisation_id)]
    subject = _("Alerte critique : demande %(number)s") % {"number": ticket.number}
    _send("alert", subject, list(dict.fromkeys(told)), ticket.organisation, ticket=ticket, alert=alert)


@app.periodic(cron="* * * * *")
@app.task(name="support.targets_watch", queueing_lock="support-targets-watch")
def targets_watch(timestamp: int) -> None:
    from .alerts import alerts_watch
    from .escalation import contacts_release, escalate_all

    alerts_watch()
    contacts_release()
    escalate_all()


@app.task(name="support.clocks_again", retry=RETRY)
def clocks_again(*, organisation_id: int) -> None:
    from .desk_settings import clocks_again as again

    again(organisation_id)


@app.task(name="support.measure_past", retry=RETRY)
def measure_past(*, organisation_id: int) -> None:
    from .measuring import measure_past as measure

    measure(organisation_id)


@app.periodic(cron="35 3 * * *")
@app.task(name="support.purge_facts", queueing_lock="support-purge-facts", retry=RETRY)
def purge_facts(timestamp: int) -> None:
    from .facts import facts_purge

    facts_purge()


@app.task(name="support.announce_proposal", retry=RETRY)
def announce_proposal(*, proposal_id: int) -> None:
    """To support, that similar requests gather."""
    from .models import IncidentProposal

    proposal = IncidentProposal.objects.select_related("organisation").get(pk=proposal_id)
    here = proposal.organisation
    subject = _("Un incident ? %(title)s") % {"title": proposal.title}
    _send("proposal", subject, desk_told(here), here, proposal=proposal, count=proposal.tickets.count())


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


@app.task(name="support.tell_watchers", retry=RETRY)
def tell_watchers(*, event_id: int) -> None:
    """Which step, and where to read it: the mail itself says nothing of what was written. Whoever may answer does so by answering it."""
    from .selectors import may_answer, told_of_step

    event = TicketEvent.objects.select_related("ticket__organisation", "ticket__queue", "actor__person").get(
        pk=event_id
    )
    ticket = event.ticket
    subject = _("Demande %(number)s : %(step)s") % {"number": ticket.number, "step": event.get_kind_display()}
    for account, path in told_of_step(event):
        context = {"event": event, "path": path, "has_it": ticket.assignee_id == account.pk}
        if may_answer(account, ticket):
            step = capfirst(event.get_kind_display())
            _give_notice(ticket, account.login, step, "watched", context | {"may_answer": True})
        else:
            _send("watched", subject, [account.login], ticket.organisation, ticket=ticket, **context)


@app.task(name="support.send_closing", retry=RETRY)
def send_closing(*, ticket_id: int) -> None:
    """That it is closed, how to open it again, and one question. Not for what an incident or another request answered for."""
    from .desk import desk_of
    from .selectors import reply_address
    from .services.closing import satisfaction_token

    ticket = Ticket.objects.select_related("organisation", "account__person", "account__recovery_address").get(
        pk=ticket_id
    )
    address = reply_address(ticket)
    if not address or ticket.state != Ticket.State.CLOSED or ticket.merged_into_id or ticket.incident_id:
        return
    context = {"token": satisfaction_token(ticket), "days": desk_of(ticket.organisation_id).days.reopen}
    _give_notice(ticket, address, _("Votre demande est close"), "closing", context)


@app.task(name="support.send_reminder", retry=RETRY)
def send_reminder(*, ticket_id: int) -> None:
    """That support waits for them."""
    from .selectors import reply_address

    ticket = Ticket.objects.select_related("organisation", "account__person", "account__recovery_address").get(
        pk=ticket_id
    )
    address = reply_address(ticket)
    if address and ticket.state == Ticket.State.WAITING:
        _give_notice(ticket, address, _("Nous attendons votre réponse"), "reminder", {})


@app.periodic(cron="20 * * * *")
@app.task(name="support.close_and_remind", queueing_lock="support-close-and-remind", retry=RETRY)
def close_and_remind(timestamp: int) -> None:
    from .services import tickets_close, tickets_remind

    tickets_remind()
    tickets_close()


@app.periodic(cron="25 4 * * *")
@app.task(name="support.sweep_attachments", queueing_lock="support-sweep-attachments")
def sweep_attachments(timestamp: int) -> None:
    from .services.attaching import orphans_sweep

    orphans_sweep()


@app.task(name="support.send_report", retry=RETRY)
def send_report(*, report_id: int, address: str) -> None:
    from .monthly import report_send

    report_send(report_id=report_id, address=address)


@app.task(name="support.ask_recipient", retry=RETRY)
def ask_recipient(*, recipient_id: int) -> None:
    """Whoever reads an address outside the académie, whether they want the report."""
    from .models import ReportRecipient
    from .monthly import confirm_token

    row = ReportRecipient.objects.select_related("organisation").filter(pk=recipient_id, confirmed_at=None).first()
    if row:
        subject = _("Recevoir le rapport mensuel de l'assistance ?")
        _send("report_ask", subject, [row.address], row.organisation, token=confirm_token(row))


@app.periodic(cron="10 4 * * *")
@app.task(name="support.reports_make", queueing_lock="support-reports-make", retry=RETRY)
def reports_make(timestamp: int) -> None:
    """Due on the 1st; every night, so that a night missed is caught up."""
    from django.utils import timezone

    from .monthly import reports_make as make

    make(timezone.localdate())
