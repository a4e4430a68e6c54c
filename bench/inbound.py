"""Inbound messages a second against the same Postfix, Rspamd and Cyrus without our look-ups.

The control is a second Postfix with its own queue whose domains and recipients are a static table.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from ecritoire.accounts.models import Account
from launcher.site import PARTNER_DOMAIN, STORE_DOMAIN, Site
from launcher.supervisor import wait_for
from launcher.testing import _free_ports

from .common import person, show

MESSAGES, SESSIONS, ROUNDS, SIZE = 400, 4, 3, 4000


def run(site: Site) -> None:
    who = person(site, "Nadia")
    account = Account.objects.get(login=who["sign_in"])
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        port = _free_ports(1)[0]
        etc = control(site, folder, port, who["sign_in"], account.store_id)
        master = subprocess.Popen(["/usr/lib/postfix/sbin/master", "-d", "-c", etc])
        try:
            wait_for(
                lambda: (
                    subprocess.run(["postfix", "-c", etc, "status"], capture_output=True, check=False).returncode == 0
                ),
                "control",
                20,
            )
            rates: dict[str, list[float]] = {"ours": [], "control": []}
            for _ in range(ROUNDS):
                rates["ours"].append(burst(site.etc("postfix"), site.config.listen.smtp, who["sign_in"]))
                rates["control"].append(burst(etc, port, who["sign_in"]))
        finally:
            master.terminate()
            master.wait()
    ours, bare = (sorted(values)[ROUNDS // 2] for values in rates.values())
    show("inbound messages of 4 kB, delivered", ours, bare, "/s", "at least 0.90")


def control(site: Site, folder: Path, port: int, address: str, store_id: str) -> Path:
    """A copy of the configuration without a single SQL look-up."""
    etc = folder / "etc"
    shutil.copytree(site.etc("postfix"), etc)
    (folder / "queue").mkdir()
    (folder / "data").mkdir()
    shutil.chown(folder / "data", "postfix")
    replaced = {
        "queue_directory": folder / "queue",
        "data_directory": folder / "data",
        "virtual_mailbox_domains": f"{site.config.site.domain}, {STORE_DOMAIN}",
        "virtual_alias_maps": f"inline:{{ {{{address} = {store_id}@{STORE_DOMAIN}}} }}",
        "smtpd_sender_restrictions": "reject_non_fqdn_sender, reject_unlisted_sender",
        "smtpd_sender_login_maps": "",
        "proxy_read_maps": "",
    }
    subprocess.run(["postconf", "-c", etc, "-e", *(f"{name}={value}" for name, value in replaced.items())], check=True)
    master = (etc / "master.cf").read_text().replace(f":{site.config.listen.smtp} inet", f":{port} inet")
    kept = master.partition("# Only nginx")[0] + "pickup" + master.partition("\npickup")[2]
    (etc / "master.cf").write_text(kept)
    subprocess.run(["postfix", "-c", etc, "check"], check=True)
    return etc


def burst(etc: Path, port: int, address: str) -> float:
    """Messages a second from the first connection until the queue is empty."""
    start = time.perf_counter()
    command = [
        "smtp-source",
        "-s",
        str(SESSIONS),
        "-m",
        str(MESSAGES),
        "-l",
        str(SIZE),
        "-f",
        f"essai@{PARTNER_DOMAIN}",
    ]
    subprocess.run([*command, "-t", address, f"127.0.0.1:{port}"], check=True)
    while (
        b"queue is empty" not in subprocess.run(["postqueue", "-c", etc, "-p"], capture_output=True, check=False).stdout
    ):
        time.sleep(0.02)
    return MESSAGES / (time.perf_counter() - start)
