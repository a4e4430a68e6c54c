"""A mailbox's worth of mail: conversations over fourteen months, newsletters, spam."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from . import attachments
from .topics import NEWSLETTER, SLOTS, SPAM, TOPICS, Topic

DAYS = 420
LENGTHS = [1] * 50 + [2] * 22 + [3] * 14 + [4] * 8 + [6] * 4 + [9, 20]
PARENTS = [
    "Aïcha Morel",
    "Bernard Lopez",
    "Céline Vannier",
    "Denis Roche",
    "Estelle Prigent",
    "Farid Amrani",
    "Gaëlle Hubert",
    "Henri Tessier",
]


@dataclass(frozen=True)
class Correspondent:
    name: str
    address: str

    @property
    def header(self) -> Address:
        return Address(self.name, addr_spec=self.address)


@dataclass(frozen=True)
class GeneratedMessage:
    """``folder`` is an IMAP name, ``flags`` IMAP flags; ``content`` is RFC 5322."""

    folder: str
    flags: tuple[str, ...]
    received_at: dt.datetime
    content: bytes


def generate(
    *, seed: int, now: dt.datetime, count: int, owner: Correspondent, colleagues: list[Correspondent], domain: str
) -> Iterator[GeneratedMessage]:
    """``count`` messages of ``owner``'s mailbox, conversation by conversation; the same for the same arguments."""
    writer = _Writer(random.Random(seed), now, owner, colleagues, domain)
    made = 0
    while made < count:
        for message in writer.next_group():
            if made == count:
                return
            made += 1
            yield message


class _Writer:
    def __init__(
        self,
        chance: random.Random,
        now: dt.datetime,
        owner: Correspondent,
        colleagues: list[Correspondent],
        domain: str,
    ) -> None:
        self.chance, self.now, self.owner, self.colleagues, self.domain = chance, now, owner, colleagues, domain
        self._number = 0

    def next_group(self) -> list[GeneratedMessage]:
        kind = self.chance.random()
        if kind < 0.05:
            return [self._newsletter()]
        if kind < 0.09:
            return [self._spam()]
        return self._conversation(self.chance.choice(TOPICS))

    def _slots(self) -> dict[str, str]:
        drawn = {name: self.chance.choice(values) for name, values in SLOTS.items()}
        return drawn | {
            "eleve2": self.chance.choice(SLOTS["eleve"]),
            "salle2": self.chance.choice(SLOTS["salle"]),
            "petit": str(self.chance.randint(2, 6)),
        }

    def _moment(self) -> dt.datetime:
        """A moment people write at: working days mostly, more of them lately."""
        while True:
            back = self.chance.triangular(0, DAYS, 0)
            at = (self.now - dt.timedelta(days=back)).replace(hour=min(22, max(6, int(self.chance.gauss(13, 4)))))
            at = at.replace(minute=self.chance.randrange(60), second=self.chance.randrange(60), microsecond=0)
            quiet = at.weekday() > 4 or at.month == 8
            if at < self.now and (not quiet or self.chance.random() < 0.12):
                return at

    def _other(self, topic: Topic) -> Correspondent:
        if topic.from_ == "parent":
            name = self.chance.choice(PARENTS)
            return Correspondent(name, f"{_plain(name)}@famille-mail.test")
        if topic.from_ == "partner":
            return Correspondent("Claire Martin", "claire.martin@partenaire.test")
        if topic.from_ == "service":
            return Correspondent("Bureau des personnels", f"bureau.personnels@{self.domain}")
        if topic.from_ == "robot":
            return Correspondent("Carnet de liaison", f"carnet@{self.domain}")
        return self.chance.choice(self.colleagues)

    def _conversation(self, topic: Topic) -> list[GeneratedMessage]:
        slots, at = self._slots(), self._moment()
        other = self._other(topic)
        subject = self.chance.choice(topic.subjects).format(**slots)
        length = self.chance.choice(LENGTHS) if topic.answers else 1
        opened_by_owner = topic.from_ == "colleague" and self.chance.random() < 0.25
        messages: list[GeneratedMessage] = []
        identifiers: list[str] = []
        previous = ""
        for rank in range(length):
            by_owner = (rank % 2 == 1) != opened_by_owner
            texts = topic.openings if rank == 0 else topic.answers
            body = self._sign(self.chance.choice(texts).format(**slots), self.owner if by_owner else other)
            message = self._mail(by_owner, other, subject if rank == 0 else f"Re: {subject}", at, identifiers)
            attached = topic.attachment if rank == 0 and self.chance.random() < 0.5 else ""
            _fill(self.chance, message, body + previous, attached, subject)
            messages.append(self._place(message, by_owner, at, topic.folder))
            name = (self.owner if by_owner else other).name
            previous = f"\n\nLe {at:%d/%m/%Y} à {at:%H:%M}, {name} a écrit :\n" + "".join(
                f"> {line}\n" for line in body.splitlines()
            )
            at += dt.timedelta(minutes=self.chance.randint(7, 1500))
            if at > self.now:
                break
        return messages

    def _sign(self, body: str, who: Correspondent) -> str:
        close = self.chance.choice(
            ["Bien cordialement,", "Cordialement,", "Bonne journée,", "Bien à vous,", "À bientôt,"]
        )
        return f"{body}\n\n{close}\n{who.name}"

    def _mail(
        self, by_owner: bool, other: Correspondent, subject: str, at: dt.datetime, identifiers: list[str]
    ) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        sender, recipient = (self.owner, other) if by_owner else (other, self.owner)
        message["From"], message["To"], message["Subject"] = sender.header, recipient.header, subject
        if self.chance.random() < 0.15:
            message["Cc"] = self.chance.choice(self.colleagues).header
        message["Date"] = format_datetime(at)
        self._number += 1
        identifier = f"<{self.chance.getrandbits(64):x}.{self._number}@{sender.address.partition('@')[2]}>"
        message["Message-ID"] = identifier
        if identifiers:
            message["In-Reply-To"], message["References"] = identifiers[-1], " ".join(identifiers[-10:])
        identifiers.append(identifier)
        return message

    def _place(self, message: EmailMessage, by_owner: bool, at: dt.datetime, folder: str) -> GeneratedMessage:
        age = (self.now - at).days
        if by_owner:
            return GeneratedMessage("Sent", (r"\Seen",), at, bytes(message))
        old = age > 45
        place = (
            folder
            if old and folder != "INBOX"
            else ("Archive" if age > 200 and self.chance.random() < 0.5 else "INBOX")
        )
        unread = self.chance.random() < (0.25 if age < 10 else 0.01)
        flags = () if unread else (r"\Seen",)
        return GeneratedMessage(
            place, (*flags, *((r"\Flagged",) if self.chance.random() < 0.04 else ())), at, bytes(message)
        )

    def _newsletter(self) -> GeneratedMessage:
        slots, at = self._slots(), self._moment()
        sender = Correspondent("La lettre de Valmont", "lettre@lettre-valmont.test")
        message = self._mail(False, sender, f"La lettre de {slots['mois']}", at, [])
        message["List-Id"] = "<lettre.lettre-valmont.test>"
        message.set_content(f"La lettre de {slots['mois']} : {slots['classe']} au {slots['lieu']}.")
        message.add_alternative(NEWSLETTER.format(**slots), subtype="html")
        html = message.get_payload()[1]  # type: ignore[index]
        html.add_related(attachments.png(), "image", "png", cid="<logo>")  # type: ignore[union-attr]
        return self._place(message, False, at, "INBOX")

    def _spam(self) -> GeneratedMessage:
        slots, at = self._slots(), self._moment()
        subject, body = self.chance.choice(SPAM)
        sender = Correspondent("Service Informatique", f"info{self.chance.randint(1, 99)}@verif-compte.test")
        message = self._mail(False, sender, subject.format(**slots), at, [])
        message.set_content(body.format(**slots))
        return GeneratedMessage("Junk", (r"\Seen",) if self.chance.random() < 0.5 else (), at, bytes(message))


def _fill(chance: random.Random, message: EmailMessage, body: str, attached: str, title: str) -> None:
    old_fashioned = chance.random() < 0.12
    if old_fashioned:
        body = body.encode("iso-8859-15", "replace").decode("iso-8859-15")
        message.set_content(body, charset="iso-8859-15", cte="quoted-printable")
    else:
        message.set_content(body, cte="8bit")
    if attached == "pdf":
        message.add_attachment(attachments.pdf("Document"), "application", "pdf", filename=f"{title[:40]}.pdf")
    elif attached == "csv":
        message.add_attachment(attachments.csv("Tableau"), "text", "csv", filename="tableau.csv")


def _plain(name: str) -> str:
    from ecritoire.directory.addresses import slug

    return ".".join(slug(word) for word in name.split())
