"""Whoever has not activated their account is reminded, by a channel that reaches them, never twice too soon."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from ecritoire.accounts.dashboards import pending as selectors
from ecritoire.accounts.dashboards.scope import Scope
from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account, Relaunch, RelaunchBatch
from ecritoire.accounts.services import role_grant
from ecritoire.accounts.services.relaunch import RelaunchRefused, relaunch
from ecritoire.accounts.tasks.relaunch import send_to_contact
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Assignment, Organisation, Person, Structure
from ecritoire.directory.services import organisation_ensure

pytestmark = pytest.mark.django_db
Channel = RelaunchBatch.Channel
PAGE = "/compte/tableaux/a-activer/"


@pytest.fixture
def support(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


@pytest.fixture
def school(db):
    return Structure.objects.create(
        organisation=organisation_ensure(), uai="0991001A", name="Collège Colette", kind="middle", city="Ville"
    )


@pytest.fixture
def contact(make_account, school):
    account = make_account("Carl", "Contact", Role.LOCAL_CONTACT)
    account.role_grants.all().delete()
    role_grant(account=account, role=Role.LOCAL_CONTACT, structure=school, acting_user=None)
    return Account.objects.get(pk=account.pk)


@pytest.fixture
def newcomer(make_person, school):
    """Somebody of the school whose account opened ``days`` ago."""

    def make(name="Nina", days=40, email="nina@ailleurs.test"):
        person = make_person(name, "Nouvelle", private_email=email)
        Assignment.objects.create(person=person, structure=school, function="Poste", starts_on=dt.date(2020, 9, 1))
        account = Account.objects.create(person=person, login=person.addresses.get().address)
        Account.objects.filter(pk=account.pk).update(created_at=timezone.now() - dt.timedelta(days=days))
        return account

    return make


def age(days):
    """All reminders as if sent so many days ago."""
    Relaunch.objects.update(created_at=timezone.now() - dt.timedelta(days=days))


def test_it_works(newcomer, support):
    nina = newcomer()
    done = relaunch(accounts=[nina], channel=Channel.MAIL, acting_user=support)
    assert (done.sent, done.recent, done.unreachable) == (1, 0, 0)
    assert Relaunch.objects.get().account == nina
    assert AuditEvent.objects.filter(action="account.relaunch_mail").exists()


def test_nobody_twice_too_soon(newcomer, support):
    nina, noe = newcomer(), newcomer("Noé")
    relaunch(accounts=[nina], channel=Channel.MAIL, acting_user=support)
    done = relaunch(accounts=[nina, noe], channel=Channel.LETTER, acting_user=support)
    assert (done.sent, done.recent) == (1, 1)
    with pytest.raises(RelaunchRefused):
        relaunch(accounts=[nina], channel=Channel.LETTER, acting_user=support)
    age(15)
    assert relaunch(accounts=[nina], channel=Channel.LETTER, acting_user=support).sent == 1


def test_the_letter_is_a_pdf(newcomer, support):
    done = relaunch(accounts=[newcomer(email="")], channel=Channel.LETTER, acting_user=support)
    assert done.letters
    assert done.letters.startswith(b"%PDF")


def test_who_has_no_private_address_is_out_of_reach(newcomer, support):
    done = relaunch(accounts=[newcomer(), newcomer("Noé", email="")], channel=Channel.MAIL, acting_user=support)
    assert (done.sent, done.unreachable) == (1, 1)


def test_whoever_activated_meanwhile_is_left_alone(newcomer, support):
    nina = newcomer()
    Account.objects.filter(pk=nina.pk).update(state=State.ACTIVATED)
    with pytest.raises(RelaunchRefused):
        relaunch(accounts=[nina], channel=Channel.MAIL, acting_user=support)


def test_nobody_of_another_academie(newcomer, support):
    nina = newcomer()
    other = Organisation.objects.create(name="Ailleurs", mail_domain="ac-ailleurs.test")
    Person.objects.filter(pk=nina.person_id).update(organisation=other)
    with pytest.raises(RelaunchRefused):
        relaunch(accounts=[nina], channel=Channel.MAIL, acting_user=support)


def test_the_contact_is_told_of_their_school_s(sign_in, newcomer, support, contact, make_person):
    nina = newcomer()
    outsider = make_person("Omar", "Dehors")
    omar = Account.objects.create(person=outsider, login=outsider.addresses.get().address)
    done = relaunch(accounts=[nina, omar], channel=Channel.CONTACT, acting_user=support)
    assert (done.sent, done.unreachable) == (1, 1)
    send_to_contact(contact_id=contact.pk, account_ids=[nina.pk, omar.pk])
    assert nina.login in mail.outbox[-1].body
    assert omar.login not in mail.outbox[-1].body
    assert "relancer 1 collègue" in sign_in(contact).get("/").content.decode()


def test_from_the_page_all_of_the_list(sign_in, newcomer, support, school, django_assert_max_num_queries):
    for rank in range(8):
        newcomer(f"Nina{rank}", days=120 if rank % 2 else 10)
    browser = sign_in(support)
    with django_assert_max_num_queries(18):
        page = browser.get(f"{PAGE}?age=late").content.decode()
    assert "4 comptes à activer" in page
    browser.post(f"{PAGE}relance/?age=late", {"channel": "mail", "everybody": "on"})
    assert Relaunch.objects.count() == 4
    assert "4 personnes relancées" in browser.get(f"{PAGE}?relaunched=yes").content.decode()


def test_from_the_page_those_ticked(sign_in, newcomer, support):
    nina, _noe = newcomer(), newcomer("Noé")
    answer = sign_in(support).post(f"{PAGE}relance/", {"channel": "letter", "account": [nina.pk]})
    assert answer["Content-Type"] == "application/pdf"
    assert [row.account for row in Relaunch.objects.all()] == [nina]


def test_the_effect_is_measured(newcomer, support):
    scope = Scope(organisation_ensure().pk)
    rows = [newcomer(f"Nina{rank}") for rank in range(4)]
    relaunch(accounts=rows, channel=Channel.MAIL, acting_user=support)
    assert selectors.effects(scope) == []
    age(31)
    RelaunchBatch.objects.update(created_at=timezone.now() - dt.timedelta(days=31))
    for row, days in zip(rows, (20, 25, 0), strict=False):
        moment = timezone.now() - dt.timedelta(days=days)
        Account.objects.filter(pk=row.pk).update(state=State.ACTIVATED, activated_at=moment)
    effect = selectors.effects(scope)[0]
    assert (effect.sent, effect.activated) == (4, 2)
    batch = selectors.batches(scope).get()
    assert (batch.sent, batch.activated) == (4, 3)


def test_by_school_and_age(newcomer, school):
    for days in (10, 40, 100, 200):
        newcomer(f"Nina{days}", days=days)
    scope = Scope(organisation_ensure().pk)
    assert [count for _key, _label, count in selectors.ages(scope)] == [1, 1, 2]
    assert selectors.schools_pending(scope)[0].counts == (1, 1, 2)
