"""Registering services: who may, what is refused and why, what is shown once, what is written down."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Structure
from ecritoire.portal.models import Service

from .saml_party import ENTITY, sp_metadata

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Wiki",
    "url": "https://wiki.test/",
    "category": "tools",
    "icon": "external",
    "order": "100",
    "is_own": "on",
    "claims": ["email"],
}
OIDC = FIELDS | {"redirect_uris": "https://wiki.test/retour", "client_type": "confidential"}


@pytest.fixture
def console(sign_in, admin):
    return sign_in(admin)


def wrong(response):
    assert response.status_code == 200
    return " ".join(message for errors in response.context["form"].errors.values() for message in errors)


def test_it_works(console, admin):
    page = console.post("/sso/console/nouveau/oidc/", OIDC).content.decode()
    (secret,) = re.findall(r'id="secret">([^<]+)<', page)
    service = Service.objects.get(name="Wiki")
    assert service.oidc.application.client_id in page
    assert "/sso/oidc/.well-known/openid-configuration" in page
    assert secret not in console.get(f"/sso/console/{service.pk}/").content.decode()
    event = AuditEvent.objects.get(action="service.create")
    assert (event.actor, event.target, event.detail["claims"]) == (admin.login, "Wiki", ["email"])
    assert secret not in str(event.detail)


@pytest.mark.parametrize("role", [None, Role.SUPPORT, Role.SECURITY, Role.COMMUNICATION, Role.LOCAL_CONTACT])
def test_only_administrators(sign_in, make_account, make_service, role):
    service = make_service()
    browser = sign_in(make_account("Paul", "Passant", *([role] if role else [])))
    own = [f"{service.pk}/{act}" for act in ("", "modification/", "secret/", "etat/")]
    for path in ("", "nouveau/oidc/", *own):
        assert browser.get(f"/sso/console/{path}").status_code == 403, path
    for path in ("nouveau/oidc/", f"{service.pk}/modification/", f"{service.pk}/secret/", f"{service.pk}/etat/"):
        assert browser.post(f"/sso/console/{path}", OIDC).status_code == 403, path
    service.refresh_from_db()
    assert service.enabled


def test_strangers_sign_in_first(browser, make_service):
    service = make_service()
    for path in ("", "nouveau/cas/", f"{service.pk}/", f"{service.pk}/secret/"):
        assert browser.get(f"/sso/console/{path}")["Location"].startswith("/compte/connexion/")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://wiki.test/retour", "https://"),
        ("https://*.wiki.test/retour", "jokers"),
        ("https://wiki.test/retour#fin", "adresse complète"),
        ("https://moi@wiki.test/retour", "adresse complète"),
        ("wiki.test/retour", "adresse complète"),
        ("https://wiki.test:port/", "adresse complète"),
        ("javascript:alert(1)", "adresse complète"),
        ("", "obligatoire"),
    ],
)
def test_return_addresses_are_exact_and_safe(console, address, reason):
    assert reason in wrong(console.post("/sso/console/nouveau/oidc/", OIDC | {"redirect_uris": address}))
    assert not Service.objects.exists()


def test_loopback_is_for_the_demonstration(console, settings):
    local = OIDC | {"redirect_uris": "http://127.0.0.1:9999/retour"}
    settings.DEMO = False
    assert "https://" in wrong(console.post("/sso/console/nouveau/oidc/", local))
    settings.DEMO = True
    console.post("/sso/console/nouveau/oidc/", local)
    assert Service.objects.exists()


def test_two_services_cannot_share_a_name(console, make_service):
    make_service(name="wiki")
    assert "déjà ce nom" in wrong(console.post("/sso/console/nouveau/oidc/", OIDC))


def test_unknown_schools_are_named(console):
    assert "0990009Z" in wrong(console.post("/sso/console/nouveau/oidc/", OIDC | {"structures": "0990009Z"}))


def test_who_may_enter(console, admin):
    Structure.objects.create(
        organisation=admin.person.organisation, uai="0990003A", name="École", kind="primary", city="Valmont"
    )
    fields = OIDC | {"roles": ["support"], "audience": ["teacher"], "structures": " 0990003a "}
    console.post("/sso/console/nouveau/oidc/", fields)
    service = Service.objects.get()
    assert (service.roles, service.audience) == (["support"], ["teacher"])
    assert [structure.uai for structure in service.structures.all()] == ["0990003A"]
    page = console.get(f"/sso/console/{service.pk}/").content.decode()
    assert "agent d&#x27;assistance" in page
    assert "École" in page


def test_a_cas_service(console):
    console.post("/sso/console/nouveau/cas/", FIELDS | {"addresses": "https://notes.test/app\nhttps://notes.test/api"})
    service = Service.objects.get()
    assert service.cas.addresses == ["https://notes.test/app", "https://notes.test/api"]
    assert "/sso/cas/login" in console.get(f"/sso/console/{service.pk}/").content.decode()


def test_a_saml_service(console, tmp_path):
    file = SimpleUploadedFile("sp.xml", sp_metadata(tmp_path).encode())
    console.post("/sso/console/nouveau/saml/", FIELDS | {"metadata": file})
    service = Service.objects.get()
    assert service.saml.entity_id == ENTITY
    console.post(f"/sso/console/{service.pk}/modification/", FIELDS | {"name": "Autre nom"})
    service.saml.refresh_from_db()
    assert service.saml.metadata, "the metadata was lost by a change that did not touch it"
    again = SimpleUploadedFile("sp.xml", sp_metadata(tmp_path).encode())
    assert "entityID" in wrong(console.post("/sso/console/nouveau/saml/", FIELDS | {"metadata": again}))


def test_metadata_at_fault(console):
    file = SimpleUploadedFile("sp.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
    assert "XML lisible" in wrong(console.post("/sso/console/nouveau/saml/", FIELDS | {"metadata": file}))


def test_a_plain_link(console):
    console.post("/sso/console/nouveau/none/", FIELDS)
    assert Service.objects.get().protocol == "none"


def test_no_other_protocol(console):
    assert console.get("/sso/console/nouveau/kerberos/").status_code == 404


def test_a_change_is_written_down(console, make_service):
    service = make_service(claims=["email"])
    page = console.get(f"/sso/console/{service.pk}/modification/")
    assert "https://wiki.test/retour" in page.content.decode()
    console.post(f"/sso/console/{service.pk}/modification/", OIDC | {"claims": ["given_name"]})
    event = AuditEvent.objects.get(action="service.update")
    assert "claims" in event.detail["changed"]
    assert event.detail["claims"] == ["given_name"]


def test_a_public_client_made_confidential_gets_a_secret(console, make_service):
    service = make_service(client_type="public")
    page = console.post(f"/sso/console/{service.pk}/modification/", OIDC).content.decode()
    assert 'id="secret"' in page
    assert "cesse de valoir" in console.get(f"/sso/console/{service.pk}/secret/").content.decode()
    assert console.post(f"/sso/console/{service.pk}/secret/").status_code == 200


def test_closing_and_opening_again(console, make_service):
    service = make_service()
    assert "Plus personne" in console.get(f"/sso/console/{service.pk}/etat/").content.decode()
    console.post(f"/sso/console/{service.pk}/etat/", {"enabled": "no"})
    service.refresh_from_db()
    assert not service.enabled
    console.post(f"/sso/console/{service.pk}/etat/", {"enabled": "yes"})
    acts = AuditEvent.objects.filter(target="Wiki").order_by("id").values_list("action", flat=True)
    assert list(acts)[-2:] == ["service.disable", "service.enable"]


def test_who_entered_lately(console, make_service, relying_party, admin):
    service = make_service()
    relying_party(service).enter()
    assert admin.login in console.get(f"/sso/console/{service.pk}/").content.decode().split("Entrées récentes")[-1]


def test_the_list_costs_the_same_for_many(console, make_service, django_assert_num_queries):
    for number in range(12):
        make_service(name=f"Service {number}")
    with django_assert_num_queries(11):  # session, account, person, roles, count, services, tickets that press
        console.get("/sso/console/")
