"""« Règles d'accès »: decided by administrators, explained, audited."""

import pytest
from django.utils import timezone

from ecritoire.accounts.compliance import notes_of
from ecritoire.accounts.models import AccessPolicy, Population
from ecritoire.accounts.policies import policy_by_population, policy_default
from ecritoire.accounts.services.access_policies import FIELDS
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.services import organisation_ensure

URL = "/compte/regles/"
pytestmark = pytest.mark.django_db


def posted(**changes):
    """The whole page as it stands, with ``population__field`` changes."""
    data: dict[str, object] = {}
    for population, policy in policy_by_population(organisation_ensure().pk).items():
        data |= {f"{population}-{name}": getattr(policy, name) or "" for name in FIELDS}
        data |= {f"{population}-{name}": getattr(policy, name) for name in ("trusted_days", "renewal_days")}
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def test_it_works(sign_in, admin):
    browser = sign_in(admin)
    answer = browser.post(URL, posted(teacher__password_preset="anssi", teacher__renewal_days=365), follow=True)
    assert "Règles en vigueur pour : enseignants" in answer.content.decode()
    policy = AccessPolicy.objects.get(population="teacher")
    assert (policy.password_preset, policy.renewal_days, policy.renewal_set_on) == ("anssi", 365, timezone.localdate())
    event = AuditEvent.objects.get(action="policy.save")
    assert (event.actor, event.target) == (admin.login, "teacher")
    assert event.detail["former"] == {"password_preset": "cnil80", "renewal_days": "0"}


def test_nothing_changed_nothing_audited(sign_in, admin):
    sign_in(admin).post(URL, posted())
    assert not AuditEvent.objects.filter(action="policy.save").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"teacher__renewal_days": 5000}, "1095"),
        ({"teacher__password_preset": "rien"}, "rien"),
        ({"teacher__second_factor": "required"}, "Donnez la date"),
        ({"teacher__trusted_days": -1}, "0"),
        ({"privileged__second_factor": "off"}, "off"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_saved(sign_in, admin, change, words):
    page = sign_in(admin).post(URL, posted(external__renewal_days=10, **change)).content.decode()
    assert words in page
    assert not AccessPolicy.objects.exists()


@pytest.mark.parametrize(("preset", "renewal"), [("anssi", 0), ("academie", 365)])
def test_a_model_in_one_gesture(sign_in, admin, preset, renewal):
    sign_in(admin).post(URL, {"preset": preset})
    assert policy_by_population(organisation_ensure().pk)[Population.TEACHER].renewal_days == renewal
    privileged = AccessPolicy.objects.get(population="privileged")
    assert (privileged.password_preset, privileged.renewal_days, privileged.second_factor) == ("anssi", 365, "always")


def test_after_the_anssi_model_every_rule_is_met(sign_in, admin):
    sign_in(admin).post(URL, {"preset": "anssi"})
    assert all(
        note.met for policy in policy_by_population(organisation_ensure().pk).values() for note in notes_of(policy)
    )


def test_each_choice_says_its_rule(sign_in, admin):
    page = sign_in(admin).get(URL).content.decode()
    assert "ANSSI, R25 : un accès privilégié se renouvelle" in page
    assert "CNIL 2022-100 : 80 bits" in page
    assert "à revoir" in page


@pytest.mark.parametrize("population", Population)
@pytest.mark.parametrize("factor", AccessPolicy.SecondFactor)
@pytest.mark.parametrize("days", [0, 90, 365, 1095])
def test_every_policy_has_three_notes(population, factor, days):
    policy = policy_default(population)
    policy.second_factor, policy.renewal_days = factor, days
    assert len(notes_of(policy)) == 3


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.SECURITY, Role.LOCAL_CONTACT])
def test_others_may_not(sign_in, make_account, role):
    browser = sign_in(make_account("Sam", "Autre", role))
    assert browser.get(URL).status_code == 403
    assert browser.post(URL, {"preset": "anssi"}).status_code == 403
    assert not AccessPolicy.objects.exists()


def test_the_page_costs_few_queries(sign_in, admin, django_assert_max_num_queries):
    browser = sign_in(admin)
    browser.get(URL)
    with django_assert_max_num_queries(9):
        browser.get(URL)
