"""Functional mailboxes of the demonstration: the schools' own, with mail, and one made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Access, FunctionalMailbox
from ecritoire.directory.selectors_functional import with_address
from ecritoire.directory.services import functional_create, functional_guest_add, organisation_ensure
from ecritoire.mailstore.selectors_functional import to_follow
from ecritoire.mailstore.services_functional import functional_follow

from .filling import mailbox_fill
from .messages import Correspondent, generate
from .people import SEED

LETTERS = 18


def examinations_make(*, accounts: Mapping[str, Account]) -> None:
    """The examination office: V0004 owns it, V0003 may read it."""
    owner, reader = accounts["V0004"], accounts["V0003"]
    office = functional_create(
        organisation=organisation_ensure(),
        local_part="examens",
        name="Division des examens et concours",
        kind=FunctionalMailbox.Kind.EXAM,
        structure=None,
        acting_user=accounts["V0001"],
    )
    for account, access in ((owner, Access.OWNER), (reader, Access.READER)):
        functional_guest_add(
            mailbox=office,
            person=account.person,
            access=access,
            starts_on=timezone.localdate(),
            ends_on=None,
            acting_user=accounts["V0001"],
        )


def shared_fill(*, accounts: Mapping[str, Account], say: Callable[[str], object]) -> None:
    """Mail in those somebody may open; the others wait, as in life."""
    colleagues = [Correspondent(str(account.person), account.login) for account in accounts.values()]
    everywhere = list(FunctionalMailbox.objects.values_list("pk", flat=True))
    for mailbox in with_address(FunctionalMailbox.objects.filter(pk__in=to_follow(everywhere))):
        letters = generate(
            seed=SEED - mailbox.pk,
            now=timezone.localtime(),
            count=LETTERS,
            owner=Correspondent(mailbox.name, mailbox.address),
            colleagues=colleagues,
            domain=settings.MAIL_DOMAIN,
        )
        say(f"{mailbox.name}: {mailbox_fill(store_id=mailbox.store_id, messages=letters)} messages")
        functional_follow(mailbox_id=mailbox.pk)
