"""Ten thousand guesses over as many names, while somebody works: what they feel, beside the same work in peace.

Also how long a forgotten password takes to answer for a name that exists and one that does not.
"""

from __future__ import annotations

import itertools
import logging
import ssl
import statistics
import threading
import time
from collections.abc import Callable
from functools import cache

import httpx
from django.core.cache import cache as counters

from launcher import config
from launcher.selfcheck.web import SIGN_IN, TOKEN, trusting
from launcher.site import Site

from .common import in_turn, person, show

GUESSES, CLIENTS, SAMPLES = 10_000, 8, 100
ATTACKER = "127.0.0.66"
FORGOTTEN = ("/compte/oubli/", "/compte/oubli/verification/")
CODE = {"code": "000000", "answer": "je ne sais plus"}


@cache
def authority() -> ssl.SSLContext:
    """Read once: the machine's authorities take longer to load than a page."""
    return trusting(Site(config.load()))


def client(site: Site, address: str = "127.0.0.1") -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=address, verify=authority())
    return httpx.Client(transport=transport, base_url=site.config.base_url, timeout=60)


def post(browser: httpx.Client, url: str, **form: str) -> httpx.Response:
    """As a browser does: the form first, its token with what is typed."""
    token = TOKEN.search(browser.get(url).text)
    assert token, url
    return browser.post(url, data={"csrfmiddlewaretoken": token[1], **form}, headers={"Referer": str(browser.base_url)})


def run(site: Site) -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    counters.clear()  # counters of an earlier run
    forgotten(site)
    who = person(site, "Sophie")
    work = day_at_work(site, who)
    quiet = timed(work, lambda sample: sample >= SAMPLES)
    attack = Attack(site)
    attack.start()
    busy = timed(work, lambda _: attack.is_over())
    for what in ("page", "sign-in"):
        show(f"{what} under a spraying attack (median)", median(busy[what]), median(quiet[what]), "ms", "at most 2")
        show(f"{what} under a spraying attack (95th centile)", worst(busy[what]), worst(quiet[what]), "ms", "none set")
    print(f"guesses answered: {attack.rate:.0f}/s; refused before a hash: {attack.refused} of {attack.made}")


def day_at_work(site: Site, who: dict[str, str]) -> dict[str, Callable[[], object]]:
    """Somebody who has signed in from where they are before."""
    browser = client(site)
    form = {"login": who["sign_in"], "password": who["password"]}
    assert post(browser, SIGN_IN, **form).status_code == httpx.codes.FOUND

    def enter() -> None:
        with client(site) as fresh:
            assert post(fresh, SIGN_IN, **form).status_code == httpx.codes.FOUND

    return {"page": lambda: browser.get("/compte/sessions/").raise_for_status(), "sign-in": enter}


def timed(work: dict[str, Callable[[], object]], is_enough: Callable[[int], bool]) -> dict[str, list[float]]:
    seen: dict[str, list[float]] = {what: [] for what in work}
    for sample in itertools.count():
        if is_enough(sample):
            break
        for what, once in work.items():
            start = time.perf_counter()
            once()
            seen[what].append((time.perf_counter() - start) * 1000)
    return seen


def median(times: list[float]) -> float:
    return statistics.median(times)


def worst(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


class Attack:
    """Eight clients of one address that try one password on name after name."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._names = itertools.count()
        self._threads = [threading.Thread(target=self._guess, daemon=True) for _ in range(CLIENTS)]
        self.refused, self.made, self.rate, self._begun = 0, 0, 0.0, 0.0

    def start(self) -> None:
        self._begun = time.perf_counter()
        for thread in self._threads:
            thread.start()

    def is_over(self) -> bool:
        self.rate = self.made / (time.perf_counter() - self._begun)
        return not any(thread.is_alive() for thread in self._threads)

    def _guess(self) -> None:
        with client(self._site, ATTACKER) as browser:
            token = TOKEN.search(browser.get(SIGN_IN).text)
            assert token
            form = {"csrfmiddlewaretoken": token[1], "password": "Printemps-2026!"}
            headers = {"Referer": str(browser.base_url)}
            while (number := next(self._names)) < GUESSES:
                answer = browser.post(SIGN_IN, data={**form, "login": f"nom.{number}"}, headers=headers)
                self.made += 1
                self.refused += answer.status_code == httpx.codes.TOO_MANY_REQUESTS


def forgotten(site: Site) -> None:
    known, unknown = (visitor(site, login) for login in (person(site, "Manon")["sign_in"], "nom.inconnu"))
    for url, words in ((FORGOTTEN[0], "asking for a code"), (FORGOTTEN[1], "trying a code")):
        show(f"{words}: known, unknown name", *in_turn(known[url], unknown[url], 40), "ms", "about 1")


def visitor(site: Site, login: str) -> dict[str, Callable[[], object]]:
    """One browser that asks and tries for ``login``, the day's limits lifted before each."""
    browser = client(site)
    forms = {FORGOTTEN[0]: {"login": login}, FORGOTTEN[1]: CODE}

    def once(url: str) -> Callable[[], object]:
        def act() -> object:
            counters.clear()
            return post(browser, url, **forms[url])

        return act

    return {url: once(url) for url in FORGOTTEN}
