"""Requests by mail through the real Postfix, filter, letterbox daemon and store."""

import email
import json
import os
import signal
import smtplib
import subprocess
import uuid
from email import policy
from email.message import EmailMessage

import pytest

from launcher import config
from launcher.site import Site
from launcher.supervisor import Supervisor

from .conftest import NARROW, WIDE, wait_until
from .test_pages import look

OUTSIDE = "editions@partenaire.test"


FRESH = """
from ecritoire.mailflow.models import Arrival
from ecritoire.support.models import Ticket, TicketLetter
Ticket.objects.filter(channel="mail", account=None).update(state="closed")
TicketLetter.objects.filter(kind="receipt").delete()
Arrival.objects.all().delete()
"""


@pytest.fixture(scope="module", autouse=True)
def fresh_day():
    """What earlier runs sent counts no more: somebody may have twenty open requests, ten receipts a day."""
    subprocess.run(
        [str(config.PROJECT_ROOT / "ecritoire"), "manage", "shell", "-c", FRESH], check=True, capture_output=True
    )


@pytest.fixture
def write(site, tls, agent):
    """Somebody writes with their mail program."""

    def send(subject, text, to="assistance@ac-valmont.test", files=(), **headers):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = agent["sign_in"], to, subject
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        for name, content in files:
            message.add_attachment(content, maintype="image", subtype="png", filename=name)
        with smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30) as connection:
            connection.login(agent["sign_in"], agent["app_password"])
            connection.send_message(message)

    return send


@pytest.fixture
def received(imap, agent):
    """Their newest message whose text or subject holds some words, over IMAP."""
    mailbox = imap(agent["sign_in"], agent["app_password"])

    def find(words):
        def look():
            mailbox.select("INBOX", readonly=True)
            found = mailbox.search(None, "FROM", '"assistance@ac-valmont.test"')[1][0].split()
            for number in reversed(found[-30:]):
                content = mailbox.fetch(number, "(RFC822)")[1][0][1]
                message = email.message_from_bytes(content, policy=policy.default)
                if words in str(message["Subject"]) + text_of(message):
                    return message
            return None

        return wait_until(look, f"a message with {words!r}")

    return find


def text_of(message):
    body = message.get_body()
    return body.get_content() if body else ""


def from_outside(site, subject, *arguments, to="assistance@ac-valmont.test", sender=OUTSIDE):
    common = ["--server", "127.0.0.1", "--port", str(site.config.listen.smtp), "--helo", "mail.partenaire.test"]
    command = ["swaks", *common, "--from", sender, "--to", to, "--h-Subject", subject, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


LOOK = """
import json, sys
from ecritoire.support.models import Ticket
rows = Ticket.objects.filter(subject={subject!r})
print("found" + json.dumps([
    [row.number, row.state, row.account.login if row.account else "", list(row.messages.values_list("side", "audience", "text")),
     row.letters.filter(kind="receipt").count()] for row in rows
]))
"""


def requests(subject):
    """What the desk has under that subject: number, state, login, what was said, receipts sent."""
    command = [str(config.PROJECT_ROOT / "ecritoire"), "manage", "shell", "-c", LOOK.format(subject=subject)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return json.loads(told.partition("found")[2])


def test_it_works(agent, write, received, signed_in):
    subject = f"Écran {uuid.uuid4().hex[:8]}"
    picture = b"\x89PNG\r\n\x1a\n" + bytes(200)
    write(subject, "L'écran reste noir.", files=[("écran.png", picture)])
    row = wait_until(lambda: requests(subject), "the request")[0]
    number = row[0]
    assert row[2] == agent["sign_in"]
    receipt = received(f"[{number}]")
    assert receipt["Auto-Submitted"] == "auto-replied"
    page = signed_in("Nadia")
    page.goto(f"/assistance/file/{number}/")
    shown = page.get_by_role("link", name="écran.png")
    got = page.request.get(page.evaluate("link => link.href", shown.element_handle()))
    assert got.body() == picture
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    page.get_by_label("Réponse à la personne").fill("Changez le câble.")
    page.get_by_label("Pièces jointes").first.set_input_files(
        [{"name": "notice.html", "mimeType": "text/html", "buffer": b"<p>notice</p>"}]
    )
    page.get_by_role("button", name="Envoyer la réponse").click()
    page.get_by_text("Changez le câble.").wait_for()
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 860})
        look(page)
    link = page.get_by_role("link", name="notice.html")
    got = page.request.get(page.evaluate("link => link.href", link.element_handle()))
    assert got.headers["content-disposition"].startswith("attachment")
    answer = requests_answer(received, number)
    assert [part.get_filename() for part in answer.iter_attachments()] == ["notice.html"]
    quoted = "\n".join(f"> {line}" for line in text_of(answer).splitlines())
    write(
        f"Re: {answer['Subject']}",
        f"C'était cela.\n\nLe lundi 2 mars 2026 à 10:00, Assistance a écrit :\n{quoted}",
        to=answer["Reply-To"],
        In_Reply_To=answer["Message-ID"],
    )
    wait_until(lambda: ["person", "public", "C'était cela."] in requests(subject)[0][3], "the answer of the person")


def test_an_agent_answers_with_their_mail_program(site, tls, people, agent, write, received):
    """By answering what Reply-To names; the person gets it as any answer."""
    subject, word = uuid.uuid4().hex, uuid.uuid4().hex
    write(subject, "Rien ne s'imprime.")
    number = wait_until(lambda: requests(subject), "the request")[0][0]
    back, nadia = received(f"[{number}]")["Reply-To"], people["Nadia"]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = nadia["sign_in"], back, f"Re: [{number}]"
    message.set_content(f"Essayez {word}.")
    with smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30) as connection:
        connection.login(nadia["sign_in"], nadia["app_password"])
        connection.send_message(message)
    answer = received(word)
    assert answer["Auto-Submitted"] is None
    assert answer["Reply-To"] == back
    assert nadia["sign_in"] not in answer.as_string(), "the agent's own address is not given away"


def requests_answer(received, number):
    message = received("Changez le câble.")
    assert number in message["Subject"]
    return message


def test_a_stranger_gets_a_number_and_nothing_else(site, outside):
    subject = uuid.uuid4().hex
    assert from_outside(site, subject, "--body", "Un mot secret").returncode == 0
    number = wait_until(lambda: requests(subject), "the request")[0][0]
    receipt = outside("editions", f"demande {number}")
    assert "Un mot secret" not in receipt.as_string()
    assert receipt["X-Partner-DKIM"] == "pass"


def test_an_automatic_answer_to_our_receipt_ends_there(site, outside):
    subject = uuid.uuid4().hex
    from_outside(site, subject)
    number = wait_until(lambda: requests(subject), "the request")[0][0]
    back = outside("editions", f"demande {number}")["Reply-To"]
    word = uuid.uuid4().hex
    from_outside(site, "Absente", "--h-Auto-Submitted", "auto-replied", "--body", word, to=back)
    row = wait_until(lambda: [row for row in requests(subject) if row[3]], "the note")[0]
    assert row[1] == "new"
    assert [(side, audience) for side, audience, _ in row[3]] == [("system", "internal")]
    assert row[4] == 1, "one receipt, and none for the automatic answer"


def test_a_receipt_that_cannot_be_delivered_is_noted(site):
    """plein@partenaire.test has no room: the report comes back to the sealed address."""
    subject = uuid.uuid4().hex
    assert from_outside(site, subject, sender="plein@partenaire.test").returncode == 0
    row = wait_until(lambda: [row for row in requests(subject) if row[3]], "the note")[0]
    assert row[3] == [["system", "internal", "Votre réponse n'a pas été remise à plein@partenaire.test."]]


def test_an_unknown_local_part_is_refused_at_the_door(site):
    assert "User unknown" in from_outside(site, "x", to="assistances@ac-valmont.test").stdout


def test_a_killed_daemon_loses_nothing(site):
    """Mail that comes while it is dead waits in Postfix, and is taken once."""
    supervisor = Supervisor(Site(config.load()))
    subjects = [uuid.uuid4().hex for _ in range(6)]
    for at, subject in enumerate(subjects):
        if at in {1, 3}:
            os.kill(supervisor.states()["letters"]["pid"], signal.SIGKILL)
        assert from_outside(site, subject, sender="accueil@partenaire.test").returncode == 0
    wait_until(lambda: supervisor.states()["letters"]["statename"] == "RUNNING", "the daemon")
    etc = str(site.etc("postfix"))

    def all_there():
        subprocess.run(["/usr/sbin/postqueue", "-c", etc, "-f"], check=True)
        return all(requests(subject) for subject in subjects)

    wait_until(all_there, "the messages")
    assert [len(requests(subject)) for subject in subjects] == [1] * 6
