"""Following a message: who may, for a reason, written down; one's own académie and nothing else."""

import datetime as dt

import pytest
from django.utils import timezone

from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import EmailAddress, MailDomain
from ecritoire.directory.services import organisation_ensure
from ecritoire.mailflow.models import MailTrace
from ecritoire.mailflow.trace import reasons, selectors
from ecritoire.mailflow.trace.query import SEARCHES_KEPT, TraceQuery
from ecritoire.mailflow.trace.selectors import addresses_of, failures_of, traces_found, traces_page
from ecritoire.mailflow.trace.telling import steps_told, trace_text

pytestmark = pytest.mark.django_db
PAGE = "/suivi/"
CLAIRE = "claire.martin@partenaire.test"
BOUNCE = {"status": "bounced", "dsn": "5.1.1", "relay": "mx", "words": "550 5.1.1 nobody of that name here"}


@pytest.fixture
def sam(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


@pytest.fixture
def make_trace(db):
    def make(sender, recipient, *, minutes=0, ours=None, status="sent", steps=None, **values):
        at = timezone.now() - dt.timedelta(minutes=minutes)
        ours, here = ours or organisation_ensure(), "ac-"
        way = "internal" if here in sender and here in recipient else "out" if here in sender else "in"
        party = {"out": recipient, "in": sender}.get(way, "").rpartition("@")[2]
        steps = steps if steps is not None else [{"status": status, "words": "250 2.0.0 kept", "relay": "mx"}]
        return MailTrace.objects.create(
            at=at,
            last_at=at,
            sender=sender,
            recipient=recipient,
            party=party,
            direction=way,
            status=status,
            sender_organisation=ours if here in sender else None,
            recipient_organisation=ours if here in recipient else None,
            steps=[{"at": at.isoformat(), **step} for step in steps],
            **values,
        )

    return make


def look(client, **values):
    return client.post(PAGE, {"reason": "demande 2026-000001", **values}, follow=True)


def test_it_works(sign_in, sam, anne, make_trace):
    make_trace(anne.login, "inconnu@partenaire.test", status="bounced", steps=[BOUNCE, {"status": "told"}])
    make_trace("boris.lenoir@ac-valmont.test", CLAIRE)
    client = sign_in(sam)
    found = look(client, address=anne.login.upper())
    assert "inconnu@partenaire.test" in found.text
    assert CLAIRE not in found.text
    row = found.context["rows"][0]["trace"]
    page = client.get(f"{found.request['PATH_INFO']}{row.pk}/")
    assert "Refusé par le serveur de partenaire.test." in page.text
    assert "Cette adresse n'existe pas, ou plus." in page.text.replace("&#x27;", "'")
    assert "L'expéditeur en est averti" in page.text.replace("&#x27;", "'")


def test_each_look_is_in_the_journal(sign_in, sam, anne):
    look(sign_in(sam), address=anne.login, other="partenaire.test")
    event = AuditEvent.objects.get(action="trace.search")
    assert (event.actor, event.target, event.domain) == (sam.login, anne.login, "ac-valmont.test")
    assert event.detail["reason"] == "demande 2026-000001"
    assert event.detail["other"] == "partenaire.test"


@pytest.mark.parametrize(
    "values",
    [
        {"address": "anne.durand@ac-valmont.test", "reason": ""},
        {"reason": "panne"},
        {"address": "x@y.test", "reason": "panne", "since": "2026-11-30", "until": "2026-11-01"},
        {"address": "x@y.test", "reason": "panne", "status": "nothing"},
    ],
)
def test_without_a_reason_or_anything_to_look_for(sign_in, sam, values):
    answer = sign_in(sam).post(PAGE, values)
    assert answer.context["form"].errors
    assert not AuditEvent.objects.filter(action="trace.search").exists()


@pytest.mark.parametrize("roles", [(), (Role.COMMUNICATION,), (Role.SPECIALIST,)])
def test_not_for_others(sign_in, make_account, roles):
    client = sign_in(make_account("Olga", "Autre", *roles))
    assert client.get(PAGE).status_code == 403
    assert look(client, address="anne.durand@ac-valmont.test").status_code == 403


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.SECURITY, Role.ADMINISTRATOR])
def test_for_these(sign_in, make_account, role):
    assert sign_in(make_account("Olga", "Voit", role)).get(PAGE).status_code == 200


def test_another_s_search_is_nobody_s(sign_in, sam, admin, anne, make_trace):
    row = make_trace(anne.login, CLAIRE)
    path = look(sign_in(sam), address=anne.login).request["PATH_INFO"]
    client = sign_in(admin)
    assert client.get(path).status_code == 404
    assert client.get(f"{path}{row.pk}/").status_code == 404


def test_a_message_outside_the_search_does_not_open(sign_in, sam, anne, boris, make_trace):
    other = make_trace(boris.login, CLAIRE)
    client = sign_in(sam)
    path = look(client, address=anne.login).request["PATH_INFO"]
    assert client.get(f"{path}{other.pk}/").status_code == 404


def test_another_academie_sees_nothing(sign_in, make_account, rivemont, anne, make_trace):
    row = make_trace(anne.login, CLAIRE)
    olga = make_account("Olga", "Voisine", Role.SUPPORT, organisation=rivemont)
    client = sign_in(olga)
    for asked in ({"address": anne.login}, {"other": CLAIRE}, {"other": "partenaire.test"}):
        found = look(client, **asked)
        assert found.context["rows"] == []
        assert client.get(f"{found.request['PATH_INFO']}{row.pk}/").status_code == 404


def test_between_two_academies_both_see_it(make_trace, rivemont, anne):
    row = make_trace("paul@ac-rivemont.test", anne.login)
    MailTrace.objects.update(sender_organisation=rivemont)
    for organisation in (rivemont, organisation_ensure()):
        assert list(traces_found(TraceQuery(reason="x", address=anne.login), organisation=organisation)) == [row]


def test_criteria(make_trace, anne):
    here = organisation_ensure()
    out = make_trace(anne.login, CLAIRE, message_id="a@b")
    late = make_trace("info@ailleurs.test", anne.login, status="rejected", minutes=60 * 24 * 10)

    def found(**values):
        return list(traces_found(TraceQuery(reason="x", **values), organisation=here))

    assert found(address=anne.login) == [out]
    assert found(address=anne.login.replace("@", "+club@")) == [out]
    assert found(other="partenaire.test") == found(other="@partenaire.test") == found(other=CLAIRE.upper()) == [out]
    assert found(message_id="<a@b>") == [out]
    assert found(message_id="a@c") == []
    since = (timezone.localdate() - dt.timedelta(days=20)).isoformat()
    assert set(found(address=anne.login, since=since)) == {out, late}
    assert found(address=anne.login, since=since, status="rejected") == [late]
    assert found(address=anne.login, since=since, until=since) == []


def test_all_the_addresses_of_somebody(anne):
    here = organisation_ensure()
    MailDomain.objects.create(organisation=here, domain="ancien.test")
    EmailAddress.objects.create(person=anne.person, address="anne.nee@ac-valmont.test", is_primary=False)
    mine = [
        "anne.durand@ac-valmont.test",
        "anne.durand@ancien.test",
        "anne.nee@ac-valmont.test",
        "anne.nee@ancien.test",
    ]
    assert addresses_of("Anne.Nee+club@ancien.test", organisation=here) == mine
    assert addresses_of(CLAIRE, organisation=here) == [CLAIRE]


def test_pages_follow_each_other(make_trace, anne, monkeypatch):
    monkeypatch.setattr(selectors, "PAGE", 3)
    moment = make_trace(anne.login, CLAIRE).at
    for _ in range(6):
        make_trace(anne.login, CLAIRE)
    MailTrace.objects.update(at=moment)
    query, read, after = TraceQuery(reason="x", address=anne.login), [], ""
    while True:
        page = traces_page(traces_found(query, organisation=organisation_ensure()), after=after)
        read += [row.pk for row in page.rows]
        after = page.following
        if not after:
            break
    assert read == sorted(read, reverse=True)
    assert len(read) == 7


@pytest.mark.parametrize(
    "after", ["x", "2026-11-30_1", "2026-13-45T00:00:00+00:00_1", f"{'9' * 40}_{'9' * 40}", "_", "\0_1"]
)
def test_a_place_that_means_nothing_is_the_beginning(sign_in, sam, anne, make_trace, after):
    make_trace(anne.login, CLAIRE)
    client = sign_in(sam)
    path = look(client, address=anne.login).request["PATH_INFO"]
    assert len(client.get(path, {"after": after}).context["rows"]) == 1


def test_a_page_costs_as_many_queries_whatever_it_holds(sign_in, sam, anne, make_trace, django_assert_max_num_queries):
    for _ in range(selectors.PAGE + 5):
        make_trace(anne.login, CLAIRE)
    client = sign_in(sam)
    path = look(client, address=anne.login).request["PATH_INFO"]
    with django_assert_max_num_queries(13):
        assert len(client.get(path).context["rows"]) == selectors.PAGE


def test_few_searches_are_kept(sign_in, sam, anne):
    client = sign_in(sam)
    first = look(client, address=anne.login).request["PATH_INFO"]
    for _ in range(SEARCHES_KEPT):
        last = look(client, address=anne.login).request["PATH_INFO"]
    assert client.get(first).status_code == 404
    assert client.get(last).status_code == 200


def test_the_address_of_a_page_names_nobody(sign_in, sam, anne, make_trace):
    make_trace(anne.login, CLAIRE)
    found = look(sign_in(sam), address=anne.login)
    assert "anne" not in found.request["PATH_INFO"] + found.request["QUERY_STRING"]


@pytest.mark.parametrize(
    ("status", "dsn", "words", "title", "cause"),
    [
        ("deferred", "4.4.1", "connect to mx: Connection timed out", "Pas encore remis", "ne répond pas"),
        ("bounced", "5.2.2", "552 5.2.2 mailbox full", "Refusé par le serveur de partenaire.test", "est pleine"),
        (
            "rejected",
            "5.7.1",
            "553 5.7.1 Sender address rejected: not owned by user x",
            "Refusé à l'entrée",
            "expéditeur",
        ),
        ("bounced", "5.9.9", "no idea", "Refusé par le serveur", "n'a pas dit pourquoi"),
    ],
)
def test_why(make_trace, anne, status, dsn, words, title, cause):
    step = {"status": status, "dsn": dsn, "words": words, "relay": "mx" if status == "bounced" else ""}
    row = make_trace(anne.login, CLAIRE, status=status, steps=[step])
    told = steps_told(row)[-1]
    assert told.title.startswith(title)
    assert told.reason
    assert cause in str(told.reason.cause)
    assert words in trace_text(row)


def test_every_code_says_something():
    known = [f"{kind}.{detail}" for kind in (4, 5) for detail in reasons.DETAILS]
    for dsn in [*known, "5.1.99", "4.7.500", "5.0.0", ""]:
        found = reasons.reason_of(dsn, "")
        assert str(found.cause).endswith(".")
        assert str(found.advice).endswith(".")


def test_failures_of_somebody(make_trace, anne, boris, django_assert_max_num_queries):
    make_trace(anne.login, CLAIRE)
    make_trace(boris.login, CLAIRE, status="bounced")
    old = make_trace(anne.login, CLAIRE, status="bounced", minutes=60 * 24 * 8)
    for _ in range(selectors.FAILURES_SHOWN + 2):
        make_trace(anne.login, CLAIRE, status="bounced")
    newest = make_trace(CLAIRE, anne.login, status="rejected")
    with django_assert_max_num_queries(3):
        found = failures_of(anne.person)
    assert found[0] == newest
    assert len(found) == selectors.FAILURES_SHOWN
    assert old not in found
    assert {row.sender for row in found} == {anne.login, CLAIRE}
