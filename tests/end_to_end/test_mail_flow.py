"""Mail through the real daemons: who may write as whom, who receives, what is refused and where."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import subprocess
import uuid

import pytest

from tests.end_to_end.conftest import wait_until


def swaks(site, *arguments):
    common = ["--server", "127.0.0.1", "--port", str(site.config.listen.smtp), "--helo", "mail.partenaire.test"]
    return subprocess.run(["swaks", *common, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def julien(people):
    return people["Julien"]


@pytest.fixture
def submission(site, tls, julien):
    with smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30) as connection:
        connection.login(julien["sign_in"], julien["app_password"])
        yield connection


def message(sender, recipient, subject):
    return f"From: {sender}\r\nTo: {recipient}\r\nSubject: {subject}\r\n\r\nBonjour\r\n".encode()


def delivered(imap, person, subject):
    mailbox = imap(person["sign_in"], person["app_password"])

    def look():
        mailbox.select("INBOX")
        found = mailbox.search(None, "HEADER", "Subject", f'"{subject}"')[1][0].split()
        return mailbox.fetch(found[0], "(BODY.PEEK[])")[1][0][1].decode() if found else None

    return wait_until(look, subject)


def test_it_works(site, people, imap):
    subject = uuid.uuid4().hex
    sent = swaks(
        site, "--from", "claire.martin@partenaire.test", "--to", people["Julien"]["sign_in"], "--h-Subject", subject
    )
    assert sent.returncode == 0, sent.stdout
    content = delivered(imap, people["Julien"], subject)
    assert "X-Spam-Status:" in content
    assert "spf=pass" in content


def test_a_plus_address_reaches_its_owner(site, people, imap):
    subject = uuid.uuid4().hex
    address = people["Julien"]["sign_in"].replace("@", "+inscription@")
    assert (
        swaks(site, "--from", "claire.martin@partenaire.test", "--to", address, "--h-Subject", subject).returncode == 0
    )
    delivered(imap, people["Julien"], subject)


@pytest.mark.parametrize(
    ("sender", "recipient", "words"),
    [
        ("claire.martin@partenaire.test", "personne@ac-valmont.test", "User unknown"),
        ("claire.martin@partenaire.test", "u1@store.internal", "no such mailbox"),
        ("claire.martin@partenaire.test", "quelqu.un@ailleurs.test", "Relay access denied"),
        ("sophie.lemaire@ac-valmont.test", "julien.moreau@ac-valmont.test", "never writes from outside"),
    ],
)
def test_refused_at_the_door(site, sender, recipient, words):
    refused = swaks(site, "--from", sender, "--to", recipient)
    assert refused.returncode == 24
    assert words in refused.stdout


def test_mail_for_somebody_not_yet_activated_waits_for_them(site, people):
    sent = swaks(site, "--from", "claire.martin@partenaire.test", "--to", people["Camille"]["sign_in"])
    assert sent.returncode == 0


def test_a_sender_must_belong_to_the_sign_in(submission, julien, people):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        submission.sendmail(people["Sophie"]["sign_in"], [julien["sign_in"]], message("a", "b", "c"))
    assert b"not owned by user" in next(iter(refused.value.recipients.values()))[1]


def test_an_unknown_recipient_is_refused_at_once(submission, julien):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        submission.sendmail(julien["sign_in"], ["personne@ac-valmont.test"], message("a", "b", "c"))


def test_what_leaves_is_signed_and_hides_where_one_sits(submission, julien, outside):
    subject = uuid.uuid4().hex
    submission.sendmail(
        julien["sign_in"], ["editions@partenaire.test"], message(julien["sign_in"], "editions@partenaire.test", subject)
    )
    arrived = outside("editions", subject)
    assert arrived["X-Partner-DKIM"] == "pass"
    assert "d=ac-valmont.test" in arrived["DKIM-Signature"]
    assert not any("ESMTPA" in value or "Authenticated" in value for value in arrived.get_all("Received", []))


def test_a_refusal_of_the_partner_comes_back_as_a_notice(submission, julien, imap):
    subject = uuid.uuid4().hex
    submission.sendmail(
        julien["sign_in"], ["inconnu@partenaire.test"], message(julien["sign_in"], "inconnu@partenaire.test", subject)
    )
    notice = delivered(imap, julien, "Undelivered Mail Returned to Sender")
    assert "nobody of that name here" in notice


def imap_sign_in(listen, tls, login, secret):
    imaplib.IMAP4_SSL("localhost", listen.imaps, ssl_context=tls, timeout=30).login(login, secret)


def pop_sign_in(listen, tls, login, secret):
    connection = poplib.POP3_SSL("localhost", listen.pop3s, context=tls, timeout=30)
    connection.user(login)
    connection.pass_(secret)


def smtp_sign_in(listen, tls, login, secret):
    smtplib.SMTP_SSL("localhost", listen.submissions, context=tls, timeout=30).login(login, secret)


@pytest.mark.parametrize("attempt", [imap_sign_in, pop_sign_in, smtp_sign_in])
def test_the_main_password_opens_no_mail_protocol(site, tls, julien, attempt):
    with pytest.raises((imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPAuthenticationError)):
        attempt(site.config.listen, tls, julien["sign_in"], julien["password"])


def test_pop_reads_the_same_mailbox(site, tls, julien):
    connection = poplib.POP3_SSL("localhost", site.config.listen.pop3s, context=tls, timeout=30)
    connection.user(julien["sign_in"])
    connection.pass_(julien["app_password"])
    assert connection.stat()[0] > 0
    connection.quit()


def test_the_mailbox_has_its_folders_and_quota(imap, julien):
    mailbox = imap(julien["sign_in"], julien["app_password"])
    listed = b"\n".join(mailbox.list()[1]).decode()
    for role in ("sent", "drafts", "trash", "junk", "archive"):
        assert f"\\{role}" in listed.lower()
    assert b"10485760" in mailbox.getquotaroot("INBOX")[1][1][0]


def test_nobody_reaches_another_s_mailbox(imap, julien, people):
    mailbox = imap(julien["sign_in"], julien["app_password"])
    assert mailbox.select('"user/u2"')[0] == "NO"
    assert b"Other Users" not in b"\n".join(mailbox.list()[1])
