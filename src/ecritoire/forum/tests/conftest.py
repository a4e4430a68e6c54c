from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from ecritoire.accounts.models import Account
from ecritoire.common.roles import Role
from ecritoire.forum.models import Section, Topic
from ecritoire.forum.services import conduct_accept, topic_ask
from ecritoire.mailflow.letterbox import Letter


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


@pytest.fixture
def letter(question: Topic, anne: Account) -> Callable[..., Letter]:
    """An answer by mail, by default one that is published."""

    def make(
        text: str = "Merci.\n\nLe 3 mars, Boris a écrit :\n> Par les réglages.", author: Account = anne, **values: Any
    ) -> Letter:
        message = EmailMessage()
        message["From"], message["Subject"] = author.login, "Re: [Forum]"
        message.set_content(text)
        here = anne.person.organisation
        return Letter(
            box="forum",
            organisation=here,
            sender=author.login,
            recipient="forum@x",
            reference=values.get("reference", f"{question.pk}.{anne.pk}"),
            message=message,
            content=message.as_bytes(),
            is_automatic=values.get("is_automatic", False),
            is_authentic=values.get("is_authentic", True),
        )

    return make
