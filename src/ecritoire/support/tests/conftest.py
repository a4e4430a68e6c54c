"""The cast of the help desk: Sam answers, Karim looks after one school, Lise after another, Anne works in Karim's."""

from __future__ import annotations

import datetime as dt

import pytest

from conftest import enrol_totp
from ecritoire.accounts.services import role_grant
from ecritoire.common.roles import Role
from ecritoire.directory.models import Assignment, Structure
from ecritoire.directory.services import organisation_ensure
from ecritoire.support.tests.receiving import receiving


@pytest.fixture
def sam(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


@pytest.fixture
def make_school(db):
    def make(uai, name):
        values = {"kind": Structure.Kind.MIDDLE, "city": "Valmont", "search_name": name.lower()}
        return Structure.objects.create(organisation=organisation_ensure(), uai=uai, name=name, **values)

    return make


@pytest.fixture
def assign():
    def work(account, school, ends_on=None):
        start = dt.date(2026, 9, 1)
        Assignment.objects.create(
            person=account.person, structure=school, function="Professeur", starts_on=start, ends_on=ends_on
        )

    return work


@pytest.fixture
def barret(make_school):
    return make_school("0990103Z", "Collège Jeanne-Barret")


@pytest.fixture
def germain(make_school):
    return make_school("0990106C", "Lycée Sophie-Germain")


@pytest.fixture
def karim(make_account, barret):
    account = make_account("Karim", "Référent")
    role_grant(account=account, role=Role.LOCAL_CONTACT, structure=barret, acting_user=None)
    enrol_totp(account)
    return account


@pytest.fixture
def lise(make_account, germain):
    account = make_account("Lise", "Référente")
    role_grant(account=account, role=Role.LOCAL_CONTACT, structure=germain, acting_user=None)
    enrol_totp(account)
    return account


@pytest.fixture
def anne_at_school(anne, barret, assign):
    assign(anne, barret)
    return anne


@pytest.fixture
def receiver():
    with receiving() as server:
        yield server


@pytest.fixture
def loopback_admitted(settings):
    """As ``[outbound] networks`` does: this machine may be called, in plain HTTP too."""
    outbound = settings.CONFIG.outbound.model_copy(update={"networks": ["127.0.0.0/8"], "push_hosts": ["127.0.0.1"]})
    settings.CONFIG = settings.CONFIG.model_copy(update={"outbound": outbound})
