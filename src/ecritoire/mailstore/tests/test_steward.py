"""The steward: cuts one mailbox's connections and no other's, for the service user alone."""

from __future__ import annotations

import imaplib
import os
import poplib
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ecritoire.accounts.models import Account
from ecritoire.accounts.services import app_password_create, app_password_revoke
from ecritoire.accounts.services.management import account_suspend
from ecritoire.accounts.tokens import token_issue
from ecritoire.mailstore.services import mailbox_create
from ecritoire.mailstore.services_rules import connections_cut, steward_ask
from ecritoire.mailstore.steward import serves, times_in
from ecritoire.mailstore.tests.test_mailbox import direct
from tests.end_to_end.conftest import wait_until

pytestmark = pytest.mark.django_db


def is_open(connection: imaplib.IMAP4) -> bool:
    try:
        return connection.noop()[0] == "OK"
    except (imaplib.IMAP4.error, OSError):
        return False


def test_it_works(newcomer: Account):
    mailbox_create(account=newcomer)
    connection = direct(newcomer)
    connection.select("INBOX")
    assert is_open(connection)
    assert connections_cut(store_id=newcomer.store_id) >= 1
    wait_until(lambda: not is_open(connection), "the end of the connection")


def test_pop_is_cut_too(newcomer: Account):
    mailbox_create(account=newcomer)
    connection = poplib.POP3("127.0.0.1", settings.CONFIG.internal.pop3, timeout=20)
    connection.user(newcomer.store_id)
    connection.pass_(token_issue(newcomer.store_id))
    assert connections_cut(store_id=newcomer.store_id) >= 1
    with pytest.raises((poplib.error_proto, OSError)):
        connection.noop()


def test_nobody_else_s_connection_is_touched(newcomer: Account, monkeypatch):
    mailbox_create(account=newcomer)
    connection = direct(newcomer)
    connections_cut(store_id=f"{newcomer.store_id}0")
    connections_cut(store_id=newcomer.store_id[:-1])
    assert is_open(connection)
    connection.logout()


def test_a_connection_waiting_in_idle_is_cut_too(newcomer: Account):
    mailbox_create(account=newcomer)
    connection = direct(newcomer)
    connection.select("INBOX")
    connection.send(b"a1 IDLE\r\n")
    assert connection.readline().startswith(b"+")
    connections_cut(store_id=newcomer.store_id)
    lines = iter(connection.readline, b"")
    assert all(not line.startswith(b"a1 OK") for line in lines)


@pytest.mark.parametrize("asked", ["cut", "cut ../u1", "kill u1", "cut u1 u2", "", "rules u1;id", "x" * 10_000])
def test_what_is_no_errand_is_refused(asked):
    path = settings.CONFIG.data_dir / "run" / "steward" / "steward.sock"
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.sendall(f"{asked}\n".encode())
        assert connection.makefile().readline() == "null\n"


def test_a_mailbox_nobody_has_is_no_fault():
    assert steward_ask("cut", "u999999999") == 0
    assert steward_ask("rules", "u999999999") == {}


def test_only_the_service_user_may_write_to_the_socket():
    folder = settings.CONFIG.data_dir / "run" / "steward"
    for path in (folder, folder / "steward.sock"):
        assert path.owner() == "cyrus"
        assert path.group() == "ecritoire"
        assert not path.stat().st_mode & stat.S_IRWXO
    refused = subprocess.run(
        ["runuser", "-u", "www-data", "--", "test", "-w", str(folder / "steward.sock")], check=False
    )
    assert refused.returncode != 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("imap\tlocalhost [127.0.0.1]\tu7\tuser.u7\t", True),
        ("imap\tlocalhost [127.0.0.1]\tu7@store.internal\t\t", True),
        ("imap\tlocalhost [127.0.0.1]\tu77\tuser.u7\t", False),
        ("imap\tlocalhost [127.0.0.1]\t\t\t", False),
        ("imap", False),
    ],
)
def test_whom_a_process_serves(line, expected):
    assert serves(line.split("\t"), "u7") is expected


def test_scripts_have_the_time_of_their_files(tmp_path: Path):
    (tmp_path / "Tri.bc").write_bytes(b"x")
    os.utime(tmp_path / "Tri.bc", (1000, 1000))
    (tmp_path / "defaultbc").symlink_to("Tri.bc")
    (tmp_path / "Tri.script").write_bytes(b"x")
    times = dict(times_in(tmp_path))
    assert times["Tri"] == 1000
    assert times[""] > 1000
    assert len(times) == 2


def jobs(account: Account) -> int:
    from procrastinate.contrib.django.models import ProcrastinateJob

    found = ProcrastinateJob.objects.filter(task_name="mailstore.connections_cut", args={"store_id": account.store_id})
    return found.count()


def test_a_suspended_account_is_cut(anne, admin):
    account_suspend(account=anne, acting_user=admin)
    assert jobs(anne) == 2


def test_an_application_that_loses_its_secret_is_cut(anne):
    row, _secret = app_password_create(account=anne, name="Téléphone")
    app_password_revoke(app_password=row, acting_user=anne)
    assert jobs(anne) == 2


def test_it_needs_no_django():
    script = "import sys, ecritoire.mailstore.steward; sys.exit('django' in sys.modules)"
    root = Path(settings.PROJECT_ROOT)
    assert (
        subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": f"{root}/src:{root}"}, check=False).returncode
        == 0
    )
