"""« Fin de contrat » and the countdown, as the person sees them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.accounts.models import AbsenceMessage
from ecritoire.accounts.services.lifecycle import accounts_advance
from ecritoire.mailstore.services import mailbox_create
from ecritoire.mailstore.services_rules import rule_write
from ecritoire.support.models import Ticket

PAGE = "/fin-de-contrat/"
DAY = dt.timedelta(days=1)
FORWARD = 'redirect "moi@ailleurs.test";\n'


@pytest.fixture
def anne(newcomer):
    """Her right is over since yesterday."""
    mailbox_create(account=newcomer)
    newcomer.person.right_until = timezone.localdate() - DAY
    newcomer.person.save()
    accounts_advance()
    newcomer.refresh_from_db()
    return newcomer


def page(browser, address=PAGE):
    return browser.get(address).content.decode()


def test_it_works(sign_in, anne):
    text = page(sign_in(anne))
    assert "encore 29 jours" in text
    assert anne.login in text
    assert "Ce que lira votre correspondant" in text


def test_the_countdown_is_on_every_page_and_hidden_for_the_day(sign_in, anne):
    browser = sign_in(anne)
    assert "Votre messagerie ferme dans 29 jours" in page(browser, "/")
    answer = browser.post(f"{PAGE}masquer/", {"next": "/compte/mot-de-passe/"})
    assert answer.url == "/compte/mot-de-passe/"
    assert "Votre messagerie ferme" not in page(browser, "/")
    session = browser.session
    session["ending_hidden"] = (timezone.localdate() - DAY).isoformat()
    session.save()
    assert "Votre messagerie ferme" in page(browser, "/")


def test_hiding_leads_nowhere_else(sign_in, anne):
    assert sign_in(anne).post(f"{PAGE}masquer/", {"next": "https://ailleurs.test/"}).url == "/"


@pytest.mark.parametrize(
    ("days", "words"), [(0, "se termine aujourd'hui"), (1, "dans 1 jour,"), (30, "dans 30 jours,"), (31, "")]
)
def test_before_the_end(sign_in, boris, days, words):
    boris.person.right_until = timezone.localdate() + days * DAY
    boris.person.save()
    text = page(sign_in(boris), "/")
    assert ("se termine" in text) == bool(words)
    assert words.replace("'", "&#x27;") in text or words in text


def test_somebody_with_no_end_reads_so(sign_in, boris):
    browser = sign_in(boris)
    assert "aucune fin" in page(browser)
    assert "countdown" not in page(browser, "/")


def test_the_answer_is_seen_before_it_is_kept(sign_in, anne):
    browser = sign_in(anne)
    text = browser.post(PAGE, {"words": "Je pars en Bretagne.", "contact": "ce@ac-valmont.test"}).content.decode()
    assert "Je pars en Bretagne." in text
    assert not AbsenceMessage.objects.exists()
    browser.post(PAGE, {"words": "Je pars en Bretagne.", "contact": "ce@ac-valmont.test", "save": "1"})
    assert AbsenceMessage.objects.get(account=anne).words == "Je pars en Bretagne."
    assert ProcrastinateJob.objects.filter(task_name="mailstore.absence_follow").exists()


def test_a_contact_that_is_no_address(sign_in, anne):
    text = sign_in(anne).post(PAGE, {"words": "", "contact": "ma collègue", "save": "1"}).content.decode()
    assert "pas une adresse" in text
    assert not AbsenceMessage.objects.exists()


def test_whose_right_does_not_end_keeps_no_answer(sign_in, boris):
    sign_in(boris).post(PAGE, {"words": "x", "contact": "", "save": "1"})
    assert not AbsenceMessage.objects.exists()


def test_forwarding_is_shown_as_what_it_is(sign_in, anne):
    rule_write(account=anne, name="renvoi", text=FORWARD)
    text = page(sign_in(anne))
    assert "moi@ailleurs.test" in text
    assert "ne renvoie aucun message" in text


def test_a_new_contract_is_told_to_the_help_desk(sign_in, anne):
    values = {
        "structure": "Collège Jeanne-Barret",
        "starts_on": "2027-09-01",
        "ends_on": "2028-08-31",
        "note": "Signé.",
    }
    sign_in(anne).post(f"{PAGE}renouvellement/", values)
    ticket = Ticket.objects.get(account=anne)
    assert ticket.kind == Ticket.Kind.RIGHT
    assert "Collège Jeanne-Barret, à partir du 1 septembre 2027" in ticket.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"structure": "x", "starts_on": "2027-09-01", "ends_on": "2027-08-01"}, "vient avant le premier"),
        ({"structure": "", "starts_on": "2027-09-01"}, "obligatoire"),
        ({"structure": "x", "starts_on": "demain"}, "date valide"),
    ],
)
def test_a_faulty_renewal(sign_in, anne, values, words):
    text = sign_in(anne).post(f"{PAGE}renouvellement/", values).content.decode()
    assert words in text
    assert not Ticket.objects.exists()


def test_a_stranger_signs_in_first(browser, db):
    assert browser.get(PAGE).status_code == 302


def test_the_banner_costs_no_query(sign_in, anne, boris):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for who in (anne, boris):
        browser = sign_in(who)
        browser.get("/")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
