"""Questions that find who knows: a subject's specialist, a school's local contact, in a browser on the running demonstration."""

from __future__ import annotations

import re
import time

from tests.end_to_end.conftest import NARROW


def ask(page, kind, subject, discipline=""):
    """The number of the request."""
    page.goto("/assistance/nouvelle/")
    page.get_by_label("De quoi s'agit-il ?").select_option(kind)
    if discipline:
        page.get_by_label("Discipline").select_option(discipline)
    else:
        page.get_by_label("Discipline").wait_for(state="hidden")
    page.get_by_label("En quelques mots").fill(subject)
    page.get_by_label("Que se passe-t-il ?").fill("Pouvez-vous m'aider ?")
    page.get_by_role("button", name="Envoyer la demande").click()
    page.get_by_role("heading", name=subject).wait_for()
    found = re.search(r"\d{4}-\d{6}", page.url)
    assert found
    return found[0]


def answer(page, text):
    page.get_by_label("Réponse à la personne").fill(text)
    page.get_by_label("Ensuite, la demande est").select_option("resolved")
    page.get_by_role("button", name="Envoyer la réponse").click()
    page.get_by_text("Réponse envoyée.").wait_for()


def read(page, number, text):
    page.goto(f"/assistance/demandes/{number}/")
    page.get_by_text(text).wait_for()


def test_it_works(signed_in):
    """A teacher asks a pedagogical question, the specialist of the discipline answers."""
    mark = f"Fractions {time.time_ns()}"
    teacher = signed_in("Julien")
    number = ask(teacher, "pedagogy", mark, "Mathématiques")
    specialist = signed_in("Thierry")
    specialist.goto("/assistance/ligne/")
    specialist.get_by_role("row").filter(has_text=mark).get_by_text("répondre avant le").wait_for()
    specialist.get_by_role("link", name=mark).click()
    answer(specialist, f"Partez d'une tarte ({mark}).")
    read(teacher, number, f"Partez d'une tarte ({mark}).")


def test_a_school_matter_is_answered_in_the_school(signed_in):
    """On a telephone: the head asks, the local contact answers without the desk."""
    mark = f"Vidéoprojecteur {time.time_ns()}"
    head = signed_in("Sophie", NARROW)
    number = ask(head, "school", mark)
    contact = signed_in("Karim", NARROW)
    contact.goto("/assistance/etablissement/")
    contact.get_by_role("heading", name="À traiter").wait_for()
    contact.get_by_role("listitem").get_by_role("link", name=mark).click()
    contact.get_by_text("Cette demande est pour vous.").wait_for()
    answer(contact, f"La lampe est changée ({mark}).")
    read(head, number, f"La lampe est changée ({mark}).")


def test_the_rules_are_set_without_javascript(signed_in):
    admin = signed_in("Hélène", java_script_enabled=False)
    admin.goto("/assistance/reglages/")
    admin.get_by_role("button", name="Enregistrer les règles").click()
    admin.get_by_text("Règles enregistrées").wait_for()
