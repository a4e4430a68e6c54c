"""The share of newcomers who activate within three months, counted right."""

import datetime as dt

import pytest
from django.utils import timezone

from ecritoire.accounts import statistics
from ecritoire.accounts.models import Account
from ecritoire.common.roles import Role
from ecritoire.directory.services import organisation_ensure

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrive(make_person):
    """A person whose account was opened ``days`` ago and activated ``after`` days later (None: not yet)."""

    def make(name, days, after, category="teacher"):
        person = make_person(name, "Arrivé")
        person.category = category
        person.save()
        account = Account.objects.create(person=person, login=person.addresses.get().address)
        opened = timezone.now() - dt.timedelta(days=days)
        activated = opened + dt.timedelta(days=after) if after is not None else None
        Account.objects.filter(pk=account.pk).update(created_at=opened, activated_at=activated)
        return account

    return make


def test_it_works(arrive):
    arrive("Un", 200, 10)
    arrive("Deux", 200, 80)
    arrive("Trois", 200, 120)
    arrive("Quatre", 200, None)
    total = statistics.activation_total(organisation_ensure().pk)
    assert (total.total, total.done, total.percent) == (4, 2, 50)


def test_three_months_not_over_count_for_nothing_yet(arrive):
    arrive("Un", 200, 10)
    arrive("Deux", 20, None)
    assert statistics.activation_total(organisation_ensure().pk).total == 1
    settled = [share.settled for share in statistics.activation_by_cohort(organisation_ensure().pk)]
    assert settled == [True, False]


def test_by_category(arrive):
    arrive("Un", 200, 10)
    arrive("Deux", 200, None, "contract")
    shares = {share.label: share.percent for share in statistics.activation_by_category(organisation_ensure().pk)}
    assert shares == {"contractuel": 0, "enseignant": 100}


def test_the_probe_is_nobody(arrive):
    account = arrive("Sonde", 200, None)
    account.person.employee_number = "SONDE"
    account.person.save()
    assert statistics.activation_total(organisation_ensure().pk).total == 0


def test_the_page_shows_table_and_chart(sign_in, arrive, make_account, django_assert_max_num_queries):
    support = make_account("Sam", "Support", Role.SUPPORT)
    arrive("Un", 200, 10)
    browser = sign_in(support)
    with django_assert_max_num_queries(9):
        page = browser.get("/compte/statistiques/activation/").content.decode()
    assert '<svg class="chart"' in page
    assert "100,0 %" in page


def test_it_is_for_those_who_watch(sign_in, anne):
    assert sign_in(anne).get("/compte/statistiques/activation/").status_code == 403
