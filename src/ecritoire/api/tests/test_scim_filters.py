"""Filters and sort keys in SQL answer as the library's own evaluator does, whatever the filter."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim2_models import ScimFilter, SearchRequest

from ecritoire.api.models import ScimUser
from ecritoire.api.scim.columns import user_columns, users_of
from ecritoire.api.scim.drawing import users_drawn
from ecritoire.api.scim.filters import condition, ordering
from ecritoire.api.scim.schemas import ABSENCES, CONTRACTS, ENTERPRISE, POSTINGS, STAFF, FullUser
from ecritoire.directory.models import FeedSource
from ecritoire.directory.services import organisation_ensure

USERS = "/scim/v2/Users"
WORDS = [
    "Zoé",
    "zoé",
    "Élodie",
    "martin",
    "MARTIN",
    "",
    "a%",
    "_",
    "0750001U",
    "Prof",
    "2026-09-01",
    "teacher",
    "back\\slash",
    'quo"te',
]
TEXTS = [
    "name.familyName",
    "name.givenName",
    "displayName",
    "externalId",
    "userType",
    "userName",
    f"{ENTERPRISE}:employeeNumber",
    f"{STAFF}:birthDate",
    f"{STAFF}:privateEmail.value",
    f"{POSTINGS}:postings",
    f"{POSTINGS}:postings.function",
    f"{CONTRACTS}:contracts.number",
]
OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]
quoted = st.sampled_from(WORDS).map(ScimFilter.quote)
comparison = st.builds("{} {} {}".format, st.sampled_from(TEXTS), st.sampled_from(OPERATORS), quoted)
null = st.builds("{} {} null".format, st.sampled_from(TEXTS), st.sampled_from(["eq", "ne"]))
present = st.sampled_from([*TEXTS, "name", "active", f"{STAFF}:privateEmail"]).map("{} pr".format)
boolean = st.builds("active {} {}".format, st.sampled_from(["eq", "ne"]), st.sampled_from(["true", "false"]))
inside = st.builds(
    "{} {} {}".format,
    st.sampled_from(["value", "function", "startsOn", "functionCode"]),
    st.sampled_from(OPERATORS),
    quoted,
)
inner = st.one_of(
    inside, st.builds("{} and {}".format, inside, inside), st.builds("not ({})".format, inside), st.just("endsOn pr")
)
brackets = inner.map(lambda text: f"{POSTINGS}:postings[{text}]")
leaf = st.one_of(comparison, null, present, boolean, brackets)
filters = st.recursive(
    leaf,
    lambda deeper: st.one_of(
        st.builds("({} and {})".format, deeper, deeper),
        st.builds("({} or {})".format, deeper, deeper),
        st.builds("not ({})".format, deeper),
    ),
    max_leaves=4,
)


def said(given_name: str, family_name: str, **values: Any) -> dict[str, Any]:
    return {"name": {"givenName": given_name, "familyName": family_name}, "active": True} | values


PEOPLE = [
    said("Zoé", "Martin", userType="teacher"),
    said("zoé", "MARTIN", active=False),
    said("Élodie", "d'Artagnan", **{STAFF: {"birthDate": "1980-02-29", "privateEmail": {"value": "e@x.test"}}}),
    said("Al", "a%b_c", **{ENTERPRISE: {"employeeNumber": "0750001U"}}),
    said("Bo", 'quo"te\\', **{CONTRACTS: {"contracts": [{"number": "Prof", "startsOn": "2026-09-01"}]}}),
    said("Cy", "Posted", **{POSTINGS: {"postings": [
        {"value": "0750001U", "function": "Professeur", "startsOn": "2026-09-01"},
        {"value": "0750002V", "function": "documentaliste", "functionCode": "DOC", "endsOn": "2027-01-01"},
    ]}, ABSENCES: {"absences": [{"kind": "sick", "startsOn": "2026-09-01"}]}}),
    {"name": {"givenName": "Dé", "familyName": "Unsaid"}},
]  # fmt: skip


@pytest.fixture
def source(db: None) -> FeedSource:
    source = FeedSource.objects.create(organisation=organisation_ensure(), name="P", slug="p", kind="scim")
    for number, words in enumerate(PEOPLE):
        ScimUser.objects.create(source=source, key=f"k{number}", external_id="Zoé" if number == 3 else None, said=words)
    return source


def drawn(source: FeedSource) -> list[Any]:
    return users_drawn(list(users_of(source).order_by("pk")))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=filters)
def test_sql_answers_as_the_library_does(source, text):
    bound = ScimFilter[FullUser](text)
    expected = {user.id for user in drawn(source) if bound.match(user)}
    found = users_of(source).filter(condition(scim_filter=bound, columns=user_columns()))
    assert {str(user.uid) for user in found} == expected, text


@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize("path", ["name.familyName", "userType", "externalId", f"{POSTINGS}:postings", "meta.created"])
def test_sql_sorts_as_the_library_does(source, path, order):
    search = SearchRequest[FullUser](sort_by=path, sort_order=order)
    everybody = drawn(source)
    found = [str(user.uid) for user in users_of(source).order_by(*ordering(search=search, columns=user_columns()))]
    values = {user.id: search.sort_value(user) for user in everybody}
    assert [values[uid] for uid in found] == [search.sort_value(user) for user in search.sort(everybody)]


def test_pages_hold_everybody_once(rh, make_client, settings):
    for number in range(5):
        ScimUser.objects.create(source=rh.row.source, key=str(number), said=said("Al", f"N{number}"))
    seen = []
    for start in (1, 3, 5):
        page = rh.send(
            "GET", f"{USERS}?{urlencode({'startIndex': start, 'count': 2, 'sortBy': 'name.familyName'})}"
        ).json()
        assert (page["totalResults"], page["startIndex"]) == (5, start)
        seen += [row["name"]["familyName"] for row in page["Resources"]]
    assert seen == ["N0", "N1", "N2", "N3", "N4"]
    assert not rh.send("GET", f"{USERS}?count=0").json()["Resources"]


def test_search_by_post_narrows_what_comes_back(rh):
    ScimUser.objects.create(source=rh.row.source, key="1", said=said("Zoé", "Martin"))
    asked = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": 'name.givenName sw "ZO"',
        "attributes": ["displayName"],
    }
    for path in (f"{USERS}/.search", "/scim/v2/.search"):
        [found] = rh.send("POST", path, asked).json()["Resources"]
        assert found["displayName"] == "Zoé Martin"
        assert "name" not in found


@pytest.mark.parametrize(
    "text", ["name.familyName eq", "shoeSize eq 1", 'active gt "a"', 'meta.version eq "x"', 'name eq "x"', "a" * 20_000]
)
def test_a_wrong_filter_is_refused(rh, text):
    answer = rh.send("GET", f"{USERS}?{urlencode({'filter': text})}")
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")
