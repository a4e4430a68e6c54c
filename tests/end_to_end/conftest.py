"""A real browser and real mail clients, on the running demonstration."""

from __future__ import annotations

import imaplib
import itertools
import json
import mailbox
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from launcher import config
from launcher.site import Site

WIDE, NARROW = 1280, 390
WAIT_SECONDS = 30


@pytest.fixture(scope="session")
def site() -> Site:
    site = Site(config.load())
    assert site.demo, "end-to-end tests run on a demonstration: ./ecritoire test"
    return site


@pytest.fixture(scope="session")
def people(site: Site) -> dict[str, dict[str, str]]:
    """Whom one may sign in as, by first name."""
    listed = json.loads((site.data / "demo" / "people.json").read_text())
    return {person["name"].split()[0]: person for person in listed}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    arguments.append("--ignore-certificate-errors")  # a service worker is fetched apart from the page
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A fresh browser window; fails at the end when a page wrote an error to the console."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(width: int = WIDE, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=site.config.base_url,
            ignore_https_errors=True,
            viewport={"width": width, "height": 860},
            locale="fr-FR",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not errors


SECOND_FACTOR = "/connexion/verification/"
trusted: dict[str, list[Any]] = {}  # the cookie of each person's trusted device, for the windows opened later


def enter(page: Page, login: str, password: str, totp_secret: str = "") -> Page:
    """Sign in; with a second factor, from a device that is trusted from the second time on."""
    if totp_secret:
        page.context.add_cookies(trusted.get(login, []))
    page.goto("/compte/connexion/")
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    if totp_secret:
        page.wait_for_url(lambda url: not url.endswith("/connexion/"))
        if page.url.endswith(SECOND_FACTOR):
            page.get_by_role("checkbox").check()
            show_code(page, totp_secret)
            trusted[login] = [cookie for cookie in page.context.cookies() if cookie["name"] == "__Host-device"]
    return page


def near(step: int, interval: int) -> bool:
    return step <= time.time() // interval + 1


def show_code(page: Page, totp_secret: str) -> None:
    """Pass the second stage. A code serves once: a test that comes too soon shows the next one, early by one step."""
    application = pyotp.TOTP(totp_secret)
    for step in itertools.count(int(time.time()) // application.interval):
        wait_until(partial(near, step, application.interval), "the next code")
        page.get_by_label("Code de votre application").fill(application.generate_otp(step))
        with page.expect_navigation():
            page.get_by_role("button", name="Vérifier").click()
        if not page.get_by_text("Ce code a déjà servi").count():
            return


@pytest.fixture
def agent(site: Site) -> dict[str, Any]:
    """An activated agent of one's own, at the school that has Karim for local contact."""
    told = subprocess.run(
        [str(config.PROJECT_ROOT / "ecritoire"), "manage", "demo_agent"], capture_output=True, text=True, check=True
    )
    made: dict[str, Any] = json.loads(told.stdout)
    return made


@pytest.fixture
def signed_in(open_page: Callable[..., Page], people: dict[str, dict[str, str]]) -> Callable[..., Page]:
    def make(name: str, width: int = WIDE, **options: Any) -> Page:
        who = people[name]
        page = enter(open_page(width, **options), who["sign_in"], who["password"], who["totp_secret"])
        page.wait_for_url("**/")
        return page

    return make


@pytest.fixture
def tls(site: Site) -> ssl.SSLContext:
    """Trusts the installation's own authority and nothing else. Each test its own: HTTP clients write their protocols into it,
    which mail's door refuses."""
    return ssl.create_default_context(cafile=str(site.tls / "ca.pem"))


@pytest.fixture
def imap(site: Site, tls: ssl.SSLContext) -> Iterator[Callable[[str, str], imaplib.IMAP4_SSL]]:
    opened: list[imaplib.IMAP4_SSL] = []

    def connect(login: str, secret: str) -> imaplib.IMAP4_SSL:
        connection = imaplib.IMAP4_SSL("localhost", site.config.listen.imaps, ssl_context=tls, timeout=30)
        opened.append(connection)
        connection.login(login, secret)
        return connection

    yield connect
    for connection in opened:
        connection.shutdown()


def wait_until(condition: Callable[[], Any], what: str, seconds: float = WAIT_SECONDS) -> Any:
    """The condition's value once it is true; fails after half a minute, or so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    pytest.fail(f"{what} did not come within {seconds} s")


@pytest.fixture
def outside(site: Site) -> Callable[[str, str], Any]:
    """The newest message at partenaire.test in ``name``'s mailbox whose text holds ``words``."""

    def find(name: str, words: str) -> Any:
        def look() -> Any:
            folder = site.store("partner") / name
            kept = sorted(folder.glob("new/*"), key=lambda path: path.stat().st_mtime, reverse=True)
            for path in kept:
                message = mailbox.MaildirMessage(path.read_bytes())
                parts = [
                    bytes(part.get_payload(decode=True) or b"") for part in message.walk() if not part.is_multipart()
                ]
                if words in b"".join(parts).decode(errors="replace") + str(message["Subject"]):
                    return message
            return None

        return wait_until(look, f"a message for {name} with {words!r}")

    return find
