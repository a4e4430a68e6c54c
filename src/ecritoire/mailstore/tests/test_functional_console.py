"""Functional mailboxes in the console and on their owners' own pages: who sees which, who may change what."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from conftest import enrol_totp
from ecritoire.accounts.services import role_grant
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import (
    Access,
    Assignment,
    FunctionalMailbox,
    FunctionalMember,
    Organisation,
    Structure,
)
from ecritoire.directory.services import functional_ensure, functional_guest_add, organisation_ensure, rights_recompute

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 9, 1)


def school_make(uai, name):
    search = f"{name} valmont {uai}".lower()
    return Structure.objects.create(
        organisation=organisation_ensure(), uai=uai, name=name, kind="middle", city="Valmont", search_name=search
    )


@pytest.fixture
def school():
    made = school_make("0991201X", "College des Ormes")
    functional_ensure()
    return made


@pytest.fixture
def mailbox(school):
    return FunctionalMailbox.objects.get(structure=school)


@pytest.fixture
def anne_heads(anne, school):
    """Anne is the school's head."""
    Assignment.objects.create(person=anne.person, structure=school, function="Principale", starts_on=DAY)
    rights_recompute(person_ids=[anne.person_id])
    return anne


@pytest.fixture
def contact(make_account, school):
    account = make_account("Karim", "Contact")
    role_grant(account=account, role=Role.LOCAL_CONTACT, structure=school, acting_user=None)
    enrol_totp(account)
    return account


def url(mailbox, tail=""):
    return f"/boites/{mailbox.pk}/{tail}"


def mine(mailbox, tail=""):
    return f"/boites/miennes/{mailbox.pk}/{tail}"


def test_it_works(sign_in, admin, anne_heads, mailbox):
    browser = sign_in(admin)
    assert "ce.0991201x@" in browser.get("/boites/?q=ormes+valmont").content.decode()
    page = browser.get(url(mailbox)).content.decode()
    assert "Principale, depuis le 1 septembre 2026" in page
    assert "Anne Durand" in page


def test_the_list_costs_the_same_for_one_and_for_fifty(sign_in, admin, mailbox, django_assert_num_queries):
    browser = sign_in(admin)
    browser.get("/boites/")
    with django_assert_num_queries(7):
        browser.get("/boites/")
    for number in range(49):
        school_make(f"09913{number:02d}A", f"École {number}")
    functional_ensure()
    with django_assert_num_queries(7):
        assert len(browser.get("/boites/").context["page"].object_list) == 50


def test_what_nobody_reads_is_told_on_the_home_page(sign_in, admin, mailbox, anne):
    assert "Une boîte fonctionnelle n'a aucun membre" in sign_in(admin).get("/").content.decode()
    rows = list(sign_in(admin).get("/boites/?only=orphan").context["page"])
    assert rows == [mailbox]
    assert "aucun membre" not in sign_in(anne).get("/").content.decode()


def test_it_is_not_told_once_somebody_is_in(sign_in, admin, mailbox, anne_heads):
    assert "aucun membre" not in sign_in(admin).get("/").content.decode()


def test_made_by_hand_and_refused_by_field(sign_in, admin, anne, school):
    browser = sign_in(admin)
    values = {"name": "Division des examens", "local_part": "dec", "kind": "exam", "uai": school.uai}
    assert browser.post("/boites/nouvelle/", values).status_code == 302
    assert FunctionalMailbox.objects.get(addresses__address="dec@ac-valmont.test").structure == school
    for changes, field in (
        ({"local_part": "anne.durand"}, "local_part"),
        ({"local_part": "assistance"}, "local_part"),
        ({"local_part": "É t é"}, "local_part"),
        ({"uai": "0000000A"}, "uai"),
        ({"kind": "school"}, "kind"),
    ):
        answer = browser.post("/boites/nouvelle/", {**values, "local_part": "autre", **changes})
        assert list(answer.context["form"].errors) == [field]


def test_rules_invitations_settings_and_the_end(sign_in, admin, anne, mailbox):
    browser = sign_in(admin)
    browser.post(url(mailbox, "regles/"), {"label": "CPE", "function_code": "", "access": "reader"})
    browser.post("/boites/regles/", {"label": "", "function_code": "EDU", "access": "reader"})
    browser.post(url(mailbox, "personnes/"), {"address": anne.login, "access": "owner", "ends_on": ""})
    browser.post(url(mailbox, "reglages/"), {"own_name": "Les Ormes", "withdraw_on_leave": "on"})
    member = FunctionalMember.objects.get(left_on=None)
    assert (member.person, member.access, str(member.mailbox)) == (anne.person, "owner", "Les Ormes")
    page = browser.get(url(mailbox))
    for rule in page.context["rules"]:
        browser.post(f"/boites/regles/{rule.pk}/retrait/")
    assert browser.post(url(mailbox, f"personnes/{mailbox.guests.get().pk}/retrait/")).status_code == 302
    assert (
        browser.post(url(mailbox, "fermeture/"), {"on": "2026-01-01", "words": "Écrivez au rectorat."}).status_code
        == 302
    )
    mailbox.refresh_from_db()
    assert (mailbox.state, mailbox.closed_words) == ("closed", "Ecrivez au rectorat.")
    browser.post(url(mailbox, "reouverture/"))
    mailbox.refresh_from_db()
    assert mailbox.is_open
    told = set(
        AuditEvent.objects.filter(action__startswith="functional.", actor=admin.login).values_list("action", flat=True)
    )
    parts = ("rule_add", "rule_remove", "guest_add", "guest_remove", "change", "close", "reopen")
    assert told == {f"functional.{part}" for part in parts}


def test_a_local_contact_sees_their_school_s_and_changes_nothing(sign_in, contact, mailbox):
    other = school_make("0991203Z", "College du Lac")
    functional_ensure()
    browser = sign_in(contact)
    assert list(browser.get("/boites/").context["page"]) == [mailbox]
    assert browser.get(url(mailbox)).status_code == 200
    assert browser.get(url(FunctionalMailbox.objects.get(structure=other))).status_code == 403
    assert browser.post(url(mailbox, "personnes/"), {"address": contact.login, "access": "owner"}).status_code == 403
    assert not FunctionalMember.objects.exists()


def test_another_academie_s_does_not_exist(sign_in, admin, make_person):
    away = Organisation.objects.create(name="Ailleurs", mail_domain="ac-ailleurs.test")
    school = school_make("0991204A", "Lycee lointain")
    school.organisation = away
    school.save()
    functional_ensure()
    browser = sign_in(admin)
    distant = FunctionalMailbox.objects.get(structure=school)
    assert not list(browser.get("/boites/").context["page"])
    for tail in ("", "personnes/", "reglages/", "fermeture/", "regles/"):
        assert browser.get(url(distant, tail)).status_code == 404
    rule = distant.organisation.functional_rules.get(label="Proviseur")
    assert browser.post(f"/boites/regles/{rule.pk}/retrait/").status_code == 404


def test_an_owner_lets_in_within_bounds(sign_in, anne_heads, boris, mailbox):
    browser = sign_in(anne_heads)
    soon = (timezone.localdate() + dt.timedelta(days=90)).isoformat()
    far = (timezone.localdate() + dt.timedelta(days=800)).isoformat()
    guest = {"address": boris.login, "access": "delegate", "ends_on": soon}
    for changes, field in (
        ({"access": "owner"}, "access"),
        ({"ends_on": far}, "ends_on"),
        ({"ends_on": ""}, "ends_on"),
    ):
        assert list(browser.post(mine(mailbox), {**guest, **changes}).context["guest_form"].errors) == [field]
    assert list(browser.post(mine(mailbox), {**guest, "address": "x@y.test"}).context["guest_form"].errors) == [
        "address"
    ]
    assert browser.post(mine(mailbox), guest).status_code == 302
    assert mailbox.members.get(person=boris.person).access == "delegate"
    assert browser.post(mine(mailbox), {"signature": "Le secrétariat"}).status_code == 302
    pk = mailbox.guests.get().pk
    assert browser.post(mine(mailbox, f"personnes/{pk}/retrait/")).status_code == 302
    assert not mailbox.guests.exists()


def test_an_owner_does_not_undo_what_the_dsi_decided(sign_in, anne_heads, boris, admin, mailbox):
    guest = functional_guest_add(
        mailbox=mailbox, person=boris.person, access=Access.OWNER, starts_on=DAY, ends_on=None, acting_user=admin
    )
    browser = sign_in(anne_heads)
    soon = (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    answer = browser.post(mine(mailbox), {"address": boris.login, "access": "reader", "ends_on": soon})
    assert list(answer.context["guest_form"].errors) == ["address"]
    assert browser.post(mine(mailbox, f"personnes/{guest.pk}/retrait/")).status_code == 403


def test_a_delegate_sees_the_team_and_decides_nothing(sign_in, boris, admin, mailbox):
    functional_guest_add(
        mailbox=mailbox, person=boris.person, access=Access.DELEGATE, starts_on=DAY, ends_on=None, acting_user=admin
    )
    browser = sign_in(boris)
    assert mailbox.name in browser.get("/boites/miennes/").content.decode()
    page = browser.get(mine(mailbox)).content.decode()
    assert "Boris Lenoir" in page
    assert "Inviter" not in page
    assert browser.post(mine(mailbox), {"signature": "x"}).status_code == 403
    assert browser.post(mine(mailbox, f"personnes/{mailbox.guests.get().pk}/retrait/")).status_code == 403


def test_a_stranger_finds_no_mailbox(sign_in, boris, mailbox):
    browser = sign_in(boris)
    assert browser.get(mine(mailbox)).status_code == 404
    assert browser.post(mine(mailbox), {"signature": "x"}).status_code == 404
    assert "Aucune boîte partagée" in browser.get("/boites/miennes/").content.decode()
