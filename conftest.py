"""The cast and the props every test may call on."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from ecritoire.accounts.models import Account, RecoveryAddress, TotpFactor
from ecritoire.accounts.services import role_grant
from ecritoire.accounts.services.factor_keys import seal
from ecritoire.accounts.services.recovery import secret_questions_set
from ecritoire.common.roles import Role
from ecritoire.directory.addresses import fold
from ecritoire.directory.models import Organisation, Person
from ecritoire.directory.services import academy_save, addresses_allocate, organisation_ensure
from ecritoire.directory.services.people import FOREVER

PASSWORD = "Cheval-Pomme-42-verger"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SECOND_FACTOR = "/compte/connexion/verification/"
numbers = itertools.count(1)
AccountMaker = Callable[..., Account]


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> None:
    """Counters of one test never reach another, nor the running service."""
    name = f"test-{next(numbers)}"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}}


@pytest.fixture
def make_person(db: None) -> Callable[..., Person]:
    def make(given_name: str = "Anne", family_name: str = "Durand", **values: Any) -> Person:
        person = Person.objects.create(
            organisation=values.pop("organisation", None) or organisation_ensure(),
            employee_number=f"T{next(numbers):05d}",
            given_name=given_name,
            family_name=family_name,
            search_name=fold(f"{given_name} {family_name}"),
            **({"category": Person.Category.TEACHER, "right_from": FOREVER} | values),
        )
        addresses_allocate(people=[person])
        return person

    return make


@pytest.fixture
def make_account(make_person: Callable[..., Person]) -> AccountMaker:
    """An activated account with PASSWORD, unless told otherwise."""

    def make(
        given_name: str = "Anne",
        family_name: str = "Durand",
        *roles: Role,
        organisation: Organisation | None = None,
        **values: Any,
    ) -> Account:
        person = make_person(given_name, family_name, organisation=organisation)
        now = timezone.now()
        state = {
            "state": Account.State.ACTIVATED,
            "activated_at": now,
            "details_confirmed_at": now,
            "memo_read_at": now,
        }
        account = Account(person=person, login=person.addresses.get().address, **(state | values))
        account.set_password(PASSWORD)
        account.save()
        if account.is_activated:
            RecoveryAddress.objects.create(account=account, address="anne@ailleurs.test", verified_at=now)
            secret_questions_set(
                account=account, answers={"first_street": "rue des Lilas", "dream_trade": "astronaute"}
            )
        for role in roles:
            role_grant(account=account, role=role, structure=None, acting_user=None)
        if roles:
            enrol_totp(account)
        return account

    return make


def enrol_totp(account: Account) -> None:
    """Give ``account`` an authenticator application, as people with a role must have."""
    TotpFactor.objects.create(account=account, secret=seal(TOTP_SECRET))


def totp_code(steps: int = 0) -> str:
    """The code an application with TOTP_SECRET shows now, or some steps away."""
    return pyotp.TOTP(TOTP_SECRET).generate_otp(int(time.time()) // 30 + steps)


@pytest.fixture
def rivemont(db: None) -> Organisation:
    """Another académie of the installation."""
    organisation_ensure()
    values = {"name": "Académie de Rivemont", "host": "rivemont.localhost", "accent": "#7a1f5c"}
    return academy_save(mail_domain="ac-rivemont.test", values=values, acting_user=None)[0]


@pytest.fixture
def anne(make_account: AccountMaker) -> Account:
    """An ordinary agent."""
    return make_account("Anne", "Durand")


@pytest.fixture
def boris(make_account: AccountMaker) -> Account:
    """Another agent, who has no business with Anne's things."""
    return make_account("Boris", "Lenoir")


@pytest.fixture
def admin(make_account: AccountMaker) -> Account:
    return make_account("Ada", "Admin", Role.ADMINISTRATOR)


class SecureClient(Client):
    """A browser behind nginx: HTTPS, an address, a user agent."""

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["secure"] = True
        kwargs.setdefault("HTTP_X_REAL_IP", "192.0.2.10")
        kwargs.setdefault("HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
        return super().generic(*args, **kwargs)


@pytest.fixture
def browser() -> SecureClient:
    return SecureClient()


@pytest.fixture
def sign_in(browser: SecureClient) -> Callable[..., SecureClient]:
    def enter(account: Account, password: str = PASSWORD) -> SecureClient:
        browser.cookies.clear()
        answer: Any = browser.post("/compte/connexion/", {"login": account.login, "password": password})
        if answer.status_code == HTTPStatus.FOUND and answer.url == SECOND_FACTOR:
            TotpFactor.objects.filter(account=account).update(last_step=0)  # no test waits for the next code
            answer = browser.post(SECOND_FACTOR, {"code": totp_code()})
        assert answer.status_code == 302, "signing in failed"
        return browser

    return enter
