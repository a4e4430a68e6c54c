"""Clients of the API: Rh, which may all over SCIM; Lecteur, which only reads; and another académie's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from conftest import SecureClient
from ecritoire.accounts.models import Account, ApiClient, ApiScope
from ecritoire.accounts.services.api_clients import api_client_create
from ecritoire.api.scim.schemas import ABSENCES, CONTRACTS, POSTINGS
from ecritoire.directory.models import Organisation, Structure
from ecritoire.directory.services import organisation_ensure

ClientMaker = Callable[..., "Program"]
VOLTAIRE, ROSTAND = "0750001U", "0750002V"


class Program(SecureClient):
    """A program that shows its token and speaks JSON."""

    def __init__(self, row: ApiClient, token: str) -> None:
        super().__init__()
        self.row, self.token = row, token

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.token}")
        return super().generic(*args, **kwargs)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Headers as ``If_Match="…"``."""
        extra = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        data = json.dumps(body) if body is not None else ""
        return self.generic(method, path, data, content_type="application/scim+json", **extra)


@pytest.fixture
def make_client(admin: Account) -> ClientMaker:
    def make(name: str = "RH", *scopes: ApiScope, organisation: Organisation | None = None, **values: Any) -> Program:
        row, token = api_client_create(
            organisation=organisation or organisation_ensure(),
            name=name,
            scopes=scopes or (ApiScope.SCIM_WRITE,),
            networks=values.get("networks", ()),
            acting_user=admin,
        )
        return Program(row, token)

    return make


@pytest.fixture
def rh(make_client: ClientMaker) -> Program:
    return make_client()


@pytest.fixture
def schools(db: None) -> list[Structure]:
    organisation = organisation_ensure()
    return [
        Structure.objects.create(organisation=organisation, uai=uai, name=name, kind="high", city="Paris")
        for uai, name in ((VOLTAIRE, "Lycée Voltaire"), (ROSTAND, "Lycée Rostand"))
    ]


LISTS = {"postings": POSTINGS, "contracts": CONTRACTS, "absences": ABSENCES}


def user(given: str = "Zoé", family: str = "Martin", **values: Any) -> dict[str, Any]:
    """A user as a client writes it; postings, contracts and absences go to their extensions."""
    lists = {LISTS[name]: {name: values.pop(name)} for name in LISTS if name in values}
    urns = ["urn:ietf:params:scim:schemas:core:2.0:User", *lists, *(name for name in values if name.startswith("urn:"))]
    return {"schemas": urns, "name": {"givenName": given, "familyName": family}, **lists, **values}
