"""The console's pages of clients: the token once, rotation, withdrawal, one's own académie only."""

from __future__ import annotations

import re

import pytest

from ecritoire.accounts.models import ApiClient, ApiScope
from ecritoire.common.models import AuditEvent
from ecritoire.directory.models import Organisation

CLIENTS = "/api/clients/"
TOKEN = re.compile(r"ecr_[\w-]{43}")


@pytest.fixture
def console(sign_in, admin):
    return sign_in(admin)


def make(console, **values):
    return console.post(f"{CLIENTS}nouveau/", {"name": "SIRH", "scope": "scim:write", "networks": ""} | values)


def test_it_works(console, admin, browser):
    page = make(console, networks="192.0.2.10\n2001:db8::/32")
    [token] = set(TOKEN.findall(page.content.decode()))
    client = ApiClient.objects.get()
    assert (client.scopes, client.networks) == (["scim:write"], ["192.0.2.10/32", "2001:db8::/32"])
    assert client.feed.kind == "scim"
    assert not TOKEN.search(console.get(f"{CLIENTS}{client.pk}/").content.decode()), "shown once"
    assert console.get("/scim/v2/Users", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert AuditEvent.objects.filter(action="api_client.create", actor=admin.login).count() == 1
    assert "SIRH" in console.get(CLIENTS).content.decode()


def test_what_is_wrong_is_said_at_its_field(console):
    make(console)
    page = make(console, networks="ici", scope="")
    assert set(page.context["form"].errors) == {"name", "scope", "networks"}
    assert "ici" in str(page.context["form"].errors["networks"])


def test_a_token_is_replaced_and_a_client_withdrawn(console):
    [old] = set(TOKEN.findall(make(console).content.decode()))
    client = ApiClient.objects.get()
    assert console.get(f"{CLIENTS}{client.pk}/jeton/").status_code == 200
    [new] = set(TOKEN.findall(console.post(f"{CLIENTS}{client.pk}/jeton/").content.decode()))
    statuses = [
        console.get("/scim/v2/Users", headers={"authorization": f"Bearer {token}"}).status_code for token in (old, new)
    ]
    assert statuses == [401, 200]
    console.post(f"{CLIENTS}{client.pk}/retrait/")
    assert console.get("/scim/v2/Users", headers={"authorization": f"Bearer {new}"}).status_code == 401
    assert console.post(f"{CLIENTS}{client.pk}/jeton/").status_code == 404


def test_a_client_changes_its_rights_and_not_its_protocol(console):
    make(console)
    client = ApiClient.objects.get()
    page = console.post(f"{CLIENTS}{client.pk}/modification/", {"scope": ApiScope.STAFF_WRITE, "networks": ""})
    assert "scope" in page.context["form"].errors
    console.post(f"{CLIENTS}{client.pk}/modification/", {"scope": ApiScope.SCIM_READ, "networks": ""})
    client.refresh_from_db()
    assert client.scopes == ["scim:read"]


def test_another_academies_clients_are_unknown(console, make_client):
    elsewhere = make_client("Ailleurs", organisation=Organisation.objects.create(name="B", mail_domain="ac-b.test"))
    assert "Ailleurs" not in console.get(CLIENTS).content.decode()
    for page in ("", "modification/", "jeton/", "retrait/"):
        assert console.get(f"{CLIENTS}{elsewhere.row.pk}/{page}").status_code == 404


def test_the_list_costs_the_same_whatever_its_length(console, make_client, django_assert_num_queries):
    console.get(CLIENTS)
    for name in "abc":
        make_client(name)
    with django_assert_num_queries(
        6
    ):  # session, account, roles, person, académie, clients; what waits was counted before
        assert console.get(CLIENTS).status_code == 200


def test_a_client_of_the_help_desk_feeds_nothing(console):
    make(console, scope="", tickets="tickets:write", incidents="incidents:read")
    client = ApiClient.objects.get()
    assert (client.scopes, client.source) == (["tickets:write", "incidents:read"], None)
    page = console.get(f"{CLIENTS}{client.pk}/").content.decode()
    assert "/api/v1/tickets" in page
    assert "/api/v1/staff" not in page
    console.post(f"{CLIENTS}{client.pk}/modification/", {"scope": "staff:write", "tickets": "", "networks": ""})
    client.refresh_from_db()
    assert (client.scopes, client.feed.kind) == (["staff:write"], "rest")
    page = console.post(f"{CLIENTS}{client.pk}/modification/", {"scope": "scim:read"})
    assert "scope" in page.context["form"].errors, "its source says where it speaks"
