"""Making mailboxes and speaking JMAP, on the real store."""

from __future__ import annotations

import imaplib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ecritoire.accounts.models import Account
from ecritoire.accounts.tokens import token_issue
from ecritoire.mailstore.jmap import JmapClient, JmapError, SetError, StoreUnavailable
from ecritoire.mailstore.selectors import role_ids
from ecritoire.mailstore.services import mailbox_create, store_open

ROLES = {"inbox", "sent", "drafts", "trash", "junk", "archive"}


def direct(account: Account) -> imaplib.IMAP4:
    connection = imaplib.IMAP4("127.0.0.1", settings.CONFIG.internal.imap, timeout=20)
    connection.login(account.store_id, token_issue(account.store_id))
    return connection


def test_a_new_mailbox_has_every_special_folder_and_a_quota(newcomer):
    mailbox_create(account=newcomer)
    with store_open(account=newcomer) as client:
        assert set(role_ids(client)) == ROLES
    with direct(newcomer) as connection:
        quota = connection.getquotaroot("INBOX")[1][1][0].decode()
    assert quota.endswith(f" {settings.CONFIG.mail.quota_megabytes * 1024})")


def test_the_first_page_makes_the_mailbox_when_the_job_has_not(newcomer):
    with store_open(account=newcomer) as client:
        assert set(role_ids(client)) == ROLES


def test_four_at_once_make_one_whole_mailbox(newcomer):
    with ThreadPoolExecutor(4) as pool:
        for made in [pool.submit(mailbox_create, account=newcomer) for _ in range(4)]:
            made.result()
    with store_open(account=newcomer) as client:
        assert set(role_ids(client)) == ROLES


def test_what_a_crash_left_half_made_is_completed(newcomer):
    mailbox_create(account=newcomer)
    with direct(newcomer) as connection:
        assert connection.xatom("SETMETADATA", "Sent", "(/private/specialuse NIL)")[0] == "OK"
        assert connection.delete("Sent")[0] == "OK"
    mailbox_create(account=newcomer)
    with store_open(account=newcomer) as client:
        assert set(role_ids(client)) == ROLES


def test_a_store_that_is_down_is_worth_another_try(newcomer, settings):
    nobody_there = settings.CONFIG.internal.model_copy(update={"imap": 1})
    settings.CONFIG = settings.CONFIG.model_copy(update={"internal": nobody_there})
    with pytest.raises(StoreUnavailable):
        mailbox_create(account=newcomer)


def test_nobody_at_the_socket(tmp_path: Path):
    nobody = JmapClient(socket_path=tmp_path / "none", account_id="u1", token="x")
    with nobody as client, pytest.raises(StoreUnavailable):
        client.call(("Mailbox/get", {"ids": None}, "m"))


def test_a_wrong_token_opens_nothing(newcomer):
    mailbox_create(account=newcomer)
    with store_open(account=newcomer) as rightful:
        path: Any = rightful._connection._path
    stranger = JmapClient(socket_path=path, account_id=newcomer.store_id, token="0.wrong")
    with stranger as client, pytest.raises(JmapError, match="401"):
        client.call(("Mailbox/get", {"ids": None}, "m"))


def test_a_method_the_store_refuses_names_its_reason(newcomer):
    with store_open(account=newcomer) as client:
        with pytest.raises(JmapError, match="invalidArguments"):
            client.call(("Mailbox/get", {"ids": 3}, "m"))
        with pytest.raises(SetError):
            client.set("Mailbox", destroy=["no-such-folder"])


def test_a_blob_goes_up_and_comes_back_whole(newcomer):
    content = bytes(range(256)) * 1000
    with store_open(account=newcomer) as client:
        uploaded = client.upload(content, "application/octet-stream")
        blob = client.download(uploaded["blobId"])
        assert b"".join(blob.chunks) == content
        assert uploaded["size"] == len(content)
        with pytest.raises(JmapError, match="404"):
            client.download("G" + "0" * 40)
