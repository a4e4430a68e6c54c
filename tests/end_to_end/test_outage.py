"""An outage lived to its end: thirty people ask for help, support declares, everybody is told once.

The thirty minutes of a morning are played in one: the pages, the jobs, the mail and the files are the real ones.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

import httpx
import pytest

from launcher.house import House, manage_command
from launcher.selfcheck.web import SIGN_IN, TOKEN, Browser, trusting
from launcher.site import Site
from tests.end_to_end.conftest import enter, wait_until

ASK = "/assistance/nouvelle/"
PEOPLE, LATER = 30, 3
SUBJECTS = (
    "Le webmail ne s'ouvre plus",
    "Impossible d'ouvrir le webmail",
    "webmail ne s'ouvre pas",
    "Webmail : page blanche, il ne s'ouvre pas",
    "le webmail refuse de s'ouvrir",
    "Je n'ouvre plus le webmail ce matin",
)
WATCH_SECONDS = 150  # the job that finds what gathers runs each minute


def manage(site, *arguments):
    return subprocess.run(manage_command(site, list(arguments)), capture_output=True, text=True, check=True).stdout


def shell(site, code):
    imports = "from ecritoire.support.models import *\nfrom ecritoire.support import incidents\n"
    return manage(site, "shell", "-v", "0", "--no-imports", "-c", imports + code).strip()


OVER = """
for row in Incident.objects.exclude(state="resolved"):
    incidents.incident_tell(incident=row, state=Incident.State.RESOLVED, text="Fin de l'essai.", acting_user=None)
IncidentProposal.objects.filter(state="open").update(state="dismissed")
Ticket.objects.filter(subject__icontains="webmail", state__in=Ticket.OPEN).update(state="closed")
"""


@pytest.fixture
def quiet(site):
    """Nothing is going on before, nor after."""
    shell(site, OVER)
    yield
    shell(site, OVER)


@pytest.fixture
def school(site):
    """Everybody the outage meets: thirty who ask, three who join later."""
    return json.loads(manage(site, "demo_agent", "--count", str(PEOPLE + LATER)))


def ask_for_help(site, person, subject):
    """In a browser of their own; returns the number of the request. The answer is wanted in their mailbox."""
    browser = Browser(site)

    def send(path, **form):
        token = TOKEN.search(browser.request("GET", path)[2])
        assert token, path
        status, place, _page = browser.request("POST", path, {"csrfmiddlewaretoken": token[1], **form})
        assert status == HTTPStatus.FOUND, path
        return place

    send(SIGN_IN, login=person["sign_in"], password=person["password"])
    text = "Depuis ce matin, la page reste blanche."
    return number_in(send(ASK, kind="mail", subject=subject, text=text, contact=person["sign_in"]))


def number_in(url):
    return url.rstrip("/").rpartition("/")[2]


def patiently(condition, what):
    """As ``wait_until``, for what a job does once a minute."""
    deadline = time.monotonic() + WATCH_SECONDS
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.5)
    pytest.fail(f"{what} did not come within {WATCH_SECONDS} s")


def notices(imap, person, mark):
    """How many messages of this person's mailbox tell of the end."""
    mailbox = imap(person["sign_in"], person["app_password"])
    mailbox.select("INBOX", readonly=True)
    return len(mailbox.search(None, "BODY", f'"{mark}"')[1][0].split())


def written_elsewhere(site, mark):
    """By request, how many messages at the alternate address tell of the end."""
    folder = site.store("partner") / "sonde" / "new"
    texts = [path.read_text(errors="replace") for path in folder.glob("*")]
    return Counter(re.findall(r"demande (\d{4}-\d{6})", " ".join(text for text in texts if mark in text)))


def waiting_mail(site, mark):
    """How many messages that tell of the end the jobs have not sent yet."""
    code = (
        "from procrastinate.contrib.django.models import ProcrastinateJob as Job\n"
        f"said = list(TicketMessage.objects.filter(text__contains={mark!r}).values_list('pk', flat=True))\n"
        "jobs = Job.objects.filter(task_name='support.send_answer', args__message_id__in=said)\n"
        "print(jobs.filter(status__in=['todo', 'doing']).count())"
    )
    return int(shell(site, code))


def get(site, path):
    return httpx.get(f"{site.config.base_url}{path}", verify=trusting(site))


def status_page(site):
    return get(site, "/etat/")


def home(site):
    return get(site, "/aide/")


@dataclass
class Outage:
    """What the steps of the story share; ``numbers`` are those of the requests."""

    site: Site
    mark: str
    title: str = ""
    page: str = ""
    numbers: list[str] = field(default_factory=list)

    def gather(self, people):
        """They ask for help, all at once."""
        subjects = [SUBJECTS[rank % len(SUBJECTS)] for rank in range(len(people))]
        with ThreadPoolExecutor(6) as pool:
            self.numbers = list(
                pool.map(lambda pair: ask_for_help(self.site, *pair), zip(people, subjects, strict=True))
            )
        assert len(set(self.numbers)) == len(people)

    def declare(self, desk):
        """The service has seen that they resemble each other; support makes an incident of it."""

        def proposed():
            desk.goto("/assistance/incidents/")
            return desk.get_by_text(f"{PEOPLE} demandes,").count()

        patiently(proposed, "the proposal")
        desk.get_by_role("link", name=re.compile("En faire un incident")).first.click()
        desk.get_by_text(f"{PEOPLE} demandes y seront rattachées").wait_for()
        desk.get_by_label("Titre").fill(self.title)
        desk.get_by_label("Message").fill("Nous cherchons la cause.")
        desk.get_by_role("button", name="Déclarer", exact=True).click()
        desk.get_by_text("le bandeau est en place").wait_for()
        desk.get_by_role("heading", name=f"{PEOPLE} demandes rattachées").wait_for()
        self.page = desk.url

    def banner_on(self, page, *urls):
        for url in urls:
            page.goto(url)
            page.get_by_role("region", name="Incidents en cours").get_by_text(self.title, exact=True).wait_for()

    def status_survives(self):
        """The status page goes on saying so when the pages are down."""
        wait_until(lambda: self.mark[-6:] in status_page(self.site).text, "the status page")
        house = House(self.site, lambda *_: None)
        house.supervisor.stop("web")
        try:
            assert home(self.site).status_code == HTTPStatus.SERVICE_UNAVAILABLE
            answer = status_page(self.site)
            assert (answer.status_code, self.mark[-6:] in answer.text) == (HTTPStatus.OK, True)
        finally:
            house.supervisor.start_program("web")
            wait_until(lambda: home(self.site).status_code != HTTPStatus.SERVICE_UNAVAILABLE, "the pages")

    def join(self, page, button):
        """Without a word to write; returns the number of the request."""
        page.get_by_role("button", name=re.compile(button)).click()
        page.get_by_text("vous serez prévenu quand ce sera terminé").wait_for()
        return number_in(page.url)

    def tell(self, desk, state, text):
        desk.goto(self.page)
        desk.get_by_label("État").select_option(state)
        desk.get_by_label("Message").fill(text)
        desk.get_by_role("button", name="Publier").click()
        desk.get_by_text("Message publié.").wait_for()

    def count(self, desk, joined):
        """Every request is there, resolved; nothing is proposed any more."""
        desk.goto(self.page)
        desk.get_by_role("heading", name=f"{PEOPLE + LATER} demandes rattachées").wait_for()
        told = desk.locator(".desk li").filter(has_text="résolue").all_inner_texts()
        assert {line.split()[0] for line in told if line[:1].isdigit()} == {*self.numbers, *joined}
        desk.goto("/assistance/incidents/")
        row = desk.get_by_role("row").filter(has_text=self.title)
        assert row.get_by_role("cell").last.inner_text() == str(PEOPLE + LATER)
        assert not desk.get_by_text("Des demandes se ressemblent").count()


@pytest.fixture
def outage(site, quiet):
    mark = f"fin{time.time_ns()}"
    return Outage(site, mark, f"Le webmail est en panne, essai {mark[-6:]}")


def test_it_works(site, outage, school, signed_in, open_page, imap):
    affected, later = school[:PEOPLE], school[PEOPLE:]
    outage.gather(affected)
    desk = signed_in("Nadia")
    outage.declare(desk)

    reader = enter(open_page(), later[0]["sign_in"], later[0]["password"])
    reader.wait_for_url("**/")
    outage.banner_on(reader, "/", "/courrier/")
    stranger = open_page()
    outage.banner_on(stranger, "/compte/connexion/")
    outage.status_survives()

    reader.goto("/courrier/")
    joined = [outage.join(reader, "Moi aussi")]
    for person in later[1:]:
        page = enter(open_page(), person["sign_in"], person["password"])
        page.wait_for_url("**/")
        page.goto(ASK)
        joined.append(outage.join(page, "C'est cela"))
    reader.goto("/")
    assert outage.join(reader, "Moi aussi") == joined[0], "twice is once"

    outage.tell(desk, "identified", "Un disque est plein.")
    stranger.reload()
    stranger.get_by_text("Un disque est plein.").wait_for()
    outage.tell(desk, "resolved", f"Tout est revenu. {outage.mark}")
    stranger.reload()
    assert not stranger.get_by_text(outage.title).count()

    wait_until(lambda: waiting_mail(site, outage.mark) == 0, "the last message sent")
    for person in affected:
        wait_until(partial(notices, imap, person, outage.mark), f"the notice of {person['sign_in']}")
    wait_until(lambda: len(written_elsewhere(site, outage.mark)) == LATER, "the notices elsewhere")
    assert [notices(imap, person, outage.mark) for person in affected] == [1] * PEOPLE
    assert written_elsewhere(site, outage.mark) == dict.fromkeys(joined, 1)

    outage.count(desk, joined)
    wait_until(lambda: outage.mark in status_page(site).text, "the end on the status page")
