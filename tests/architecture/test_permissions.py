"""Every address of the project, as a stranger, an agent and each role: what the table says, and no page left out of it."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from ecritoire.common.roles import Role, actions_of
from tests.architecture.pages import ANYBODY, PAGES, PROTOCOL, ROOMS_FOR_EVERYBODY, SIGNED_IN, Access

VALUES = {IntConverter: 1, UUIDConverter: UUID(int=1)}


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address, as ``namespace:name``."""
    for item in resolver.url_patterns:
        if isinstance(item, URLResolver):
            inner = ":".join(part for part in (namespace, item.namespace or "") if part)
            yield from patterns(item, inner)
        else:
            name = str(item.name or item.pattern)
            yield (f"{namespace}:{name}" if namespace else name), item


WALKED = dict(patterns(get_resolver()))


def access(name: str) -> Access | None:
    return PAGES.get(name) or ROOMS_FOR_EVERYBODY.get(name.partition(":")[0])


def url(name: str) -> str:
    converters = WALKED[name].pattern.converters
    return reverse(name, kwargs={key: VALUES.get(type(kind), "x") for key, kind in converters.items()})


def ask(browser: Client, name: str) -> Any:
    """Some pages take a form only: an empty one is sent."""
    answer = browser.get(url(name))
    return browser.post(url(name)) if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED else answer


def is_allowed(role: Role | None, asked: Access) -> bool:
    if isinstance(asked, set):
        return role is not None and bool(asked & actions_of({Role.AGENT, role}))
    return asked == ANYBODY or (asked == SIGNED_IN and role is not None)


def test_every_page_is_in_the_table():
    missing = sorted(name for name in WALKED if access(name) is None)
    assert not missing, f"say in tests/architecture/pages.py who may open: {missing}"


def test_the_table_holds_no_page_that_is_gone():
    assert not sorted(set(PAGES) - set(WALKED))


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(browser):
    for name in WALKED:
        asked = access(name)
        if asked in (ANYBODY, PROTOCOL):
            continue
        answer = ask(browser, name)
        assert answer.status_code == 302, f"{name}: {answer.status_code}"
        assert answer.url.startswith("/compte/connexion/"), name


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_the_table_says(sign_in, make_account, role):
    account = make_account("Rôle", "Essai", *([] if role == Role.AGENT else [role]))
    browser = sign_in(account)
    browser.raise_request_exception = False
    wrong = {}
    for name in WALKED:
        asked = access(name)
        if not isinstance(asked, set):
            continue
        status = ask(browser, name).status_code
        if (status != HTTPStatus.FORBIDDEN) is not is_allowed(role, asked):
            wrong[name] = status
    assert not wrong
