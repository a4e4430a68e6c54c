"""Three hundred people open a request within a minute: nothing lost, what each waits beside a bare page, when the banner is up.

``python -m bench.outage``, on a running demonstration. People, requests and incident are made for it, and removed.
"""

from __future__ import annotations

import itertools
import logging
import secrets
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Organisation, Person
from ecritoire.directory.services import organisation_ensure
from ecritoire.support import incidents
from ecritoire.support.models import Incident, IncidentProposal, Ticket, TicketMessage
from launcher import config
from launcher.selfcheck.web import SIGN_IN
from launcher.site import Site

from .common import show
from .spraying import client, post

PEOPLE, SPAN, CLIENTS, ADDRESSES = 300, 60.0, 24, 30
PASSWORD = "Cheval-Pomme-42-verger"
ASK = "/assistance/nouvelle/"
SUBJECTS = ("Le webmail ne s'ouvre plus", "Impossible d'ouvrir le webmail", "webmail ne s'ouvre pas du tout")
CONTACT = "sonde@partenaire.test"  # where answers may really go
TITLE = "Le webmail ne s'ouvre pas (mesure)"


def run(site: Site) -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with staff() as accounts:
        browsers = _sign_in_all(site, accounts)
        asked, bare, seconds = _minute(site, browsers)
        _check(accounts, asked)
        print(f"{PEOPLE} requests opened in {seconds:.1f} s, none lost")
        show("form and request (median)", _median(asked), _median(bare), "ms", "control: the sign-in page")
        show("form and request (95th centile)", _worst(asked), _worst(bare), "ms", "control: the sign-in page")
        _declare(site, accounts)


@contextmanager
def staff() -> Iterator[list[Account]]:
    """People who have activated their accounts; gone at the end, with all they did."""
    organisation, mark = organisation_ensure(), secrets.token_hex(3)
    people = [_person(organisation, f"O{mark}{rank:03d}") for rank in range(PEOPLE)]
    Person.objects.bulk_create(people)
    now, password = timezone.now(), make_password(PASSWORD)
    settled = {"state": "activated", "activated_at": now, "details_confirmed_at": now, "memo_read_at": now}
    accounts = Account.objects.bulk_create(
        Account(person=person, login=_login(person), password=password, **settled) for person in people
    )
    try:
        yield accounts
    finally:
        IncidentProposal.objects.filter(tickets__account__in=accounts).delete()
        Ticket.objects.filter(account__in=accounts).delete()
        Incident.objects.filter(title=TITLE).delete()
        Account.objects.filter(person__in=people).delete()
        Person.objects.filter(pk__in=[person.pk for person in people]).delete()


def _person(organisation: Organisation, number: str) -> Person:
    names = {"given_name": "Mesure", "family_name": number, "search_name": f"mesure {number.lower()}"}
    return Person(organisation=organisation, employee_number=number, category="teacher", **names)


def _login(person: Person) -> str:
    return f"mesure.{person.family_name.lower()}@bench.test"


def _sign_in_all(site: Site, accounts: list[Account]) -> list[httpx.Client]:
    """Before the outage: each in a browser, from one of thirty places."""
    places = itertools.cycle(f"127.0.2.{rank}" for rank in range(1, ADDRESSES + 1))

    def enter(pair: tuple[Account, str]) -> httpx.Client:
        browser = client(site, pair[1])
        answer = post(browser, SIGN_IN, login=pair[0].login, password=PASSWORD)
        assert answer.status_code == httpx.codes.FOUND, answer.status_code
        return browser

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(enter, zip(accounts, places, strict=False)))


def _minute(site: Site, browsers: list[httpx.Client]) -> tuple[list[float], list[float], float]:
    """Each comes at their moment, and looks at the sign-in page as well: what both took, in milliseconds."""
    begun = time.perf_counter()

    def come(rank: int) -> tuple[float, float]:
        time.sleep(max(0.0, begun + rank * SPAN / PEOPLE - time.perf_counter()))
        browser = browsers[rank]
        with client(site) as stranger:
            start = time.perf_counter()
            stranger.get(SIGN_IN).raise_for_status()
            bare = time.perf_counter() - start
        form = {
            "kind": "mail",
            "subject": SUBJECTS[rank % len(SUBJECTS)],
            "text": "Depuis ce matin.",
            "contact": CONTACT,
        }
        start = time.perf_counter()
        answer = post(browser, ASK, **form)
        assert answer.status_code == httpx.codes.FOUND, answer.status_code
        return (time.perf_counter() - start) * 1000, bare * 1000

    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = list(pool.map(come, range(PEOPLE)))
    return [one for one, _ in taken], [other for _, other in taken], time.perf_counter() - begun


def _check(accounts: list[Account], asked: list[float]) -> None:
    numbers = Ticket.objects.filter(account__in=accounts).values_list("number", flat=True)
    assert len(asked) == PEOPLE == len(numbers) == len(set(numbers)), f"{len(numbers)} requests of {PEOPLE}"


def _declare(site: Site, accounts: list[Account]) -> None:
    """The proposal, the incident with its three hundred requests, the banner, the end."""
    start = time.perf_counter()
    incidents.proposals_find()
    found = time.perf_counter() - start
    proposal = IncidentProposal.objects.filter(tickets__account__in=accounts).distinct().order_by("-pk")[0]
    print(f"the proposal holds {proposal.tickets.count()} requests, found in {found * 1000:.0f} ms")
    notice = incidents.Notice(TITLE, "Nous cherchons.", Incident.Severity.MAJOR)
    with client(site) as stranger:
        bare = _page(stranger)
        start = time.perf_counter()
        incident = incidents.proposal_accept(proposal=proposal, notice=notice, acting_user=accounts[0])
        declared = time.perf_counter()
        while TITLE.replace("'", "&#x27;") not in stranger.get(SIGN_IN).text:
            assert time.perf_counter() - declared < SPAN, "the banner did not come"
        up = time.perf_counter() - declared
    show("declaring, 300 requests attached", (declared - start) * 1000, bare, "ms", "control: the sign-in page")
    show("then until the banner is up", up * 1000, bare, "ms", "some seconds; control: the sign-in page")
    start = time.perf_counter()
    over = Incident.State.RESOLVED
    incidents.incident_tell(incident=incident, state=over, text="Tout est revenu.", acting_user=accounts[0])
    ended = (time.perf_counter() - start) * 1000
    told = list(TicketMessage.objects.filter(ticket__incident=incident, text__contains="Tout est revenu."))
    assert len(told) == len({said.ticket_id for said in told}) == proposal.tickets.count()
    show("saying it is over, one answer each", ended, bare, "ms", "control: the sign-in page")
    while _waiting(min(said.pk for said in told)):
        time.sleep(0.1)
    print(f"the last of {len(told)} messages left {time.perf_counter() - start:.1f} s after it was said")


def _waiting(first: int) -> int:
    """Messages of this incident that the jobs have not sent yet."""
    jobs = ProcrastinateJob.objects.filter(task_name="support.send_answer", status__in=["todo", "doing"])
    return jobs.filter(args__message_id__gte=first).count()


def _page(browser: httpx.Client) -> float:
    times = []
    for _ in range(9):
        start = time.perf_counter()
        browser.get(SIGN_IN).raise_for_status()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _median(times: list[float]) -> float:
    return statistics.median(times)


def _worst(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    run(Site(config.load()))
