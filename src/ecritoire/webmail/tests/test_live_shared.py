"""A functional mailbox in the webmail, beside one's own: same pages, same cost, as far as one's access goes."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Access, FunctionalMailbox, FunctionalMember
from ecritoire.directory.services import (
    functional_change,
    functional_create,
    functional_guest_add,
    functional_guest_remove,
)
from ecritoire.mailflow import submission
from ecritoire.mailstore.jmap import JmapClient
from ecritoire.mailstore.services import mailbox_create, store_connect_as, store_open
from ecritoire.mailstore.services_functional import functional_follow
from ecritoire.webmail.compose import sending

from .conftest import Deliver, account_make, mail, wait_indexed

pytestmark = pytest.mark.live
TODAY = dt.date.today()
LetIn = Callable[..., FunctionalMember]


@pytest.fixture
def colleague(db: None) -> Account:
    """Bea, who works for the same mailbox."""
    account = account_make("bea.collegue@ac-valmont.test")
    account.person.given_name = "Bea"
    account.person.save()
    return account


@pytest.fixture
def mailbox(account: Account) -> FunctionalMailbox:
    run = uuid.uuid4().hex[:10]
    made = functional_create(
        organisation=account.person.organisation,
        local_part=f"dec{run}",
        name="Division des examens",
        kind=FunctionalMailbox.Kind.EXAM,
        structure=None,
        acting_user=account,
    )
    made.store_id = f"f-{run}"
    made.save()
    return made


@pytest.fixture
def let_in(live: JmapClient, mailbox: FunctionalMailbox) -> LetIn:
    def enter(account: Account, access: Access = Access.DELEGATE) -> FunctionalMember:
        mailbox_create(account=account)
        account.person.right_from = TODAY
        account.person.save()
        functional_guest_add(
            mailbox=mailbox, person=account.person, access=access, starts_on=TODAY, ends_on=None, acting_user=account
        )
        functional_follow(mailbox_id=mailbox.pk)
        return mailbox.members.get(person=account.person, left_on__isnull=True)

    return enter


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What was handed to Postfix."""
    handed: list[dict[str, object]] = []
    monkeypatch.setattr(sending, "message_submit", lambda **values: handed.append(values))
    return handed


@pytest.fixture
def two(client: Client, colleague: Account) -> Client:
    """The colleague's browser."""
    other = Client()
    other.defaults.update({"wsgi.url_scheme": "https", "SERVER_NAME": "localhost"})
    other.force_login(colleague)
    return other


def drop(mailbox: FunctionalMailbox, subject: str = "Inscription", **headers: str) -> None:
    with store_connect_as(mailbox.store_id) as imap:
        message = mail(subject, sender="Paul Parent <paul@partenaire.test>", to=mailbox.address, **headers)
        assert imap.append("INBOX", "", None, message.as_bytes().replace(b"\n", b"\r\n"))[0] == "OK"


def home(mailbox: FunctionalMailbox) -> str:
    return f"/courrier/boite/{mailbox.pk}/"


def test_it_works(browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn) -> None:
    let_in(account)
    drop(mailbox)
    page = browser.get(home(mailbox))
    (row,) = page.context["page"].rows
    assert str(row.subject) == "Inscription"
    text = page.content.decode()
    assert f'href="{home(mailbox)}conversation/{row.thread_id}/' in text
    inside = set(re.findall(r'(?:href|action)="(/courrier/[^"]*)"', text))
    assert {url for url in inside if not url.startswith(home(mailbox))} == {"/courrier/", "/courrier/signature/"}, (
        "every link stays in the mailbox"
    )


def test_the_switch_counts_what_is_unread_in_each(
    browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn, deliver: Deliver
) -> None:
    let_in(account)
    drop(mailbox)
    deliver(mail("À moi"))
    for url in ("/courrier/", home(mailbox)):
        folders = browser.get(url).context["folders"]
        assert folders.inboxes == {account.store_id: 1, mailbox.store_id: 1}


def test_a_page_costs_as_much_there_as_in_one_s_own(
    browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn, deliver: Deliver
) -> None:
    let_in(account)
    drop(mailbox)
    deliver(mail("À moi"), seen=True)
    costs = []
    for url in ("/courrier/", home(mailbox)):
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(url)
        costs.append((len(queries), page.context["round_trips"]))
    assert costs[0] == costs[1]
    assert costs[0][1] == 1
    assert costs[0][0] <= 6


def test_what_one_has_read_the_team_has_read(
    browser: Client, two: Client, account: Account, colleague: Account, mailbox: FunctionalMailbox, let_in: LetIn
) -> None:
    let_in(account)
    let_in(colleague)
    drop(mailbox)
    (row,) = browser.get(home(mailbox)).context["page"].rows
    browser.get(f"{home(mailbox)}conversation/{row.thread_id}/")
    (row,) = two.get(home(mailbox)).context["page"].rows
    assert not row.unread


def test_an_answer_leaves_as_the_mailbox_and_the_team_knows_who_wrote(
    browser: Client,
    two: Client,
    account: Account,
    colleague: Account,
    mailbox: FunctionalMailbox,
    let_in: LetIn,
    sent: list[dict[str, object]],
) -> None:
    let_in(account)
    let_in(colleague)
    drop(mailbox)
    functional_change(mailbox=mailbox, acting_user=account, signature="La division des examens")
    (row,) = browser.get(home(mailbox)).context["page"].rows
    url = f"{home(mailbox)}ecrire/reponse/{row.email_id}/"
    page = browser.get(url).content.decode()
    assert "-- \nLa division des examens" in page
    hint = two.get(f"{home(mailbox)}conversation/{row.thread_id}/").content.decode()
    assert "Ana Lecture prépare une réponse" in hint
    data = {
        "to": "paul@partenaire.test",
        "subject": "Re: Inscription",
        "body": "Bien reçu.",
        "sender": "as",
        "send": "1",
    }
    assert browser.post(url, {**data, "token": "t1"}).status_code == 302
    (handed,) = sent
    assert (handed["sender"], handed["login"]) == (mailbox.address, account.login)
    head = bytes(handed["message"]).partition(b"\r\n\r\n")[0].decode()  # type: ignore[call-overload]
    assert f"<{mailbox.address}>" in head
    assert account.login not in head
    assert "X-Ecritoire-Agent" not in head
    assert "Sender:" not in head
    seen = two.get(f"{home(mailbox)}conversation/{row.thread_id}/")
    assert "écrit par Ana Lecture" in seen.content.decode()
    assert "prépare une réponse" not in seen.content.decode()
    answered = seen.context["conversation"].messages[0].raw["keywords"]
    assert answered.get("$answered")


def test_on_behalf_names_the_agent(
    browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn, sent: list[dict[str, object]]
) -> None:
    let_in(account, Access.ASSISTANT)
    url = f"{home(mailbox)}ecrire/"
    data = {"to": "paul@partenaire.test", "subject": "Convocation", "body": "Voici.", "send": "1"}
    refused = browser.post(url, {**data, "sender": "as", "token": "a"})
    assert refused.status_code == 422, "an assistant does not write as the mailbox alone"
    assert browser.post(url, {**data, "token": "b"}).status_code == 302
    head = bytes(sent[0]["message"]).partition(b"\r\n\r\n")[0].decode()  # type: ignore[call-overload]
    assert re.search(rf"^From: .*<{mailbox.address}>", head, re.MULTILINE)
    assert re.search(rf"^Sender: .*<{account.login}>", head, re.MULTILINE)
    assert sent[0]["sender"] == mailbox.address


def test_a_reader_reads_and_no_more(
    browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn
) -> None:
    let_in(account, Access.READER)
    drop(mailbox)
    (row,) = browser.get(home(mailbox)).context["page"].rows
    page = browser.get(f"{home(mailbox)}conversation/{row.thread_id}/")
    assert page.status_code == 200
    assert "Répondre" not in page.content.decode()
    assert browser.get(home(mailbox)).context["page"].rows[0].unread
    for url in ("ecrire/", f"ecrire/reponse/{row.email_id}/", "dossiers/"):
        assert browser.get(f"{home(mailbox)}{url}").status_code == 403
    assert browser.post(f"{home(mailbox)}action/", {"action": "delete", "fil": row.thread_id}).status_code == 403


def test_an_assistant_makes_no_folders(
    browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn
) -> None:
    let_in(account, Access.ASSISTANT)
    assert browser.get(f"{home(mailbox)}dossiers/").status_code == 403


def test_a_folder_made_there_shares_what_is_read(
    browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn
) -> None:
    let_in(account)
    assert browser.post(f"{home(mailbox)}dossiers/", {"name": "Concours", "parent": ""}).status_code == 302
    with store_connect_as(mailbox.store_id) as imap:
        imap.xatom("GETMETADATA", "Concours", "(/shared/vendor/cmu/cyrus-imapd/sharedseen)")
        assert b'"true"' in b"".join(part for part in imap.response("METADATA")[1] if isinstance(part, bytes))


def test_gestures_and_their_undoing(
    browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn
) -> None:
    let_in(account)
    drop(mailbox)
    (row,) = browser.get(home(mailbox)).context["page"].rows
    browser.post(f"{home(mailbox)}action/", {"action": "archive", "fil": row.thread_id})
    assert not browser.get(home(mailbox)).context["page"].rows
    key = browser.session["webmail_undo"]["key"]
    browser.post("/courrier/annuler/", {"cle": key})
    assert not browser.get(home(mailbox)).context["page"].rows, "not from another mailbox"
    browser.post(f"{home(mailbox)}annuler/", {"cle": key})
    assert browser.get(home(mailbox)).context["page"].rows


def test_search_and_attachments_stay_inside(
    browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn
) -> None:
    let_in(account)
    drop(mailbox, "Dossier Zéphyrin")
    with store_open(account=account, mailbox=mailbox.store_id) as store:
        wait_indexed(store, "Zéphyrin")
    page = browser.get(f"{home(mailbox)}recherche/?q=objet:Zéphyrin")
    assert page.context["round_trips"] == 1
    (row,) = page.context["page"].rows
    text = browser.get(f"{home(mailbox)}conversation/{row.thread_id}/").content.decode()
    source = unescape(re.findall(rf'href="({home(mailbox)}piece/[^"]*)"', text)[0])
    answer: Any = browser.get(source)
    assert b"".join(answer.streaming_content)
    assert browser.get(source.replace(home(mailbox), "/courrier/")).status_code == 404


PAGES = ["", "dossiers/", "recherche/?q=x", "ecrire/", "conversation/T1/", "piece/G1/", "message/M1/corps/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_finds_nothing(browser: Client, live: JmapClient, mailbox: FunctionalMailbox, path: str) -> None:
    assert browser.get(f"{home(mailbox)}{path}").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_an_address_kept_after_leaving_opens_nothing(
    browser: Client, account: Account, mailbox: FunctionalMailbox, let_in: LetIn, path: str
) -> None:
    let_in(account)
    assert browser.get(home(mailbox)).status_code == 200
    functional_guest_remove(guest=mailbox.guests.get(), acting_user=account)
    assert browser.get(f"{home(mailbox)}{path}").status_code == 404
    assert browser.get("/courrier/").status_code == 200


def test_a_new_member_comes_before_the_job(
    browser: Client, live: JmapClient, account: Account, mailbox: FunctionalMailbox
) -> None:
    account.person.right_from = TODAY
    account.person.save()
    values = {"access": Access.OWNER, "starts_on": TODAY, "ends_on": None, "acting_user": account}
    functional_guest_add(mailbox=mailbox, person=account.person, **values)  # type: ignore[arg-type]
    assert browser.get("/courrier/").status_code == 200, "a mailbox that is not made yet breaks no page"
    assert browser.get(home(mailbox)).status_code == 200
    assert mailbox.members.get().last_opened_on == TODAY


def test_recipients_are_found_by_school_and_by_code(browser: Client, account: Account) -> None:
    from ecritoire.directory.models import Structure
    from ecritoire.directory.services import functional_ensure

    Structure.objects.create(
        organisation=account.person.organisation,
        uai="0991299Z",
        name="Collège des Ormes",
        kind="middle",
        city="Montclair",
        search_name="college des ormes montclair 0991299z",
    )
    functional_ensure()
    for typed in ("ormes", "0991299", "ce.0991299z"):
        people = browser.get("/courrier/destinataires/", {"q": typed}).json()["people"]
        assert any("ce.0991299z@" in person and "Ormes" in person for person in people), typed


def test_the_submission_service_decides(account: Account, mailbox: FunctionalMailbox) -> None:
    """Postfix reads the running service's own tables: nobody is a member there of a mailbox made in this test."""
    with pytest.raises(submission.SenderRefused):
        submission.message_submit(
            login=account.login, sender=mailbox.address, recipients=["x@partenaire.test"], message=b"Subject: x\r\n\r\n"
        )


def test_one_s_own_store_is_not_the_team_s(live: JmapClient, account: Account, mailbox: FunctionalMailbox) -> None:
    with store_open(account=account) as client:
        assert client.account_id == account.store_id
