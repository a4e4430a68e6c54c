"""An outage, from the first requests that resemble each other to the one notice each gets at its end."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import timezone

from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Assignment, Organisation, Structure
from ecritoire.directory.services import organisation_ensure
from ecritoire.support import incidents
from ecritoire.support.incidents import Notice
from ecritoire.support.models import Incident, IncidentProposal, Ticket, TicketMessage
from ecritoire.support.services import ticket_open
from ecritoire.support.status_page import status_publish

pytestmark = pytest.mark.django_db
Severity, State = Incident.Severity, Incident.State
SUBJECTS = (
    "Le webmail ne s'ouvre plus",
    "Impossible d'ouvrir le webmail",
    "webmail ne s'ouvre pas",
    "Webmail : page blanche, il ne s'ouvre pas",
    "le webmail refuse de s'ouvrir",
    "Je n'ouvre plus le webmail ce matin",
)


@pytest.fixture
def nadia(make_account):
    """The support agent."""
    return make_account("Nadia", "Benali", Role.SUPPORT)


@pytest.fixture
def people(make_account):
    return [make_account("Personne", f"Numéro{letter}") for letter in "abcdef"]


def ask(account, subject: str) -> Ticket:
    return ticket_open(
        kind=Ticket.Kind.MAIL, subject=subject, text="Depuis ce matin.", account=account, opened_by=account
    )


def declare(title: str = "Webmail en panne", **values) -> Incident:
    structures, organisation = values.pop("structures", ()), values.pop("organisation", None) or organisation_ensure()
    notice = Notice(title, "Nous cherchons.", values.pop("severity", Severity.MAJOR), **values)
    return incidents.incident_declare(organisation=organisation, notice=notice, structures=structures, acting_user=None)


def test_it_works(nadia, people, sign_in, django_capture_on_commit_callbacks) -> None:
    tickets = [ask(account, subject) for account, subject in zip(people, SUBJECTS, strict=True)]
    ask(people[0], "Changer ma photo de profil")
    (proposal,) = incidents.proposals_find()
    client = sign_in(nadia)
    assert "ressemblent" in client.get("/assistance/incidents/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("support:incident-accept", args=[proposal.pk]),
            {"title": "Le webmail ne s'ouvre pas", "severity": "major", "text": "Nous cherchons.", "is_public": "on"},
        )

    incident = Incident.objects.get()
    assert set(incident.tickets.all()) == set(tickets)
    assert "Nous cherchons." in sign_in(people[0]).get("/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(nadia).post(
            reverse("support:incident", args=[incident.pk]), {"state": "resolved", "text": "Tout est revenu."}
        )
    said = TicketMessage.objects.filter(ticket__in=tickets, text__contains="Tout est revenu.")
    assert said.count() == len(tickets)
    assert set(incident.tickets.values_list("state", flat=True)) == {Ticket.State.RESOLVED}
    assert "Nous cherchons." not in sign_in(people[0]).get("/").content.decode()
    assert AuditEvent.objects.filter(action="incident.tell", detail__told=len(tickets)).exists()


def test_the_end_is_told_once(people) -> None:
    ticket = ask(people[0], SUBJECTS[0])
    incident = declare()
    incidents.tickets_attach(incident=incident, tickets=[ticket], acting_user=None)

    for _again in range(2):
        incidents.incident_tell(incident=incident, state=State.RESOLVED, text="Fini.", acting_user=None)

    assert ticket.messages.filter(text__contains="Fini.").count() == 1


def test_a_few_people_are_no_incident(people) -> None:
    for account, subject in zip(people[:4], SUBJECTS, strict=False):
        ask(account, subject)

    assert incidents.proposals_find() == []


def test_one_person_who_insists_is_no_incident(people) -> None:
    for subject in SUBJECTS:
        ask(people[0], subject)

    assert incidents.proposals_find() == []


def test_requests_of_different_things_are_no_incident(people) -> None:
    subjects = ("Imprimante", "Badge du parking", "Changer de nom", "Signature", "Mot de passe", "Calendrier")
    for account, subject in zip(people, subjects, strict=True):
        ask(account, subject)

    assert incidents.proposals_find() == []


def test_a_group_is_proposed_once_and_grows(people, make_account) -> None:
    for account, subject in zip(people[:5], SUBJECTS, strict=False):
        ask(account, subject)
    incidents.proposals_find()
    ask(people[5], SUBJECTS[5])

    assert incidents.proposals_find() == []
    assert IncidentProposal.objects.get().tickets.count() == 6


def test_a_proposal_dismissed_stays_so(people, nadia, sign_in) -> None:
    for account, subject in zip(people, SUBJECTS, strict=True):
        ask(account, subject)
    (proposal,) = incidents.proposals_find()

    sign_in(nadia).post(reverse("support:incident-dismiss", args=[proposal.pk]))

    assert incidents.proposals_find() == []


def test_whoever_is_about_to_ask_sees_the_incident_first(anne, sign_in) -> None:
    incident = declare()
    client = sign_in(anne)
    assert incident.title in client.get("/assistance/nouvelle/").content.decode()

    for _twice in range(2):
        client.post(reverse("support:incident-join", args=[incident.pk]))

    assert incident.tickets.get().account == anne


def test_a_stranger_sees_what_is_public_only(browser) -> None:
    declare("Portail lent")
    declare("Réservé aux agents", is_public=False)

    page = browser.get("/compte/connexion/").content.decode()

    assert "Portail lent" in page
    assert "Réservé aux agents" not in page


def test_only_those_concerned_are_told(anne, boris, sign_in) -> None:
    school = Structure.objects.create(
        organisation=organisation_ensure(), uai="0780001A", name="Collège", kind="middle", city="Valmont"
    )
    Assignment.objects.create(person=anne.person, structure=school, function="x", starts_on=dt.date(2026, 9, 1))
    declare("Réseau du collège", structures=[school])

    assert "Réseau du collège" in sign_in(anne).get("/").content.decode()
    assert "Réseau du collège" not in sign_in(boris).get("/").content.decode()
    other = sign_in(boris).post(reverse("support:incident-join", args=[Incident.objects.get().pk]))
    assert other.status_code == 404


def test_another_academy_s_incident_is_not_ours(anne, nadia, sign_in) -> None:
    elsewhere = Organisation.objects.create(name="Ailleurs", mail_domain="ac-ailleurs.test")
    incident = declare("Panne ailleurs", organisation=elsewhere)

    assert "Panne ailleurs" not in sign_in(anne).get("/").content.decode()
    client = sign_in(nadia)
    assert client.get(reverse("support:incident", args=[incident.pk])).status_code == 404
    assert "Panne ailleurs" not in client.get("/assistance/incidents/").content.decode()


def test_a_small_one_is_hidden_until_something_new_is_said(anne, sign_in, django_capture_on_commit_callbacks) -> None:
    incident = declare("Envoi un peu lent", severity=Severity.MINOR)
    client = sign_in(anne)
    mark = f"{incident.pk}.{incident.updates.get().pk}"
    client.post("/assistance/incidents/masquer/", {"mark": mark, "next": "/"})
    assert "Envoi un peu lent" not in client.get("/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        incidents.incident_tell(incident=incident, state=State.IDENTIFIED, text="Un disque.", acting_user=None)

    assert "Un disque." in client.get("/").content.decode()


def test_hiding_leads_nowhere_else(anne, sign_in) -> None:
    answer = sign_in(anne).post("/assistance/incidents/masquer/", {"mark": "1.1", "next": "https://ailleurs.test/"})

    assert answer.url == "/"


def test_a_maintenance_begins_and_ends_by_itself() -> None:
    now = timezone.now()
    soon, later = now + dt.timedelta(hours=1), now + dt.timedelta(hours=2)
    incident = declare("Mise à jour", severity=Severity.MAINTENANCE, starts_at=soon, ends_at=later)
    assert incident.state == State.PLANNED
    assert incidents.incidents_roll() == 0

    Incident.objects.update(starts_at=now, ends_at=later)
    assert incidents.incidents_roll() == 1
    assert Incident.objects.get().state == State.OPEN
    Incident.objects.update(ends_at=now)
    assert incidents.incidents_roll() == 1
    assert Incident.objects.get().state == State.RESOLVED


def test_the_status_page_and_its_feed_are_files(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("ecritoire.support.status_page.status_folder", lambda: tmp_path / "etat")
    declare("Webmail <en> panne & lent")
    declare("Pas pour tous", is_public=False)

    status_publish()

    page = (tmp_path / "etat" / "index.html").read_text()
    assert "Webmail &lt;en&gt; panne" in page
    assert "Pas pour tous" not in page
    feed = ET.parse(tmp_path / "etat" / "flux.xml")
    assert [item.findtext("title") for item in feed.iter("item")] == ["Webmail <en> panne & lent – en cours d'analyse"]


def test_an_agent_declares_nothing(anne, sign_in) -> None:
    client = sign_in(anne)

    assert client.get("/assistance/incidents/").status_code == 403
    assert client.post("/assistance/incidents/nouveau/", {}).status_code == 403


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"severity": "maintenance"}, "Une maintenance a une fin prévue."),
        (
            {"severity": "minor", "starts_at": "2026-12-02T10:00", "ends_at": "2026-12-02T09:00"},
            "La fin précède le début.",
        ),
        ({"severity": "minor", "title": ""}, "obligatoire"),
    ],
)
def test_a_declaration_at_fault_is_refused(nadia, sign_in, fields, said) -> None:
    answer = sign_in(nadia).post("/assistance/incidents/nouveau/", {"title": "x", "text": "y", **fields})

    assert said in answer.content.decode()
    assert not Incident.objects.exists()


def test_a_request_is_attached_and_detached_by_hand(nadia, anne, sign_in) -> None:
    ticket, incident = ask(anne, SUBJECTS[0]), declare()
    client = sign_in(nadia)

    client.post(reverse("support:incident-attach", args=[ticket.number]), {"incident": incident.pk})
    assert incident.tickets.get() == ticket
    client.post(reverse("support:incident-attach", args=[ticket.number]), {"incident": ""})
    assert not incident.tickets.exists()


def test_banners_cost_nothing_while_nothing_happens(anne, sign_in, django_assert_num_queries) -> None:
    from ecritoire.support.banners import told_now

    told_now()
    with django_assert_num_queries(0):
        assert told_now() == []
