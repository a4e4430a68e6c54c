"""The mailbox a page is about: one's own, or a functional one as far as one's access goes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors import sender_addresses
from ecritoire.common.requests import AccountRequest
from ecritoire.directory.models import Access, FunctionalMember
from ecritoire.directory.selectors_functional import memberships_of

from .compose.addresses import Person
from .here import mail_url_in


@dataclass(frozen=True)
class Box:
    """One line of the switch between mailboxes."""

    name: str | Promise
    address: str
    store_id: str
    url: str
    is_here: bool


@dataclass(frozen=True)
class Identity:
    """Whom a message comes from. ``agent`` wrote it for a shared mailbox; ``on_behalf`` says so to its readers (Sender)."""

    key: str
    label: str
    sender: Person
    agent: Person | None = None
    on_behalf: bool = False


@dataclass(frozen=True)
class Place:
    """``member`` is None in one's own mailbox; ``memberships`` are the others one may open."""

    account: Account
    member: FunctionalMember | None
    memberships: list[FunctionalMember]

    @classmethod
    def find(cls, account: Account, mailbox_id: int | None) -> Place | None:
        """None when ``account`` is not, or no longer, let into that mailbox."""
        memberships = memberships_of(account.person_id)
        if mailbox_id is None:
            return cls(account, None, memberships)
        member = next((row for row in memberships if row.mailbox_id == mailbox_id), None)
        return cls(account, member, memberships) if member else None

    @property
    def mailbox_id(self) -> int | None:
        return self.member.mailbox_id if self.member else None

    @property
    def is_shared(self) -> bool:
        return self.member is not None

    @property
    def name(self) -> str | Promise:
        return self.member.mailbox.name if self.member else _("Ma boîte")

    @property
    def store_id(self) -> str:
        return self.member.mailbox.store_id if self.member else self.account.store_id

    @property
    def address(self) -> str:
        return self.member.mailbox.address if self.member else self.account.login

    @property
    def may_write(self) -> bool:
        """Mark, file, delete, write."""
        return self.member is None or self.member.may_send

    @property
    def may_arrange(self) -> bool:
        """Make, rename and remove folders."""
        return self.member is None or self.member.may_send_as

    @property
    def is_owner(self) -> bool:
        return self.member is not None and self.member.access == Access.OWNER

    @cached_property
    def boxes(self) -> list[Box]:
        """One's own and the others; none to choose from when there is only one's own."""
        if not self.memberships:
            return []
        own = Box(_("Ma boîte"), self.account.login, self.account.store_id, mail_url_in(None, "inbox"), not self.member)
        return [own, *(self._box(row) for row in self.memberships)]

    def _box(self, row: FunctionalMember) -> Box:
        box, url = row.mailbox, mail_url_in(row.mailbox_id, "inbox")
        return Box(box.name, box.address, box.store_id, url, row.mailbox_id == self.mailbox_id)

    @property
    def others(self) -> list[str]:
        """Store ids of the mailboxes beside this one, whose unread mail the switch counts."""
        return [box.store_id for box in self.boxes if not box.is_here]

    @cached_property
    def identities(self) -> list[Identity]:
        """Under which names one may write here, the usual first; none where one only reads."""
        name = self.account.display_name
        if self.member is None:
            own = sender_addresses(account=self.account)
            return [Identity(address, address, {"name": name, "email": address}) for address in own]
        if not self.may_write:
            return []
        mailbox = self.member.mailbox
        sender: Person = {"name": mailbox.name, "email": mailbox.address}
        agent: Person = {"name": name, "email": self.account.login}
        behalf = _("%(mailbox)s, de la part de %(name)s") % {"mailbox": mailbox.address, "name": name}
        found = [Identity("behalf", str(behalf), sender, agent, on_behalf=True)]
        if self.member.may_send_as:
            found.insert(0, Identity("as", f"{mailbox.name} <{mailbox.address}>", sender, agent))
        return found

    @property
    def elsewhere(self) -> list[Box]:
        """The mailboxes one may write from, beside this one."""
        writing = {row.mailbox.store_id for row in self.memberships if row.may_send} | {self.account.store_id}
        return [box for box in self.boxes if not box.is_here and box.store_id in writing]


class MailRequest(AccountRequest):
    """A request behind ``doors.mail_view``."""

    place: Place
