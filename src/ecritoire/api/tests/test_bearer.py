"""Who may come in with a token."""

from __future__ import annotations

import pytest

from ecritoire.accounts.models import ApiClient, ApiScope
from ecritoire.accounts.services.api_clients import (
    MISTAKES_A_MINUTE,
    api_client_revoke,
    api_client_rotate,
    api_client_update,
)
from ecritoire.common.models import AuditEvent

USERS, STAFF = "/scim/v2/Users", "/api/v1/staff/7"


def test_it_works(rh):
    assert rh.send("GET", USERS).status_code == 200
    rh.row.refresh_from_db()
    assert rh.row.last_used_address == "192.0.2.10"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ecr_wrong", "Basic cmg6cmg=", "Bearer \x00é"])
def test_without_a_good_token_each_protocol_says_so_in_its_way(db, browser, header):
    scim = browser.get(USERS, headers={"authorization": header})
    assert (scim.status_code, scim.json()["status"]) == (401, "401")
    assert scim.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert scim["WWW-Authenticate"].startswith("Bearer")
    rest = browser.get(STAFF, headers={"authorization": header})
    assert (rest.status_code, rest["Content-Type"]) == (401, "application/problem+json")
    assert rest["WWW-Authenticate"].startswith("Bearer")


def test_what_the_service_can_do_is_open_to_anybody(db, browser):
    assert browser.get("/scim/v2/ServiceProviderConfig").json()["bulk"]["supported"] is True
    assert browser.get("/scim/v2/Schemas").status_code == 401


def test_the_token_is_kept_nowhere(rh):
    kept = [str(value) for row in ApiClient.objects.values() for value in row.values()]
    told = [f"{event.target} {event.detail}" for event in AuditEvent.objects.all()]
    assert not [text for text in kept + told if rh.token in text or rh.token.removeprefix("ecr_") in text]


def test_a_revoked_client_is_out_at_once(rh, admin):
    api_client_revoke(client=rh.row, acting_user=admin)
    assert rh.send("GET", USERS).status_code == 401
    assert AuditEvent.objects.filter(action="api_client.revoke", actor=admin.login).exists()


def test_a_replaced_token_is_worth_nothing(rh, admin):
    old, rh.token = rh.token, api_client_rotate(client=rh.row, acting_user=admin)
    assert rh.send("GET", USERS).status_code == 200
    rh.token = old
    assert rh.send("GET", USERS).status_code == 401


def test_from_another_network_it_is_refused(rh, admin):
    api_client_update(client=rh.row, scopes=[ApiScope.SCIM_WRITE], networks=["192.0.2.0/28"], acting_user=admin)
    assert rh.send("GET", USERS).status_code == 200
    assert rh.send("GET", USERS, X_Real_IP="198.51.100.7").status_code == 403


def test_a_reader_writes_nothing(make_client):
    reader = make_client("Lecteur", ApiScope.SCIM_READ)
    assert reader.send("GET", USERS).status_code == 200
    for method, path in (("POST", USERS), ("PUT", f"{USERS}/1"), ("PATCH", f"{USERS}/1"), ("DELETE", f"{USERS}/1")):
        answer = reader.send(method, path, {})
        assert (answer.status_code, answer.json()["status"]) == (403, "403"), method
    assert make_client("REST", ApiScope.STAFF_WRITE).send("GET", USERS).status_code == 403


def test_guessing_is_cut_short_and_others_are_not(rh, browser):
    for _ in range(MISTAKES_A_MINUTE):
        browser.get(USERS, headers={"authorization": "Bearer ecr_guess"})
    answer = browser.get(USERS, headers={"authorization": "Bearer ecr_guess"})
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert rh.send("GET", USERS, X_Real_IP="198.51.100.7").status_code == 200
