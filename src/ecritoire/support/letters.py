"""Mail to ``assistance@``: it opens a request, or goes to the one it is about. Runs in the transaction of its delivery."""

from __future__ import annotations

import datetime as dt
import logging
import re
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.common.roles import Action
from ecritoire.mailflow.letterbox import Letter, LetterRefused
from ecritoire.mailflow.reading import (
    LOOP,
    File,
    answered_ids,
    best_text,
    files_of,
    header,
    is_bounce,
    message_id,
    sender_address,
    sender_name,
    trimmed,
    undelivered_to,
    without_files,
)

from . import tasks
from .models import Ticket, TicketEvent, TicketLetter, TicketMessage
from .selectors import has_line_of, may_answer
from .services import (
    OPEN_EACH,
    UNKNOWN_DAILY,
    ticket_answer,
    ticket_note,
    ticket_open,
    ticket_relay,
    ticket_write,
    unknown_today,
)
from .services.attaching import files_keep
from .services.closing import may_reopen
from .services.steps import say, step

logger = logging.getLogger(__name__)
NUMBER = re.compile(r"\[(\d{4}-\d{6})\]")
REPLY_MARKS = re.compile(r"^((re|ré|rép|tr|fwd?|aw)\s*:\s*)+", re.I)
NOTE = "#note"
FILES = 20
RECEIPTS_DAILY = 10
State = Ticket.State


@dataclass(frozen=True)
class Writer:
    """Who wrote: ``account`` only when From may be believed."""

    address: str
    name: str
    account: Account | None

    def takes_part(self, ticket: Ticket) -> bool:
        if self.account and self.account.pk in {ticket.account_id, ticket.opened_by_id}:
            return True
        return self.agent_of(ticket) is not None

    def agent_of(self, ticket: Ticket) -> Account | None:
        """The account, when it has this request of somebody else's: support, a specialist of its line, a local contact whose turn it is."""
        account = self.account
        if account is None or not account.is_activated or not account.writes_from(self.address):
            return None
        return account if may_answer(account, ticket) else None


def letter_take(letter: Letter) -> None:
    writer = _writer(letter)
    ticket = _ticket(letter, writer)
    if letter.is_automatic and (ticket or _is_reply(letter)):
        _automatic(ticket, letter, writer)
    elif ticket is None:
        _new(letter, writer)
    elif agent := writer.agent_of(ticket):
        _by_agent(ticket, letter, writer, agent)
    elif _is_over(ticket):
        _new(letter, writer, follows=ticket)
    else:
        _by_person(ticket, letter, writer)


def _writer(letter: Letter) -> Writer:
    address = sender_address(letter.message).lower() or letter.sender.lower()
    account = _account(address) if letter.is_authentic else None
    return Writer(address[:254], sender_name(letter.message), account)


def _account(address: str) -> Account | None:
    """Whose address it is; nobody's when several share it."""
    theirs = Q(login=address) | Q(person__addresses__address=address, person__addresses__retired_at=None)
    verified = Q(recovery_address__address__iexact=address, recovery_address__verified_at__isnull=False)
    found = list(Account.objects.filter(theirs).distinct()[:2]) or list(Account.objects.filter(verified).distinct()[:2])
    return found[0] if len(found) == 1 else None


def _ticket(letter: Letter, writer: Writer) -> Ticket | None:
    """By the sealed address; else, for those who take part in it, by what it answers or the number in its subject."""
    here = Ticket.objects.filter(organisation=letter.organisation).select_related(
        "account__person", "organisation", "merged_into"
    )
    if letter.reference:
        found = here.filter(number=letter.reference).first()
        return found.merged_into or found if found else None
    names = answered_ids(letter.message)
    found = here.filter(letters__identifier__in=names).order_by("-pk").first() if names else None
    numbered = NUMBER.search(header(letter.message, "Subject"))
    found = found or (here.filter(number=numbered[1]).first() if numbered else None)
    if found is None or not (writer.takes_part(found) or _is_contact(found, letter, writer)):
        return None
    return found.merged_into or found


def _is_contact(ticket: Ticket, letter: Letter, writer: Writer) -> bool:
    """Somebody without an account who wrote the request from that address."""
    return letter.is_authentic and ticket.account_id is None and ticket.contact.lower() == writer.address


def _is_reply(letter: Letter) -> bool:
    """An automatic answer or report to something, of no use as a request."""
    submitted = header(letter.message, "Auto-Submitted").lower()
    answers = submitted.startswith("auto-replied") or bool(answered_ids(letter.message))
    ours = bool(header(letter.message, LOOP))
    return not letter.sender.strip("<>") or answers or ours or is_bounce(letter.message, letter.sender)


def _is_over(ticket: Ticket) -> bool:
    """For good: a page would not open it again either."""
    return ticket.state == State.CLOSED and not may_reopen(ticket)


def _automatic(ticket: Ticket | None, letter: Letter, writer: Writer) -> None:
    """A note for support, and nothing else: no answer, no change of state."""
    if ticket is None:
        logger.info("an automatic message that answers no request is dropped")
        return
    lost = undelivered_to(letter.message) if is_bounce(letter.message, letter.sender) else []
    if lost:
        text = _("Votre réponse n'a pas été remise à %(address)s.") % {"address": ", ".join(lost)}
    else:
        text = _("Réponse automatique de %(address)s :\n\n%(text)s") % {
            "address": writer.address or _("expéditeur vide"),
            "text": best_text(letter.message),
        }
    said = say(
        ticket,
        author=None,
        side=TicketMessage.Side.SYSTEM,
        audience=TicketMessage.Audience.INTERNAL,
        text=text,
    )
    step(ticket, TicketEvent.Kind.NOTED)
    _remember(ticket, said, letter, writer)


def _by_agent(ticket: Ticket, letter: Letter, writer: Writer, agent: Account) -> None:
    """Whoever has the request answers from their own mail program; what starts with #note stays among support, as on their page."""
    text, files = _text(letter), _files(letter)
    is_contact = not agent.may(Action.TICKET_HANDLE) and not has_line_of(agent, ticket)
    if text.lower().startswith(NOTE):
        keep = ticket_relay if is_contact else ticket_note
        said = keep(ticket=ticket, acting_user=agent, text=text[len(NOTE) :].strip() or _("(sans texte)"), files=files)
    else:
        side = TicketMessage.Side.CONTACT if is_contact else TicketMessage.Side.SUPPORT
        said = ticket_answer(ticket=ticket, acting_user=agent, text=text, state=State.WAITING, side=side, files=files)
    _remember(ticket, said, letter, writer)


def _by_person(ticket: Ticket, letter: Letter, writer: Writer) -> None:
    text = _text(letter)
    if not writer.takes_part(ticket) and not _is_contact(ticket, letter, writer):
        text = _("De %(address)s :\n\n%(text)s") % {"address": writer.address or _("expéditeur inconnu"), "text": text}
    author = writer.account if writer.takes_part(ticket) else None
    said = ticket_write(ticket=ticket, author=author, text=text, files=_files(letter))
    _remember(ticket, said, letter, writer, keeps=True)


def _new(letter: Letter, writer: Writer, follows: Ticket | None = None) -> None:
    """A request of whoever wrote; of nobody known when From cannot be believed. The twenty-first open one goes to the last."""
    last = _full(writer, letter)
    if last is not None:
        _by_person(last, letter, writer)
        return
    if writer.account is None and unknown_today() >= UNKNOWN_DAILY:
        raise LetterRefused("too many requests from unknown senders today, please telephone")
    ticket = ticket_open(
        kind=Ticket.Kind.OTHER,
        subject=_subject(letter),
        text=_text(letter),
        account=writer.account,
        opened_by=writer.account,
        contact=writer.address,
        name=writer.name,
        organisation=letter.organisation,
        channel=Ticket.Channel.MAIL,
        given={"follows": follows.number} if follows else None,
        files=_files(letter),
    )
    _remember(ticket, None, letter, writer, keeps=True)
    if not letter.is_automatic and writer.address and _receipts_today(writer.address) < RECEIPTS_DAILY:
        tasks.send_receipt.defer(ticket_id=ticket.pk, address=writer.address)


def _full(writer: Writer, letter: Letter) -> Ticket | None:
    """The last request of somebody who has too many open ones."""
    whose = Q(account=writer.account) if writer.account else Q(account=None, contact=writer.address)
    rows = list(Ticket.objects.filter(whose, state__in=Ticket.OPEN).order_by("-pk")[:OPEN_EACH])
    return rows[0] if len(rows) == OPEN_EACH else None


def _receipts_today(address: str) -> int:
    since = timezone.now() - dt.timedelta(days=1)
    kind = TicketLetter.Kind.RECEIPT
    return TicketLetter.objects.filter(address=address, kind=kind, created_at__gt=since).count()


def _subject(letter: Letter) -> str:
    return NUMBER.sub("", REPLY_MARKS.sub("", header(letter.message, "Subject"))).strip() or _("(sans objet)")


def _text(letter: Letter) -> str:
    return trimmed(best_text(letter.message)) or _("(sans texte)")


def _files(letter: Letter) -> list[File]:
    return files_of(letter.message)[:FILES]


def _remember(
    ticket: Ticket, said: TicketMessage | None, letter: Letter, writer: Writer, *, keeps: bool = False
) -> None:
    """Its Message-ID, for the answers to come; with ``keeps`` the message as it was, since only its own words are shown, without the
    files that are kept beside it."""
    TicketLetter.objects.create(
        ticket=ticket,
        message=said,
        kind=TicketLetter.Kind.RECEIVED,
        identifier=message_id(letter.message),
        address=writer.address,
    )
    if keeps:
        content = without_files(letter.content, letter.message, (file.content for file in _files(letter)))
        whole = File(_("message d'origine") + ".eml", "message/rfc822", content)
        files_keep(ticket=ticket, message=said, files=[whole], is_original=True)
