"""The presets are the CNIL's and the ANSSI's examples, each milder one contained in the stricter."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecritoire.accounts.models import AccessPolicy, Population
from ecritoire.accounts.password_rules import ANSSI, CNIL_50, CNIL_80, STRICTNESS, classes_of, strictest
from ecritoire.accounts.services.passwords import password_faults, rules_for
from ecritoire.common.roles import Role

EXAMPLES = [
    (CNIL_80, "Ab3!Ab3!Ab3!", True),
    (CNIL_80, "Ab3!Ab3!Ab3", False),
    (CNIL_80, "Abcdefghijkl34", True),
    (CNIL_80, "Abcdefghijkl3", False),
    (CNIL_80, "une petite maison dans grande prairie verte", True),
    (CNIL_80, "maison maison maison maison maison maison maison", False),
    (CNIL_50, "Abcdef12", True),
    (CNIL_50, "Abcdefgh", False),
    (CNIL_50, "une petite maison dans prairie", True),
    (ANSSI, "Abcdefghijkl34", False),
    (ANSSI, "Abcdefghijklm34", True),
]
SIGNS = string.ascii_letters + string.digits + " !#$%&*+,-./:;<=>?@_éèàç"


@pytest.mark.parametrize(("rules", "password", "met"), EXAMPLES)
def test_it_works(rules, password, met):
    assert rules.met(password) is met


@given(st.text(alphabet=SIGNS, max_size=80))
def test_what_meets_a_preset_meets_the_milder_ones(password):
    met = [rules.met(password) for rules in STRICTNESS]
    assert met == sorted(met, reverse=True)


@given(st.text(alphabet=SIGNS, max_size=40), st.text(alphabet=SIGNS, max_size=20))
def test_a_longer_password_is_never_worse(password, more):
    for rules in STRICTNESS:
        if rules.met(password):
            assert rules.met(password + " " + more)


@given(st.text(alphabet=SIGNS, max_size=7))
def test_nothing_under_eight_signs_is_accepted(password):
    assert not any(rules.met(password) for rules in STRICTNESS)


@given(st.text())
def test_any_text_has_up_to_four_classes(password):
    assert 0 <= classes_of(password) <= 4


def test_the_strictest_of_several_holds():
    assert strictest(["cnil50", "anssi", "cnil80"]) is ANSSI
    assert strictest(["cnil50"]) is CNIL_50


@pytest.mark.django_db
def test_a_population_has_its_own_preset(anne):
    AccessPolicy.objects.create(population=Population.TEACHER, password_preset="cnil50")
    assert rules_for(anne) is CNIL_50
    assert not password_faults(password="kT7#pQ2m", account=anne)


@pytest.mark.django_db
def test_a_privileged_role_is_asked_for_more(make_account):
    AccessPolicy.objects.create(population=Population.PRIVILEGED, password_preset="anssi")
    ada = make_account("Ada", "Admin", Role.ADMINISTRATOR)
    assert rules_for(ada) is ANSSI
    assert any("PG-078" in fault for fault in password_faults(password="Ab3!pQ2m#kT7", account=ada))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(password=st.text(alphabet=SIGNS, max_size=30))
def test_a_refusal_quotes_its_rule(anne_of_the_module, password):
    for fault in password_faults(password=password, account=anne_of_the_module, rules=CNIL_80):
        assert "CNIL" in fault or "ANSSI" in fault


@pytest.fixture
def anne_of_the_module():
    """No database: the rules are pure once the preset is known."""
    from ecritoire.accounts.models import Account
    from ecritoire.directory.models import Person

    person = Person(given_name="Anne", family_name="Durand", employee_number="T00001")
    return Account(person=person, login="anne.durand@ac-valmont.test")
