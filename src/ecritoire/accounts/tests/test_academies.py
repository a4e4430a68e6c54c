"""Several académies: each its own names, rules, desk and journal; who looks after the installation makes them and sees figures."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from conftest import PASSWORD
from ecritoire.accounts import tasks
from ecritoire.accounts.models import AccessPolicy, Account, Population, SprayEpisode, TrustedFamily
from ecritoire.accounts.policies import policies_for, policy_by_population
from ecritoire.accounts.selectors.alerts import sprays_recent
from ecritoire.accounts.services.applications import trusted_families
from ecritoire.accounts.services.passkeys import assertion_begin
from ecritoire.accounts.services.recovery import address_is_outside
from ecritoire.common.audit import audit_verify
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Action, Role, actions_of
from ecritoire.common.selectors import audit_list
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Organisation, Person

pytestmark = pytest.mark.django_db
URL = "/compte/academies/"
NEW = {"name": "Académie d'Aubemer", "mail_domain": "ac-aubemer.test", "theme": "neutre", "host": "aubemer.localhost"}
FIRST = {"given_name": "Lise", "family_name": "Adam", "employee_number": "B1", "private_email": "lise@ailleurs.test"}


@pytest.fixture
def keeper(make_account):
    """Who looks after the installation."""
    return make_account("Gaspard", "Thévenin", Role.PLATFORM)


@pytest.fixture
def rosa(make_account, rivemont):
    """An administrator of the other académie."""
    return make_account("Rosa", "Rive", Role.ADMINISTRATOR, organisation=rivemont)


def test_it_works(sign_in, keeper):
    browser = sign_in(keeper)
    page = browser.post(f"{URL}nouvelle/", NEW, follow=True).content.decode()
    assert "est créée" in page
    academy = Organisation.objects.get(mail_domain="ac-aubemer.test")
    assert (academy.name, academy.host) == ("Académie d'Aubemer", "aubemer.localhost")
    assert "./ecritoire up" in page, "the daemons do not know it yet"
    event = AuditEvent.objects.get(action="academy.create")
    assert (event.actor, event.target, event.domain) == (keeper.login, "ac-aubemer.test", "")


def test_its_first_administrator_is_named_and_enters(sign_in, keeper, rivemont):
    browser = sign_in(keeper)
    page = browser.post(f"{URL}{rivemont.pk}/", FIRST, follow=True).content.decode()
    assert "lise.adam@ac-rivemont.test" in page
    account = Account.objects.get(login="lise.adam@ac-rivemont.test")
    assert account.roles == {Role.AGENT, Role.ADMINISTRATOR}
    tasks.send_temporary_password(account_id=account.pk)
    assert mail.outbox[-1].to == ["lise@ailleurs.test"]
    assert "https://rivemont.localhost" in mail.outbox[-1].body
    kept = audit_list(domain="ac-rivemont.test").values_list("action", flat=True)
    assert {"account.provision", "role.grant", "letter.mail"} <= set(kept), "their journal says who named them"
    again = browser.post(f"{URL}{rivemont.pk}/", FIRST).content.decode()
    assert "id_employee_number_error" in again


def test_figures_and_no_name(sign_in, keeper, rosa, rivemont, django_assert_num_queries):
    browser = sign_in(keeper)
    browser.get(URL)
    with django_assert_num_queries(6):  # session, account, person, roles, académies, acts
        page = browser.get(URL).content.decode()
    assert "Académie de Rivemont" in page
    detail = browser.get(f"{URL}{rivemont.pk}/").content.decode()
    assert "_dmarc.ac-rivemont.test" in detail
    assert "Rosa" not in page + detail
    assert browser.get("/annuaire/").status_code == 403
    assert browser.get("/compte/journal/").status_code == 403


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECURITY, Role.SUPPORT, Role.LOCAL_CONTACT])
def test_others_may_not(sign_in, make_account, rivemont, role):
    browser = sign_in(make_account("Sam", "Autre", role))
    for path in ("", "nouvelle/", f"{rivemont.pk}/", f"{rivemont.pk}/modification/"):
        assert browser.post(f"{URL}{path}", NEW).status_code == 403, path


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mail_domain": "aubemer"}, "mail_domain"),
        ({"mail_domain": "ac-rivemont.test"}, "mail_domain"),
        ({"mail_domain": "store.internal"}, "mail_domain"),
        ({"more_domains": "ac-rivemont.test"}, "more_domains"),
        ({"host": "deux mots"}, "host"),
        ({"host": "rivemont.localhost"}, "host"),
        ({"host": "localhost"}, "host"),
        ({"accent": "rouge"}, "accent"),
        ({"accent": "#ffd700"}, "accent"),
        ({"accent": "#7a1f5c", "accent_dark": "#301020"}, "accent_dark"),
        ({"accent_dark": "#e79ccb"}, "accent"),
        ({"siret": "123"}, "siret"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_made(sign_in, keeper, rivemont, change, field):
    page = sign_in(keeper).post(f"{URL}nouvelle/", NEW | change).content.decode()
    assert f"id_{field}_error" in page
    assert Organisation.objects.count() == 2


def test_an_academie_is_changed_but_for_its_domain(sign_in, keeper, rivemont):
    values = NEW | {"host": "", "more_domains": "rivemont.test", "support_phone": "09"}
    sign_in(keeper).post(f"{URL}{rivemont.pk}/modification/", values)
    rivemont.refresh_from_db()
    assert (rivemont.mail_domain, rivemont.host, rivemont.support_phone) == ("ac-rivemont.test", "", "09")
    assert [row.domain for row in rivemont.more_domains.all()] == ["rivemont.test"]
    assert AuditEvent.objects.get(action="academy.update").target == "ac-rivemont.test"


def test_what_the_settings_file_says_is_not_changed_here(sign_in, keeper, settings):
    own = keeper.person.organisation
    sign_in(keeper).post(f"{URL}{own.pk}/modification/", NEW | {"support_phone": "09"})
    own.refresh_from_db()
    assert (own.name, own.mail_domain, own.host, own.support_phone) == (
        settings.SITE_NAME,
        settings.MAIL_DOMAIN,
        "",
        "09",
    )


def test_the_command_does_the_same_twice(db, capsys):
    for said in ("made", "up to date"):
        call_command("academy_create", "ac-aubemer.test", name="Aubemer", accent="#7a1f5c")
        assert said in capsys.readouterr().out
    with pytest.raises(CommandError, match="accent"):
        call_command("academy_create", "ac-aubemer.test", accent="#ffffff")
    assert Organisation.objects.get(mail_domain="ac-aubemer.test").accent == "#7a1f5c"


def test_nobody_rises_to_the_installation(sign_in, admin, anne, keeper):
    browser = sign_in(admin)
    browser.post(f"/compte/gestion/{anne.pk}/role/", {"role": "platform"})
    browser.post(f"/compte/roles/{keeper.role_grants.get().pk}/retrait/")
    assert not anne.role_grants.exists()
    assert keeper.role_grants.exists()
    assert Action.PLATFORM_MANAGE not in actions_of({Role.ADMINISTRATOR})


def test_two_people_of_one_number_and_one_name(make_person, rivemont):
    here, there = make_person("Marie", "Dupont"), make_person("Marie", "Dupont", organisation=rivemont)
    Person.objects.update(employee_number="V0014")
    assert here.addresses.get().address == "marie.dupont@ac-valmont.test"
    assert there.addresses.get().address == "marie.dupont@ac-rivemont.test", "each domain has its own names"


def test_each_sets_its_own_rules(sign_in, admin, rosa, rivemont):
    sign_in(rosa).post("/compte/regles/", {"preset": "academie"})
    assert policy_by_population(rivemont.pk)[Population.TEACHER].renewal_days == 365
    assert policy_by_population(admin.organisation_id)[Population.TEACHER].renewal_days == 0
    assert max(policy.renewal_days for policy in policies_for(rosa)) == 365


def test_the_installation_s_rules_hold_where_nothing_else_is_decided(sign_in, keeper, admin, rosa, rivemont):
    sign_in(rosa).post("/compte/regles/", {"preset": "anssi"})
    sign_in(keeper).post("/compte/regles/defaut/", {"preset": "academie"})
    assert policy_by_population(admin.organisation_id)[Population.TEACHER].renewal_days == 365
    assert AccessPolicy.objects.filter(organisation=rivemont, population="privileged").exists()
    assert sign_in(admin).get("/compte/regles/defaut/").status_code == 403


def test_each_trusts_its_own_applications(sign_in, admin, rosa, rivemont):
    before = set(trusted_families(rosa))
    sign_in(admin).post("/compte/applications/console/confiance/ajout/", {"family": "gmail"})
    assert "gmail" in trusted_families(admin)
    assert set(trusted_families(rosa)) == before
    assert TrustedFamily.objects.filter(organisation=rivemont).exists(), "it started with the installation's"


def test_before_signing_in_the_host_says_whose_pages_these_are(browser, rivemont, settings):
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, rivemont.host]
    page = browser.get("/compte/connexion/", headers={"host": f"{rivemont.host}:8443"}).content.decode()
    assert "Académie de Rivemont" in page
    assert settings.SITE_NAME not in page
    assert settings.SITE_NAME in browser.get("/compte/connexion/").content.decode()


def test_a_bare_name_is_of_the_host_s_academie(browser, make_account, rivemont, settings):
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, rivemont.host]
    make_account("Marie", "Dupont", organisation=rivemont)
    form = {"login": "marie.dupont", "password": PASSWORD}
    assert browser.post("/compte/connexion/", form, headers={"host": rivemont.host}).status_code == 302


def test_an_unknown_host_is_refused(browser, rivemont):
    assert browser.get("/compte/connexion/", headers={"host": "voleur.test"}).status_code == 400


def test_signed_in_the_pages_are_those_of_one_s_own(sign_in, make_account, rivemont, settings):
    browser = sign_in(make_account("Rita", "Rive", organisation=rivemont))
    page = browser.get("/").content.decode()
    assert "Académie de Rivemont" in page
    assert settings.SITE_NAME not in page
    sheet = page.partition('href="/annuaire/couleurs/')[2].partition('"')[0]
    colours = browser.get(f"/annuaire/couleurs/{sheet}")
    assert "--accent: #7a1f5c" in colours.content.decode()
    assert "immutable" in colours["Cache-Control"]
    assert browser.get("/annuaire/couleurs/autre.css")["Cache-Control"] == "no-store"


def test_the_service_writes_in_the_academie_s_name(make_account, rivemont):
    rita = make_account("Rita", "Rive", organisation=rivemont)
    tasks.send_password_changed(account_id=rita.pk)
    message = mail.outbox[-1]
    assert (
        message.from_email == "Académie de Rivemont <ne-pas-repondre@ac-rivemont.test>"
        or "ac-rivemont.test" in message.from_email
    )
    assert "Académie de Rivemont" in message.body
    assert rivemont.base_url in message.body


def test_an_alternate_address_is_outside_every_academie(rivemont):
    assert address_is_outside("rita@ailleurs.test")
    assert not address_is_outside("rita@ac-rivemont.test")
    assert not address_is_outside("rita@mail.ac-rivemont.test")


def test_a_key_is_bound_to_the_host_it_was_made_on(make_account, rivemont):
    options, _state = assertion_begin(account=None, host=rivemont.host)
    assert options["rpId"] == rivemont.host


def test_each_reads_its_own_journal_and_the_chain_holds(sign_in, admin, rosa, rivemont):
    audit_record(acting_user=rosa, action="test.theirs", target="un acte")
    audit_record(acting_user=None, action="test.system", target=admin.login)
    audit_record(acting_user=None, action="test.installation", target="rien")
    theirs = set(audit_list(domain="ac-rivemont.test").values_list("action", flat=True))
    ours = set(audit_list(domain="ac-valmont.test").values_list("action", flat=True))
    assert "test.theirs" in theirs - ours
    assert "test.system" in ours - theirs
    assert "test.installation" not in ours | theirs
    assert audit_verify().fault is None


def test_an_act_moved_to_another_journal_is_noticed(admin):
    from ecritoire.common.tests.test_audit import behind_the_back

    event = audit_record(acting_user=admin, action="test", target="x")
    behind_the_back(("UPDATE common_auditevent SET domain = NULL WHERE id = %s", event.pk))
    assert audit_verify().fault is not None


def test_a_spray_shows_each_its_share(admin, rivemont):
    now = admin.activated_at
    known = {"ac-valmont.test": (6, 3), "ac-rivemont.test": (8, 4)}
    got_in = ["a@ac-valmont.test", "b@ac-rivemont.test"]
    SprayEpisode.objects.create(
        network="203.0.113.0/24", first_at=now, last_at=now, logins=7, tries=14, succeeded=got_in, by_domain=known
    )
    (row,) = sprays_recent(domain="ac-rivemont.test")
    assert (row.tries, row.logins, row.succeeded) == (8, 4, ["b@ac-rivemont.test"])
    assert sprays_recent(domain="ac-ailleurs.test") == []
