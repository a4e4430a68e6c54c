"""A conversation to read, on the real store."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from ecritoire.accounts.models import Account
from ecritoire.mailstore.jmap import JmapClient
from ecritoire.mailstore.services import mailbox_create

from .conftest import Deliver, mail

pytestmark = pytest.mark.live


def thread_of(live: JmapClient, email_id: str) -> str:
    answer = live.call(("Email/get", {"ids": [email_id], "properties": ["threadId"]}, "0"))["0"]
    return str(answer["list"][0]["threadId"])


def url_of(live: JmapClient, email_id: str, query: str = "") -> str:
    return reverse("webmail:conversation", args=[thread_of(live, email_id)]) + query


def test_it_works(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    email_id = deliver(mail("Conseil de classe", text="Jeudi à 17 h, voir https://ac-valmont.test/plan."))
    page = browser.get(url_of(live, email_id)).content.decode()
    assert "Conseil de classe" in page
    assert 'href="https://ac-valmont.test/plan"' in page


def test_opening_marks_as_read_and_costs_little(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    url = url_of(live, deliver(mail()))
    first, second = browser.get(url), browser.get(url)
    assert (first.context["round_trips"], second.context["round_trips"]) == (2, 1)
    assert first.context["folders"].with_role("inbox").unread == 0
    assert first.context["conversation"].messages[0].unread
    assert not second.context["conversation"].messages[0].unread


def test_read_messages_are_folded_and_the_last_is_open(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    deliver(mail(message_id="<a@x.test>"), seen=True, at="2026-01-05T08:00:00Z")
    deliver(mail("Re: Conseil de classe", answers="<a@x.test>"), at="2026-01-05T09:00:00Z")
    last = deliver(mail("Re: Conseil de classe", answers="<a@x.test>"), seen=True, at="2026-01-05T10:00:00Z")
    messages = browser.get(url_of(live, last)).context["conversation"].messages
    assert [message.is_open for message in messages] == [False, True, True]


def test_rubbish_is_left_out_until_asked_for(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    kept = deliver(mail(message_id="<a@x.test>"), seen=True)
    deliver(mail("Re: Conseil de classe", answers="<a@x.test>"), role="trash", seen=True)
    conversation = browser.get(url_of(live, kept)).context["conversation"]
    assert (len(conversation.messages), conversation.hidden) == (1, 1)
    assert len(browser.get(url_of(live, kept, "?tout=1")).context["conversation"].messages) == 2


def test_neighbours(browser: Client, deliver: Deliver, live: JmapClient, folders: dict[str, str]) -> None:
    ids = [deliver(mail(f"Note {n}"), seen=True, at=f"2026-01-0{n}T08:00:00Z") for n in (3, 2, 1)]
    response = browser.get(url_of(live, ids[1], f"?dossier={folders['inbox']}&rang=1"))
    assert response.context["round_trips"] == 1
    assert thread_of(live, ids[0]) in response.context["newer_url"]
    assert thread_of(live, ids[2]) in response.context["older_url"]
    moved = browser.get(url_of(live, ids[1], f"?dossier={folders['inbox']}&rang=0"))
    assert thread_of(live, ids[2]) in moved.context["older_url"]


def test_a_sender_from_outside_is_marked(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    inside = url_of(live, deliver(mail("Interne", message_id="<i@x.test>")))
    outside = url_of(live, deliver(mail("Externe", sender="Paul <paul@partenaire.test>")))
    assert "Expéditeur extérieur" not in browser.get(inside).content.decode()
    assert "Expéditeur extérieur" in browser.get(outside).content.decode()


def test_a_name_that_shows_another_address_is_denounced(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    email_id = deliver(mail(sender='"rectorat@ac-valmont.test" <x@pirate.test>'))
    assert "Le nom affiché contient une autre adresse" in browser.get(url_of(live, email_id)).content.decode()


def test_a_message_its_domain_disowns(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    verdict = "mail.ac-valmont.test; spf=softfail; dkim=none; dmarc=fail header.from=x.test"
    forged = mail("Un", Authentication_Results=verdict)
    foreign = mail("Deux", Authentication_Results=verdict.replace("mail.ac-valmont.test", "autre.test"))
    assert "Rien ne prouve" in browser.get(url_of(live, deliver(forged))).content.decode()
    assert "Rien ne prouve" not in browser.get(url_of(live, deliver(foreign))).content.decode()


def test_attachments_are_offered(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    message = mail("Photos", html='<p>Voici <img src="cid:logo"></p>')
    message.get_payload()[1].add_related(b"png", "image", "png", cid="<logo>")  # type: ignore[union-attr,index]
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="été / plan.pdf")
    message.add_attachment(mail("Message joint"))
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="conseil.ics")
    message.add_attachment(b"x", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    parts = browser.get(url_of(live, deliver(message))).context["conversation"].messages[0].attachments
    assert [part.name for part in parts] == ["été _ plan.pdf", "message joint 3.eml", "conseil.ics", "winmail.dat"]


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@x.test\r\nSubject: rien\r\n\r\n",
        b"Subject: =?utf-8?q?=ff=fe?=\r\nFrom: \xe9\xe8@x\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe\r\n",
        b"From: a@x.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nsans limite\r\n",
        b"From: a@x.test\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p\r\n",
        b"From: a@x.test\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n",
        b"From: a@x.test\r\nContent-Type: text/html; charset=utf-7\r\n\r\n+ADw-script+AD4-alert(1)+ADw-/script+AD4-\r\n",
        b"Date: pas une date\r\nTo: undisclosed-recipients:;\r\nFrom: <>\r\n\r\nbonjour\r\n",
    ],
    ids=["empty", "charset", "no-boundary", "half-html", "bad-base64", "utf-7", "bad-headers"],
)
def test_an_odd_message_opens(browser: Client, deliver: Deliver, live: JmapClient, raw: bytes) -> None:
    email_id = deliver(raw)
    assert browser.get(url_of(live, email_id)).status_code == 200
    body = browser.get(reverse("webmail:body", args=[email_id]))
    assert body.status_code == 200
    assert "<script>alert" not in body.content.decode()
    assert browser.get(reverse("webmail:details", args=[email_id])).status_code == 200
    assert browser.get("/courrier/").status_code == 200


def test_details_show_headers_and_verdicts(browser: Client, deliver: Deliver) -> None:
    verdict = "mail.ac-valmont.test; spf=pass smtp.mailfrom=x; dkim=pass; dmarc=pass"
    email_id = deliver(mail(X_Curieux="<b>valeur</b>", Authentication_Results=verdict))
    page = browser.get(reverse("webmail:details", args=[email_id])).content.decode()
    assert "X-Curieux" in page
    assert "&lt;b&gt;valeur" in page
    assert "DMARC : pass" in page


@pytest.mark.parametrize("name", ["conversation", "details", "body", "blob", "folder"])
def test_what_is_not_there_is_not_found(browser: Client, live: JmapClient, name: str) -> None:
    path = reverse(f"webmail:{name}", args=["-"])
    for key in ("Tnexistepas", "Mnexistepas", "Gnexistepas", "x", "a b", "é", "\0", "..", "x" * 255, "x" * 1000):
        assert browser.get(path.replace("/-/", f"/{quote(key)}/")).status_code == 404, key


def test_a_stranger_finds_nothing(client: Client, stranger: Account, deliver: Deliver, live: JmapClient) -> None:
    email_id = deliver(mail("Confidentiel"))
    thread_id = thread_of(live, email_id)
    mailbox_create(account=stranger)
    client.defaults.update({"wsgi.url_scheme": "https", "SERVER_NAME": "localhost"})
    client.force_login(stranger)
    for name, key in (("conversation", thread_id), ("details", email_id), ("body", email_id)):
        assert client.get(reverse(f"webmail:{name}", args=[key])).status_code == 404
