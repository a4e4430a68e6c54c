"""A person with a real mailbox of their own in the store, made for one test."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial

import pytest
from django.conf import settings
from django.test import Client

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Organisation, Person
from ecritoire.mailstore.jmap import JmapClient
from ecritoire.mailstore.services import mailbox_create, store_open

Deliver = Callable[..., str]
Indexed = Callable[[str], None]
INDEX_SECONDS = 15


def account_make(login: str, **fields: object) -> Account:
    organisation, _ = Organisation.objects.get_or_create(
        mail_domain=settings.MAIL_DOMAIN, defaults={"name": "Académie de Valmont"}
    )
    person = Person.objects.create(
        organisation=organisation,
        employee_number=login,
        given_name="Ana",
        family_name="Lecture",
        birth_date=date(1980, 1, 1),
        category=Person.Category.TEACHER,
    )
    return Account.objects.create(person=person, login=login, state=Account.State.ACTIVATED, **fields)


@pytest.fixture
def account(db: None) -> Account:
    """Ana, who owns the mailbox."""
    return account_make("ana.lecture@ac-valmont.test")


@pytest.fixture
def stranger(db: None) -> Account:
    """Somebody with a mailbox of their own and no business in Ana's."""
    return account_make("bob.etranger@ac-valmont.test")


@pytest.fixture
def live(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[JmapClient]:
    """Ana's store, open; every account's store id is new, so that tests never meet."""
    run = uuid.uuid4().hex[:12]
    monkeypatch.setattr(Account, "store_id", property(lambda self: f"t{run}{self.pk}"))
    mailbox_create(account=account)
    with store_open(account=account) as client:
        yield client


@pytest.fixture
def browser(client: Client, account: Account) -> Client:
    """Ana's browser, over HTTPS."""
    client.defaults.update({"wsgi.url_scheme": "https", "SERVER_NAME": "localhost"})
    client.force_login(account)
    return client


@pytest.fixture
def folders(live: JmapClient) -> dict[str, str]:
    """Folder ids by role."""
    answer = live.call(("Mailbox/get", {"properties": ["role"]}, "folders"))
    return {folder["role"]: folder["id"] for folder in answer["folders"]["list"]}


@pytest.fixture
def deliver(live: JmapClient, folders: dict[str, str]) -> Deliver:
    """Put a message in Ana's mailbox; returns its email id."""

    def put(message: EmailMessage | bytes, *, role: str = "inbox", at: str = "", **keywords: bool) -> str:
        content = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP)
        blob = live.upload(content, "message/rfc822")
        email = {"blobId": blob["blobId"], "mailboxIds": {folders[role]: True}}
        email["keywords"] = {f"${name}": True for name, wanted in keywords.items() if wanted}
        if at:
            email["receivedAt"] = at
        answer = live.call(("Email/import", {"emails": {"new": email}}, "import"))["import"]
        assert answer.get("created"), answer
        return str(answer["created"]["new"]["id"])

    return put


@pytest.fixture
def indexed(live: JmapClient) -> Callable[[str], None]:
    """Wait until Ana's messages can be found by a word."""
    return partial(wait_indexed, live)


def wait_indexed(store: JmapClient, word: str) -> None:
    """Wait until the store's indexer, which follows deliveries, has met ``word``."""
    deadline = time.monotonic() + INDEX_SECONDS
    query = {"filter": {"text": word}, "limit": 1}
    while not store.call(("Email/query", query, "0"))["0"]["ids"]:
        assert time.monotonic() < deadline, f"{word!r} was not indexed within {INDEX_SECONDS} s"
        time.sleep(0.05)


def mail(
    subject: str = "Conseil de classe",
    *,
    sender: str = "Élodie Martin <elodie.martin@ac-valmont.test>",
    text: str = "Bonjour,\n\nLe conseil a lieu jeudi.\n",
    html: str = "",
    answers: str = "",
    message_id: str = "",
    **headers: str,
) -> EmailMessage:
    """A message to Ana."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = headers.pop("to", "ana.lecture@ac-valmont.test")
    message["Subject"] = subject
    message["Message-ID"] = message_id or f"<{uuid.uuid4()}@exemple.test>"
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message
