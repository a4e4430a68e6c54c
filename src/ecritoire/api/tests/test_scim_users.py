"""A user over SCIM: made, read, replaced, changed, removed."""

from __future__ import annotations

from ecritoire.api.tests.conftest import user

USERS = "/scim/v2/Users"


def test_it_works(rh, schools):
    made = rh.send("POST", USERS, user(externalId="42", postings=[{"$ref": f"Groups/{schools[0].uai}", "function": "Professeur"}]))
    assert made.status_code == 201, made.content
    print(made.json(), made.headers)
    again = rh.send("GET", f"{USERS}/{made.json()['id']}")
    assert again.json() == made.json()
    print(rh.send("GET", "/scim/v2/Groups").json())
    print(rh.send("GET", USERS).json())
