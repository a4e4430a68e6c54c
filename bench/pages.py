"""Webmail pages against the bare JMAP call they make, on the same store."""

from __future__ import annotations

import re

from ecritoire.accounts.models import Account
from ecritoire.mailstore.services import store_open
from ecritoire.webmail.selectors.conversations import conversation_list
from ecritoire.webmail.selectors.queries import ListQuery
from ecritoire.webmail.selectors.store import inbox_id
from launcher.selfcheck.web import SIGN_IN, TOKEN, Browser
from launcher.site import Site

from .common import PERSON, in_turn, person, show

ROUNDS = 40
LINK = re.compile(r'href="(/courrier/conversation/[^"]+)"')


def signed_in(site: Site, who: dict[str, str]) -> Browser:
    browser = Browser(site)
    token = TOKEN.search(browser.request("GET", SIGN_IN)[2])
    assert token
    form = {"csrfmiddlewaretoken": token[1], "login": who["sign_in"], "password": who["password"]}
    browser.request("POST", SIGN_IN, form)
    return browser


def run(site: Site) -> None:
    who = person(site, PERSON)
    account = Account.objects.get(login=who["sign_in"])
    browser = signed_in(site, who)
    page = browser.request("GET", "/courrier/")[2]
    recorded = record(account)
    list_page = lambda: browser.request("GET", "/courrier/")  # noqa: E731
    show(
        "list of conversations, 20,000 messages",
        *in_turn(list_page, lambda: bare(account, recorded), ROUNDS),
        "ms",
        "at most 1.5",
    )
    link = LINK.search(page)
    assert link
    url = link[1].replace("&amp;", "&")
    thread = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    browser.request("GET", url)
    open_page = lambda: browser.request("GET", url)  # noqa: E731
    show(
        "opening a conversation", *in_turn(open_page, lambda: bare(account, opening(thread)), ROUNDS), "ms", "none set"
    )


def record(account: Account) -> list[tuple[str, dict[str, object], str]]:
    """The very calls the list makes."""
    with store_open(account=account) as client:
        query = ListQuery(folder=inbox_id(client=client))
        calls: list[tuple[str, dict[str, object], str]] = []
        original = client.call
        client.call = lambda *invocations, **options: calls.extend(invocations) or original(*invocations, **options)  # type: ignore[method-assign, func-returns-value]
        conversation_list(client=client, own_address=account.login, query=query)
    return calls


def opening(thread: str) -> list[tuple[str, dict[str, object], str]]:
    ids = {"resultOf": "t", "name": "Thread/get", "path": "/list/*/emailIds"}
    body = {"fetchTextBodyValues": True, "maxBodyValueBytes": 100_000}
    return [
        ("Mailbox/get", {"ids": None}, "m"),
        ("Thread/get", {"ids": [thread]}, "t"),
        ("Email/get", {"#ids": ids, **body}, "e"),
    ]


def bare(account: Account, calls: list[tuple[str, dict[str, object], str]]) -> None:
    with store_open(account=account) as client:
        client.call(*calls)
