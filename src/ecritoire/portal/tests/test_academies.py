"""Services of several académies: each connects its own, the installation offers its own to those it chooses."""

import pytest

from conftest import PASSWORD
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.portal.models import Service
from ecritoire.portal.selectors import service_open_to
from ecritoire.portal.sso.cas.addresses import client_for

from .test_sso_console import FIELDS

pytestmark = pytest.mark.django_db
CONSOLE = "/sso/console/"


@pytest.fixture
def rosa(make_account, rivemont):
    return make_account("Rosa", "Rive", Role.ADMINISTRATOR, organisation=rivemont)


@pytest.fixture
def keeper(make_account):
    return make_account("Gaspard", "Thévenin", Role.PLATFORM)


def test_it_works(sign_in, rosa, rivemont, anne):
    sign_in(rosa).post(f"{CONSOLE}nouveau/none/", FIELDS)
    service = Service.objects.get(name="Wiki")
    assert service.organisation == rivemont
    assert service_open_to(service=service, account=rosa)
    assert not service_open_to(service=service, account=anne)
    assert AuditEvent.objects.get(action="service.create").domain == "ac-rivemont.test"


def test_two_academies_may_use_the_same_name(sign_in, admin, rosa):
    for administrator in (admin, rosa):
        sign_in(administrator).post(f"{CONSOLE}nouveau/none/", FIELDS)
    assert Service.objects.filter(name="Wiki").count() == 2


def test_the_installation_offers_one_to_all_or_to_some(sign_in, keeper, anne, rosa, rivemont):
    browser = sign_in(keeper)
    browser.post(f"{CONSOLE}nouveau/none/", FIELDS)
    service = Service.objects.get()
    assert service.organisation is None
    assert service_open_to(service=service, account=anne)
    assert service_open_to(service=service, account=rosa)
    browser.post(f"{CONSOLE}{service.pk}/modification/", FIELDS | {"academies": [rivemont.pk]})
    assert not service_open_to(service=service, account=anne)
    assert service_open_to(service=service, account=rosa)
    assert sign_in(rosa).get(f"{CONSOLE}{service.pk}/").status_code == 404, "offered, not managed"


def test_who_entered_is_not_told_to_who_looks_after_the_installation(
    sign_in, keeper, anne, make_service, relying_party
):
    service = make_service(organisation=None)
    sign_in(anne, PASSWORD)
    relying_party(service).enter()
    page = sign_in(keeper).get(f"{CONSOLE}{service.pk}/").content.decode()
    assert anne.login not in page


def test_none_shuts_another_s_people_out_by_registering_their_service(make_service, admin, rivemont):
    theirs = make_service("cas", name="Les leurs", organisation=rivemont, addresses=["https://notes.test/"])
    ours = make_service("cas", name="Les nôtres", addresses=["https://notes.test/"])
    for organisation, service in ((admin.organisation_id, ours), (rivemont.pk, theirs)):
        client = client_for("https://notes.test/", organisation=organisation)
        assert client is not None
        assert client.service == service
