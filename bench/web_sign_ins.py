"""Sign-ins on the pages a second, Argon2 at OWASP's parameters, against the bare hash in as many processes.

Each client has a loopback address of its own: the front door lets forty forms a second through from one.
"""

from __future__ import annotations

import itertools
import logging
import os
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import httpx
from django.contrib.auth.hashers import check_password, make_password

from launcher.selfcheck.web import SIGN_IN
from launcher.site import Site

from .common import person, show
from .spraying import client, post

COUNT, CLIENTS = 400, 8
PASSWORD = "Cheval-Pomme-42-verger"


def run(site: Site) -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    who = person(site, "Sophie")
    form = {"login": who["sign_in"], "password": who["password"]}
    addresses = itertools.cycle(f"127.0.1.{rank}" for rank in range(1, CLIENTS + 1))

    def enter(address: str) -> None:
        with client(site, address) as browser:
            assert post(browser, SIGN_IN, **form).status_code == httpx.codes.FOUND

    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(enter, itertools.islice(addresses, COUNT)))
    ours = COUNT / (time.perf_counter() - start)
    show("web sign-ins (form, hash, session), 8 clients", ours, bare(make_password(PASSWORD)), "/s", "none set")


def bare(encoded: str) -> float:
    """Checks a second of one hash, on all processors."""
    processes = os.cpu_count() or 2
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(check_password, [PASSWORD] * processes, [encoded] * processes))
        start = time.perf_counter()
        done = list(pool.map(check_password, [PASSWORD] * COUNT, [encoded] * COUNT))
    assert all(done)
    return COUNT / (time.perf_counter() - start)
