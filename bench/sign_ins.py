"""IMAP sign-ins through the front door (TLS, proxy, portal) against Cyrus directly."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ecritoire.accounts.models import Account
from ecritoire.accounts.tokens import token_issue
from launcher.selfcheck.web import trusting
from launcher.site import Site

from .common import in_turn, person, show

COUNT, THREADS = 400, 4


def run(site: Site) -> None:
    who = person(site, "Julien")
    store_id = Account.objects.get(login=who["sign_in"]).store_id
    context, config = trusting(site), site.config

    def proxied() -> None:
        with imaplib.IMAP4_SSL("localhost", config.listen.imaps, ssl_context=context) as connection:
            connection.login(who["sign_in"], who["app_password"])

    def direct() -> None:
        with imaplib.IMAP4("127.0.0.1", config.internal.imap) as connection:
            connection.login(store_id, token_issue(store_id))

    show("one IMAPS sign-in", *in_turn(proxied, direct, 40), "ms", "none set")
    show("IMAPS sign-ins, 4 clients", rate(proxied), rate(direct), "/s", "none set")


def rate(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work) for _ in range(COUNT)]:
            done.result()
    return COUNT / (time.perf_counter() - start)
