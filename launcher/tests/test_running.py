"""The instance the tests run on: it checks itself, comes up twice without a change, and survives a crash."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time

import pytest

from launcher import config
from launcher.certificates import not_after
from launcher.config import PROJECT_ROOT
from launcher.selfcheck.runner import run
from launcher.site import Site
from launcher.supervisor import Supervisor, wait_for


@pytest.fixture(scope="module")
def site():
    return Site(config.load())


def launch(*words):
    path = f"{PROJECT_ROOT}/src:{PROJECT_ROOT}"
    command = [sys.executable, "-m", "launcher", *words]
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=PROJECT_ROOT)


def test_the_self_check_finds_everything_well():
    done = launch("selfcheck", "--json")
    report = json.loads(done.stdout)
    assert report["ok"], [check for check in report["checks"] if not check["ok"]]
    assert done.returncode == 0
    assert {"name", "ok", "ms", "detail"} == set(report["checks"][0])
    names = {check["name"] for check in report["checks"]}
    assert names >= {
        "web sign-in", "message in from outside", "message out and back", "IMAP", "submission", "JMAP", "filter",
        "signature", "jobs", "clock", "disk", "certificate dates",
    }  # fmt: skip


def test_a_second_up_changes_nothing(site):
    before = {name: row["pid"] for name, row in Supervisor(site).states().items()}
    done = launch("up")
    assert done.returncode == 0, done.stderr
    assert {name: row["pid"] for name, row in Supervisor(site).states().items()} == before


def test_status_shows_every_program(site):
    done = launch("status")
    assert done.returncode == 0, done.stdout
    assert all(
        name in done.stdout for name in ("postgres", "cyrus", "postfix", "rspamd", "nginx", "web", "jobs", "auth")
    )


@pytest.mark.parametrize("program", ["auth", "jobs", "rspamd", "redis"])
def test_a_killed_program_comes_back_and_mail_still_flows(site, program):
    supervisor = Supervisor(site)
    pid = supervisor.states()[program]["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: supervisor.states()[program]["pid"] not in {0, pid}, f"{program} again", 30)
    wait_for(lambda: supervisor.states()[program]["statename"] == "RUNNING", f"{program} running", 30)
    deadline = time.monotonic() + 60
    while not all(check.ok for check in run(site)):
        assert time.monotonic() < deadline, [check for check in run(site) if not check.ok]


def test_a_failed_check_is_reported_and_exits_1(site):
    supervisor = Supervisor(site)
    supervisor.stop("auth")
    try:
        done = launch("selfcheck", "--json")
    finally:
        supervisor.start_program("auth")
        wait_for(lambda: supervisor.states()["auth"]["statename"] == "RUNNING", "auth", 30)
    report = json.loads(done.stdout)
    failed = {check["name"] for check in report["checks"] if not check["ok"]}
    assert done.returncode == 1
    assert {"programs", "IMAP"} <= failed


def test_secrets_are_for_the_service_alone(site):
    assert site.secrets.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in site.secrets.iterdir())


def test_no_secret_is_in_a_log(site):
    secrets = [path.read_text().strip().encode() for path in site.secrets.iterdir()]
    for log in site.log.glob("*.log"):
        content = log.read_bytes()
        assert not any(secret in content for secret in secrets), log


def test_the_certificate_answers_to_the_local_authority(site):
    import socket

    context = ssl.create_default_context(cafile=str(site.tls / "ca.pem"))
    with (
        socket.create_connection(("127.0.0.1", site.config.listen.https)) as plain,
        context.wrap_socket(plain, server_hostname=site.config.site.host) as secure,
    ):
        assert secure.version() in {"TLSv1.2", "TLSv1.3"}
    assert not_after(site.tls / "server.pem").timestamp() > time.time()


def test_logs_and_an_unknown_program():
    assert launch("logs", "cyrus").returncode == 0
    unknown = launch("logs", "nulle-part")
    assert unknown.returncode == 1
    assert "no log of nulle-part" in unknown.stderr
