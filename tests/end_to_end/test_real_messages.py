"""Hundreds of real-world messages, broken ones among them: delivered by SMTP, then opened in the webmail."""

from __future__ import annotations

import email
import re
import smtplib
from html import unescape

import pytest

from launcher.selfcheck.web import SIGN_IN, TOKEN, Browser
from tests.end_to_end.conftest import wait_until
from tests.real_messages import real_messages

FEWEST, FEW = 500, 5
CONVERSATION = re.compile(r'href="(/courrier/conversation/[^"]+)"')
FRAME = re.compile(r'src="(/courrier/message/[^"]+/corps/)"')
DETAILS = re.compile(r'href="(/courrier/message/[^"]+/details/)"')
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def distinct(messages):
    """The messages, none with another's Message-ID: the store keeps one of those in a mailbox."""
    seen = set()
    for rank, message in enumerate(messages):
        head, blank, body = message.partition(b"\r\n\r\n")
        identity = str(email.message_from_bytes(head)["Message-ID"]).strip()
        if identity in seen:
            head = re.sub(rb"(?im)^message-id:[^\r\n]*", b"Message-ID: <%d@doublon.test>" % rank, head, count=1)
        seen.add(identity)
        yield head + blank + body


def held(connection):
    """How many messages the mailbox holds, in all its folders."""
    folders = [row.decode().rpartition(' "/" ')[2] for row in connection.list()[1]]
    status = [connection.status(folder, "(MESSAGES)")[1][0] for folder in folders]
    return sum(int(number) for row in status for number in re.findall(rb"MESSAGES (\d+)", row))


def deliver(site, recipient, messages):
    """Hand the messages to the front door; returns what it said of those it refused."""
    refused = []
    with smtplib.SMTP("127.0.0.1", site.config.listen.smtp, "mail.partenaire.test", timeout=60) as connection:
        for message in messages:
            try:
                connection.sendmail("liste@partenaire.test", [recipient], message, ["BODY=8BITMIME"])
            except smtplib.SMTPDataError as error:
                refused.append((message, error.smtp_error))
    return refused


def read_newest(site, person, count):
    """Open the inbox's newest conversations until ``count`` messages were seen, each body and each page of details."""
    browser, opened, failures, url = Browser(site), 0, [], "/courrier/"

    def page(url):
        status, _, content = browser.request("GET", unescape(url))
        if status != 200:
            failures.append((status, url))
        return content

    token = TOKEN.findall(page(SIGN_IN))[0]
    form = {"csrfmiddlewaretoken": token, "login": person["sign_in"], "password": person["password"]}
    assert browser.request("POST", SIGN_IN, form)[0] == 302
    while url and opened < count:
        listed = page(url)
        for conversation in sorted(set(CONVERSATION.findall(listed))):
            content = page(f"{unescape(conversation)}&tout=1")
            for part in {*FRAME.findall(content), *DETAILS.findall(content)}:
                page(part)
            opened += len(set(DETAILS.findall(content)))
        following = NEXT.search(listed)
        url = following[1] if following else ""
    return opened, failures


@pytest.mark.timeout(600)
def test_it_works(site, agent, imap):
    messages, person = list(distinct(real_messages())), agent
    assert len(messages) >= FEWEST
    mailbox = imap(person["sign_in"], person["app_password"])
    before = held(mailbox)
    refused = deliver(site, person["sign_in"], messages)
    assert {said for _, said in refused} <= {b"5.7.1 Spam message rejected", b"5.7.1 Gtube pattern"}
    assert len(refused) <= FEW
    count = len(messages) - len(refused)
    wait_until(lambda: (mailbox.noop(), held(mailbox) >= before + count)[1], f"{count} messages")
    opened, failures = read_newest(site, person, count)
    assert failures == []
    assert opened >= count
