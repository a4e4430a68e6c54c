from __future__ import annotations

from collections.abc import Callable

import pytest

from ecritoire.accounts.models import Account
from ecritoire.common.roles import Role
from ecritoire.forum.models import Section, Topic
from ecritoire.forum.services import conduct_accept, topic_ask


@pytest.fixture
def phones(anne: Account, boris: Account) -> Section:
    """A section open to all, where Anne and Boris may write."""
    for account in (anne, boris):
        conduct_accept(account=account)
    return Section.objects.create(organisation=anne.person.organisation, name="Téléphones")


@pytest.fixture
def question(phones: Section, anne: Account) -> Topic:
    return topic_ask(
        section=phones, author=anne, title="Réinitialiser ma tablette", text="Comment **faire** ?", tags=["tablette"]
    )


@pytest.fixture
def moderator(make_account: Callable[..., Account]) -> Account:
    return make_account("Maud", "Rature", Role.COMMUNICATION)
