"""The list: found by words, narrowed, counted, turned page by page; filters kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from ecritoire.support import desk_list
from ecritoire.support.models import Queue, SavedFilter, Ticket
from ecritoire.support.services import ticket_answer, ticket_move, ticket_note, ticket_open
from ecritoire.support.tests.gestures import classify

pytestmark = pytest.mark.django_db
LIST = "/assistance/file/"


@pytest.fixture
def ticket(anne):
    return ticket_open(
        kind=Ticket.Kind.DEVICE,
        subject="Téléphone muet",
        text="Les pièces jointes n'arrivent plus sur la tablette de l'élève.",
        account=anne,
        opened_by=anne,
    )


def numbers(browser, query=""):
    return [row.number for row in browser.get(f"{LIST}?{query}").context["page"]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("telephones muets", True),  # stems, no accents
        ("pièce", True),
        ("PIECES tablettes", True),
        ("durand tablette", True),
        ("de la tablette", True),  # stop words count for nothing
        ("redémarrage", True),  # an answer
        ("synchronisation", True),  # a note
        ("uran", True),  # part of a name, when no word begins so
        ("clavier", False),
        ("tablette clavier", False),
        ("' & | !", False),
        ("%", False),
    ],
)
def test_it_works(sign_in, sam, ticket, typed, found):
    ticket_answer(ticket=ticket, acting_user=sam, text="Un redémarrage suffit.", state=Ticket.State.WAITING)
    ticket_note(ticket=ticket, acting_user=sam, text="Voir la synchronisation.")
    page = sign_in(sam).get(LIST, {"q": typed, "state": "open"}).context["page"]
    assert [row.number for row in page] == ([ticket.number] if found else [])


def test_the_rank_of_a_number_finds_it(sign_in, sam, ticket):
    assert numbers(sign_in(sam), f"q={ticket.number}") == [ticket.number]
    assert numbers(sign_in(sam), f"q={ticket.number.partition('-')[2]}") == [ticket.number]


def test_what_was_said_is_forgotten_with_the_message(sign_in, sam, ticket):
    ticket_note(ticket=ticket, acting_user=sam, text="Voir la synchronisation.")
    ticket.messages.all().delete()
    assert numbers(sign_in(sam), "q=synchronisation") == []
    assert numbers(sign_in(sam), "q=tablette") == [ticket.number]


def test_a_local_contact_finds_nothing_by_an_internal_note(sign_in, sam, karim, anne_at_school, ticket):
    ticket_note(ticket=ticket, acting_user=sam, text="synchronisation")
    browser = sign_in(karim)
    assert list(browser.get("/assistance/etablissement/?q=muet").context["page"])
    assert not list(browser.get("/assistance/etablissement/?q=synchronisation").context["page"])


@pytest.fixture
def narrowing(sam, anne_at_school, barret):
    row = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne_at_school, channel=Ticket.Channel.PHONE)
    line = Queue.objects.create(organisation=row.organisation, name="Réseau")
    ticket_move(ticket=row, queue=line, acting_user=sam)
    return row, line


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("line={line}", True),
        ("line=0", True),  # means nothing, so it is ignored
        ("channel=phone", True),
        ("channel=mail", False),
        ("school=0990103z", True),
        ("school=0990106C", False),
        ("since={today}&until={today}", True),
        ("until=2020-01-01", False),
        ("since=nonsense", True),
        ("sort=newest", True),
    ],
)
def test_the_list_is_narrowed(sign_in, sam, narrowing, query, found):
    row, line = narrowing
    asked = query.format(line=line.pk, today=timezone.localdate().isoformat())
    assert numbers(sign_in(sam), asked) == ([row.number] if found else [])


def test_another_agent_s_are_found(sign_in, sam, admin, ticket):
    browser = sign_in(sam)
    classify(browser, ticket, assignee=admin.pk)
    assert numbers(browser, f"whose={admin.pk}") == [ticket.number]
    assert numbers(browser, "whose=mine") == []


@pytest.mark.parametrize("sort", ["pressing", "oldest", "newest"])
def test_pages_are_turned_there_and_back(sign_in, sam, anne, monkeypatch, sort):
    """Each request once, in the same order both ways, among equal moments and priorities too."""
    monkeypatch.setattr(desk_list, "PAGE", 3)
    made = [ticket_open(kind=Ticket.Kind.OTHER, text=str(rank), account=anne) for rank in range(8)]
    moment = timezone.now() - dt.timedelta(days=1)
    Ticket.objects.filter(pk__in=[row.pk for row in made[2:6]]).update(created_at=moment)
    Ticket.objects.filter(pk=made[7].pk).update(priority=1)
    browser, after = sign_in(sam), ""
    forth: list[list[str]] = []
    back: list[list[str]] = []
    while True:
        page = browser.get(LIST, {"sort": sort, "after": after}).context["page"]
        forth.append([row.number for row in page])
        if not page.following:
            break
        after = page.following
    before = page.previous
    while before:
        page = browser.get(LIST, {"sort": sort, "before": before}).context["page"]
        back.insert(0, [row.number for row in page])
        before = page.previous
    assert sorted(number for page in forth for number in page) == sorted(row.number for row in made)
    assert back == forth[:-1]


@pytest.mark.parametrize("place", ["x", "1_2", "1_2026-01-01_99999999999999999999", "1__3", "-1_2026-01-01T00:00_1"])
def test_a_place_that_means_nothing_is_the_beginning(sign_in, sam, ticket, place):
    assert numbers(sign_in(sam), f"after={place}") == [ticket.number]


def test_states_are_counted_as_the_other_filters_leave_them(sign_in, sam, anne, ticket, monkeypatch):
    monkeypatch.setattr(desk_list, "COUNTED", 2)
    for rank in range(4):
        ticket_open(kind=Ticket.Kind.MAIL, text=str(rank), account=anne)
    counts = sign_in(sam).get(f"{LIST}?state=closed&kind=device").context["counts"]
    assert [row["count"] for row in counts] == ["1", "0", "0", "0", "0"]
    assert next(row["here"] for row in counts if "state=closed" in row["query"])
    rows = desk_list.desk_tickets(viewer=sam, filters=desk_list.DeskFilters(state="all"))
    assert desk_list.desk_counts(rows)["new"] == 3  # counting stopped: more than two


def test_a_filter_is_kept_and_retired_by_its_owner_alone(sign_in, sam, admin, ticket):
    browser = sign_in(sam)
    browser.get(f"{LIST}?q=muet&state=all&after=1_2_3")
    page = browser.get(f"{LIST}?q=muet&state=all")
    query = page.context["save_form"]["query"].value()
    browser.post(f"{LIST}filtres/", {"name": "Les muets", "query": query})
    assert f'href="?{query.replace("&", "&amp;")}"' in browser.get(LIST).content.decode()
    row = SavedFilter.objects.get()
    other = sign_in(admin)
    assert "Les muets" not in other.get(LIST).content.decode()
    assert other.post(f"{LIST}filtres/{row.pk}/retirer/").status_code == 404
    sign_in(sam).post(f"{LIST}filtres/{row.pk}/retirer/")
    assert not SavedFilter.objects.exists()


def test_from_a_ticket_one_goes_on_in_the_list(sign_in, sam, anne):
    first, second, third = (ticket_open(kind=Ticket.Kind.OTHER, text=str(n), account=anne) for n in range(3))
    browser = sign_in(sam)
    browser.get(LIST)
    page = browser.get(f"{LIST}{second.number}/")
    assert (page.context["number_before"], page.context["number_after"]) == (first.number, third.number)
    browser.get(f"{LIST}?sort=newest")
    page = browser.get(f"{LIST}{second.number}/")
    assert (page.context["number_before"], page.context["number_after"]) == (third.number, first.number)
