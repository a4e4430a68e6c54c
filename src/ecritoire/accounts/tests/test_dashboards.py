"""The dashboards: figures counted right, each with the people behind it, within what the viewer may see."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from ecritoire.accounts.dashboards import activation, ends, life
from ecritoire.accounts.dashboards.scope import Scope, scope_of
from ecritoire.accounts.lifecycle import Event, State
from ecritoire.accounts.models import Account, AccountTransition
from ecritoire.accounts.services import role_grant
from ecritoire.common.roles import Role
from ecritoire.directory.models import Assignment, Contract, Organisation, Person, Structure
from ecritoire.directory.services import organisation_ensure
from ecritoire.directory.uai import check_letter

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def support(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


@pytest.fixture
def scope(db):
    return Scope(organisation_ensure().pk)


@pytest.fixture
def school(db):
    return make_school("0991001", "Collège Colette")


def make_school(digits, name):
    return Structure.objects.create(
        organisation=organisation_ensure(), uai=digits + check_letter(digits), name=name, kind="middle", city="Ville"
    )


@pytest.fixture
def arrive(make_person):
    """A person whose account was opened ``days`` ago and activated ``after`` days later (None: not yet)."""

    def make(name, days, after=None, category="teacher", school=None, **changes):
        person = make_person(name, "Arrivé", category=category)
        if school:
            Assignment.objects.create(person=person, structure=school, function="Poste", starts_on=dt.date(2020, 9, 1))
        account = Account.objects.create(person=person, login=person.addresses.get().address)
        opened = timezone.now() - dt.timedelta(days=days)
        activated = opened + dt.timedelta(days=after) if after is not None else None
        state = State.ACTIVATED if activated else State.PROVISIONED
        fields = {"created_at": opened, "activated_at": activated, "state": state} | changes
        Account.objects.filter(pk=account.pk).update(**fields)
        account.refresh_from_db()
        return account

    return make


def test_it_works(arrive, scope):
    arrive("Un", 200, 10)
    arrive("Deux", 200, 80)
    arrive("Trois", 200, 120)
    arrive("Quatre", 200)
    arrive("Cinq", 200, state=State.DEACTIVATED)
    total = activation.total(scope)
    assert (total.total, total.done, total.late, total.waiting, total.gone) == (5, 2, 1, 1, 1)
    assert total.percent == 40


def test_three_months_not_over_count_for_nothing_yet(arrive, scope):
    arrive("Un", 200, 10)
    arrive("Deux", 20)
    assert activation.total(scope).total == 1
    months = [share for share in activation.by_month(scope, activation.last_months()) if share.total]
    assert [share.settled for share in months] == [True, False]


def test_a_month_in_which_nobody_came_is_shown(arrive, scope):
    arrive("Un", 200, 10)
    months = activation.by_month(scope, activation.last_months())
    assert len(months) == 12
    assert sum(share.total for share in months) == 1


def test_by_category(arrive, scope):
    arrive("Un", 200, 10)
    arrive("Deux", 200, category="contract")
    shares = {share.label: share.percent for share in activation.by_category(scope, activation.last_months())}
    assert shares == {"contractuel": 0, "enseignant": 100}


def test_those_announced_have_not_arrived(arrive, scope):
    arrive("Un", 200, state=State.ANNOUNCED)
    assert activation.total(scope).total == 0


def test_the_probe_is_nobody(arrive, scope):
    account = arrive("Sonde", 200)
    Person.objects.filter(pk=account.person_id).update(employee_number="SONDE")
    assert activation.total(scope).total == 0


def test_another_academie_counts_apart(arrive, scope):
    account = arrive("Un", 200, 10)
    other = Organisation.objects.create(name="Ailleurs", mail_domain="ac-ailleurs.test")
    Person.objects.filter(pk=account.person_id).update(organisation=other)
    assert activation.total(scope).total == 0
    assert activation.total(Scope(other.pk)).total == 1


def test_the_page_shows_tables_and_charts(sign_in, arrive, support, django_assert_max_num_queries):
    arrive("Un", 200, 10)
    browser = sign_in(support)
    with django_assert_max_num_queries(15):
        page = browser.get("/compte/statistiques/activation/").content.decode()
    assert '<svg class="chart' in page
    assert "100,0 %" in page


def test_every_figure_leads_to_its_people(sign_in, arrive, support, school):
    """Each linked number of the page is the count of the list it leads to."""
    arrive("Un", 200, 10, school=school)
    arrive("Deux", 200, 120, school=school)
    arrive("Trois", 40, category="contract", school=school)
    arrive("Quatre", 40, category="contract", state=State.DEACTIVATED)
    browser = sign_in(support)
    page = browser.get("/compte/statistiques/activation/").content.decode()
    links = re.findall(r'<a href="(/compte/statistiques/activation/personnes/[^"]*)">(\d+)</a>', page)
    assert len(links) > 20
    for address, figure in links:
        listed = browser.get(address.replace("&amp;", "&")).content.decode()
        assert f"{figure} personne" in listed, address


def test_two_periods_are_compared(sign_in, arrive, support):
    arrive("Un", 200, 10)
    arrive("Deux", 565)
    page = sign_in(support).get("/compte/statistiques/activation/?compare=year").content.decode()
    assert "Comparaison de deux périodes" in page
    assert "+" in page.split("Écart, en points")[1]


def test_a_strange_period_is_ignored(sign_in, support):
    page = sign_in(support).get("/compte/statistiques/activation/?since=hier&until=9999-99&compare=x")
    assert page.status_code == 200


def test_figures_and_people_leave_as_csv(sign_in, arrive, support, school):
    arrive("Un", 200, 10, school=school)
    browser = sign_in(support)
    figures = b"".join(browser.get("/compte/statistiques/activation.csv").streaming_content).decode()
    assert f"etablissement;{school.uai};Collège Colette;1;1;0;0;0;100.0" in figures
    people = b"".join(browser.get("/compte/statistiques/activation/personnes.csv").streaming_content).decode()
    assert "Arrivé;Un" in people


class TestEnds:
    def ending(self, arrive, name, days, **changes):
        account = arrive(name, 200, 10, **changes)
        Person.objects.filter(pk=account.person_id).update(right_until=timezone.localdate() + days * DAY)
        return account

    def test_windows(self, arrive, scope):
        self.ending(arrive, "Un", 3)
        self.ending(arrive, "Deux", 20)
        self.ending(arrive, "Trois", 80)
        self.ending(arrive, "Quatre", 200)
        assert [count for _key, _label, count in ends.windows(scope)] == [1, 2, 3]
        assert sum(week.rights for week in ends.by_week(scope)) == 3

    def test_an_account_that_closes_is_one_too(self, arrive, scope):
        account = self.ending(arrive, "Un", -10)
        Account.objects.filter(pk=account.pk).update(state=State.ENDING, closes_on=timezone.localdate() + 5 * DAY)
        assert list(ends.ends(scope, ends.Filters("week", what="closing"))) == [account]
        assert not ends.ends(scope, ends.Filters("week", what="right")).exists()

    def test_hints_of_renewal(self, arrive, scope, school):
        account = self.ending(arrive, "Un", 3)
        for number in ("A", "B"):
            Contract.objects.create(person=account.person, number=number, starts_on=dt.date(2020, 9, 1))
        assert ends.renewal_hints([account]) == {account.pk: "2 contrats déjà"}
        soon = timezone.localdate() + 60 * DAY
        Assignment.objects.create(person=account.person, structure=school, function="Poste", starts_on=soon)
        assert ends.renewal_hints([account]) == {account.pk: f"reprise le {soon:%d/%m/%Y}"}

    def test_the_page_costs_a_bounded_number_of_queries(self, sign_in, arrive, support, django_assert_max_num_queries):
        for rank in range(12):
            self.ending(arrive, f"Un{rank}", 3)
        browser = sign_in(support)
        with django_assert_max_num_queries(22):
            page = browser.get("/compte/tableaux/fins/").content.decode()
        assert "12 personnes" in page
        text = b"".join(browser.get("/compte/tableaux/fins.csv").streaming_content).decode()
        assert text.count("Arrivé") == 12


class TestStates:
    def test_states_and_flows(self, arrive, scope, school):
        account = arrive("Un", 200, 10, school=school)
        today = timezone.localdate()
        for event, to_state in ((Event.ACTIVATE, State.ACTIVATED), (Event.END, State.ENDING)):
            AccountTransition.objects.create(
                account=account, event=event, to_state=to_state, on=today, reason=AccountTransition.Reason.DECISION
            )
        assert life.states(scope)[State.ACTIVATED] == 1
        assert life.by_week(scope)[-1].of([Event.ACTIVATE, Event.END, Event.PURGE]) == [1, 1, 0]
        assert life.by_day(scope)[-1].counts[Event.END] == 1
        assert life.by_school(scope)[0].counts == {State.ACTIVATED: 1}

    def test_the_pages(self, sign_in, arrive, support, school, django_assert_max_num_queries):
        arrive("Un", 200, 10, school=school)
        browser = sign_in(support)
        with django_assert_max_num_queries(14):
            assert "Collège Colette" in browser.get("/compte/tableaux/etats/").content.decode()
        with django_assert_max_num_queries(16):
            assert "Tableau de bord" in browser.get("/compte/tableaux/").content.decode()
        text = b"".join(browser.get("/compte/tableaux/etats.csv").streaming_content).decode()
        assert "Collège Colette;0;0;1;0;0;0;0;1" in text
        assert b"jour;" in b"".join(browser.get("/compte/tableaux/mouvements.csv").streaming_content)


class TestLocalContact:
    @pytest.fixture
    def contact(self, make_account, school):
        account = make_account("Carl", "Contact", Role.LOCAL_CONTACT)
        account.role_grants.all().delete()
        role_grant(account=account, role=Role.LOCAL_CONTACT, structure=school, acting_user=None)
        return Account.objects.get(pk=account.pk)

    def test_sees_their_school_s_part(self, arrive, contact, school):
        arrive("Un", 200, 10, school=school)
        arrive("Deux", 200, 10, school=make_school("0991002", "Lycée Sand"))
        arrive("Trois", 200, 10)
        assert activation.total(scope_of(contact)).total == 1

    def test_on_every_page(self, sign_in, arrive, contact, school):
        arrive("Ici", 200, school=school)
        arrive("Ailleurs", 200, school=make_school("0991002", "Lycée Sand"))
        browser = sign_in(contact)
        people = "/compte/statistiques/activation/personnes/"
        for address in (people, "/compte/tableaux/a-activer/"):
            page = browser.get(address).content.decode()
            assert "Arrivé Ici" in page, address
            assert "Arrivé Ailleurs" not in page, address
        for address in ("/compte/tableaux/", "/compte/tableaux/etats/", "/compte/tableaux/fins/"):
            page = browser.get(address).content.decode()
            assert "Lycée Sand" not in page, address

    def test_another_school_asked_for_by_hand_is_empty(self, sign_in, arrive, contact, school):
        elsewhere = make_school("0991002", "Lycée Sand")
        arrive("Ailleurs", 200, school=elsewhere)
        page = sign_in(contact).get(f"/compte/statistiques/activation/personnes/?school={elsewhere.uai}")
        assert "Arrivé Ailleurs" not in page.content.decode()

    def test_reminds_nobody(self, sign_in, contact):
        assert sign_in(contact).post("/compte/tableaux/a-activer/relance/").status_code == 403


def test_they_are_for_those_who_watch(sign_in, anne):
    browser = sign_in(anne)
    for address in (
        "tableaux/",
        "tableaux/fins/",
        "tableaux/a-activer/",
        "tableaux/etats/",
        "statistiques/activation/",
    ):
        assert browser.get(f"/compte/{address}").status_code == 403
