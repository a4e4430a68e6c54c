"""What administrators decide about the end of an account, from a person's page."""

import datetime as dt

import pytest
from django.utils import timezone

from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account, EndPolicy, LegalHold
from ecritoire.accounts.selectors.lifecycle import policy_of
from ecritoire.accounts.services.lifecycle import accounts_advance
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Organisation

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def url(account, name):
    return f"/compte/gestion/{account.pk}/fin/{name}/"


def state(account):
    account.refresh_from_db()
    return account.state


@pytest.fixture
def rene(make_account):
    return make_account("René", "Rssi", Role.SECURITY)


@pytest.fixture
def ending(anne):
    anne.person.right_until = timezone.localdate() - DAY
    anne.person.save()
    accounts_advance()
    assert state(anne) == State.ENDING
    return anne


def test_it_works(sign_in, admin, anne):
    browser = sign_in(admin)
    page = browser.get(f"/annuaire/personnes/{anne.person_id}/").content.decode()
    assert url(anne, "fin") in page
    assert "Le délai de sa catégorie" in browser.get(url(anne, "fin")).content.decode()
    answer = browser.post(url(anne, "fin"), {"reason": "départ négocié"}, follow=True)
    assert "en fin de droits" in answer.content.decode()
    assert state(anne) == State.ENDING
    event = AuditEvent.objects.get(action="account.end", target=anne.login)
    assert (event.actor, event.detail["reason"]) == (admin.login, "départ négocié")


def test_a_reason_is_asked_for(sign_in, admin, anne):
    answer = sign_in(admin).post(url(anne, "fermeture"), {})
    assert "id_reason-error" in answer.content.decode() or "obligatoire" in answer.content.decode()
    assert state(anne) == State.ACTIVATED


@pytest.mark.parametrize("name", ["fin", "fermeture", "reouverture", "delai", "deces", "gel"])
def test_neither_an_agent_nor_support_may(sign_in, make_account, anne, boris, name):
    support = make_account("Sam", "Support", Role.SUPPORT)
    for who in (boris, support):
        assert sign_in(who).post(url(anne, name), {"reason": "x"}).status_code == 403


def test_an_unknown_decision(sign_in, admin, anne):
    assert sign_in(admin).get(url(anne, "rien")).status_code == 404


def test_the_account_of_another_academie(sign_in, admin, anne):
    anne.person.organisation = Organisation.objects.create(name="Autre", mail_domain="autre.test")
    anne.person.save()
    browser = sign_in(admin)
    assert browser.post(url(anne, "fermeture"), {"reason": "x"}).status_code == 404
    assert browser.get(f"/compte/parcours/{anne.person_id}/").status_code == 404


def test_closing_and_reopening(sign_in, admin, anne):
    browser = sign_in(admin)
    browser.post(url(anne, "fermeture"), {"reason": "fraude"})
    assert state(anne) == State.DEACTIVATED
    accounts_advance()
    assert state(anne) == State.DEACTIVATED
    browser.post(url(anne, "reouverture"), {"reason": "erreur"})
    assert state(anne) == State.ACTIVATED


def test_a_decision_that_no_longer_makes_sense(sign_in, admin, anne):
    answer = sign_in(admin).post(url(anne, "reouverture"), {"reason": "x"}, follow=True)
    assert "plus possible" in answer.content.decode()


def test_extending_the_delay(sign_in, admin, ending):
    until = ending.closes_on + 10 * DAY
    sign_in(admin).post(url(ending, "delai"), {"until": until.isoformat(), "reason": "soutenance"})
    ending.refresh_from_db()
    assert (ending.state, ending.closes_on) == (State.ENDING, until)
    assert ending.transitions.latest("id").event == "extend"


@pytest.mark.parametrize(("days", "words"), [(0, "plus tardif"), (100, "ne se prolonge pas")])
def test_the_delay_is_bounded(sign_in, admin, ending, days, words):
    former, until = ending.closes_on, ending.closes_on + days * DAY
    answer = sign_in(admin).post(url(ending, "delai"), {"until": until.isoformat(), "reason": "x"})
    assert words in answer.content.decode()
    ending.refresh_from_db()
    assert ending.closes_on == former


def test_a_death(sign_in, admin, anne):
    browser, today = sign_in(admin), timezone.localdate()
    browser.post(url(anne, "deces"), {"on": today.isoformat(), "contact": "sa sœur, 06 00 00 00 00"})
    assert state(anne) == State.DEACTIVATED
    anne.person.refresh_from_db()
    assert anne.person.deceased_on == today
    page = browser.get(f"/annuaire/personnes/{anne.person_id}/").content.decode()
    assert "sa sœur" in page
    browser.post(url(anne, "erreur-deces"), {"reason": "homonyme"})
    assert state(anne) == State.ACTIVATED
    assert not hasattr(Account.objects.get(pk=anne.pk), "family_contact")


def test_a_death_to_come_is_refused(sign_in, admin, anne):
    answer = sign_in(admin).post(url(anne, "deces"), {"on": (timezone.localdate() + DAY).isoformat()})
    assert "à venir" in answer.content.decode()
    assert state(anne) == State.ACTIVATED


def test_a_hold_is_placed_and_lifted(sign_in, rene, anne):
    browser = sign_in(rene)
    browser.post(url(anne, "gel"), {"reference": "réquisition 42", "reason": "enquête"})
    hold = LegalHold.objects.get(account=anne)
    assert (
        f"/compte/gestion/gels/{hold.pk}/levee/"
        in browser.get(f"/annuaire/personnes/{anne.person_id}/").content.decode()
    )
    browser.post(f"/compte/gestion/gels/{hold.pk}/levee/", {"reason": "classée"})
    hold.refresh_from_db()
    assert hold.lifted_by == rene.login
    acts = AuditEvent.objects.filter(target=anne.login, action__startswith="hold.").values_list("action", flat=True)
    assert list(acts.order_by("id")) == ["hold.place", "hold.lift"]


def test_the_security_officer_holds_and_decides_nothing_else(sign_in, rene, anne):
    assert sign_in(rene).post(url(anne, "fermeture"), {"reason": "x"}).status_code == 403


def test_nobody_decides_on_who_may_do_more(sign_in, rene, admin):
    assert sign_in(rene).post(url(admin, "gel"), {"reference": "x", "reason": "x"}).status_code == 403


def test_the_timeline_tells_it_all(sign_in, admin, ending):
    page = sign_in(admin).get(f"/compte/parcours/{ending.person_id}/").content.decode()
    assert "Fin de droits : en fin de droits" in page
    assert "Adresse attribuée" in page
    assert "Dernier jour du compte" in page


def test_the_timeline_costs_a_bounded_number_of_queries(sign_in, admin, ending, django_assert_max_num_queries):
    browser = sign_in(admin)
    with django_assert_max_num_queries(22):
        browser.get(f"/compte/parcours/{ending.person_id}/")


def policy_values(**changed):
    values: dict[str, str] = {}
    for category in ("teacher", "administrative", "contract", "external"):
        fields = {"delay_days": "30", "retention_days": "60", "before_end": "30, 7", "before_closing": "7, 1"}
        values |= {f"{category}-{name}": value for name, value in fields.items()}
    return values | changed


def test_the_rules_of_a_category(sign_in, admin, anne):
    browser = sign_in(admin)
    assert browser.get("/compte/fins-de-contrat/").status_code == 200
    asked = {"teacher-delay_days": "20", "teacher-before_end": "45 30; 7"}
    browser.post("/compte/fins-de-contrat/", policy_values(**asked))
    policy = policy_of(anne.person)
    assert (policy.delay_days, policy.before_end) == (20, (45, 30, 7))
    assert EndPolicy.objects.count() == 1
    event = AuditEvent.objects.get(action="end_policy.save")
    assert event.detail["new"] == {"delay_days": 20, "before_end": [45, 30, 7]}
    browser.post("/compte/fins-de-contrat/", policy_values(**asked))
    assert AuditEvent.objects.filter(action="end_policy.save").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("delay_days", "14", "15"),
        ("delay_days", "31", "30"),
        ("retention_days", "29", "30"),
        ("before_end", "bientôt", "séparés par des virgules"),
        ("before_end", "91", "de 1 à 90"),
        ("before_closing", "1,2,3,4,5,6,7", "6 rappels au plus"),
    ],
)
def test_faulty_rules(sign_in, admin, field, value, words):
    answer = sign_in(admin).post("/compte/fins-de-contrat/", policy_values(**{f"external-{field}": value}))
    assert words in answer.content.decode()
    assert not EndPolicy.objects.exists()
