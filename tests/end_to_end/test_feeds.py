"""Feeds in a real browser: a source is made, a file simulated and applied, a doubt decided, a brake confirmed."""

from __future__ import annotations

import re
import time

import pytest

from ecritoire.directory.feed.mapping import ready_mapping
from tests.end_to_end.conftest import NARROW, WIDE
from tests.end_to_end.test_pages import look

COLUMNS = ready_mapping("renoirh-contrats")["columns"]
HEADER = ";".join(dict.fromkeys(COLUMNS.values()))


def row(number: str, family: str, given: str, **values: str) -> str:
    said = {"external_id": number, "family_name": family, "given_name": given, "category": "CONTRACTUEL"} | values
    cells = {COLUMNS[name]: value for name, value in said.items()}
    return ";".join(cells.get(column, "") for column in dict.fromkeys(COLUMNS.values()))


def upload(page, source: str, *rows: str) -> None:
    page.goto("/annuaire/import/")
    page.get_by_label("Source", exact=True).select_option(label=source)
    content = "\n".join([HEADER, *rows, ""]).encode("iso-8859-15")
    page.get_by_label("Fichier", exact=True).set_input_files(
        {"name": "contrats.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Simuler").click()
    page.wait_for_url(re.compile("/envois/"))


def make_source(page) -> str:
    """A source of one's own, which reads the ready mapping's columns and takes its files as complete."""
    name = f"Contrats {time.time_ns()}"
    page.goto("/annuaire/import/")
    page.get_by_role("link", name="Ajouter une source").click()
    document = page.locator("details", has_text="renoirh-contrats")
    document.locator("summary").click()
    page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_label("Fichiers CSV").select_option("complete")
    page.get_by_label("Correspondance des colonnes").fill(document.locator("code").inner_text())
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("enregistrée").wait_for()
    return name


def letters(prefix: str) -> str:
    """A family name of one's own: letters only."""
    return prefix + "".join(chr(ord("a") + int(digit)) for digit in str(time.time_ns())[-9:])


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_works(signed_in, width):
    page, family = signed_in("Hélène", width), letters("Essai")
    source = make_source(page)
    term = {"contract_starts_on": "01/09/2026", "contract_ends_on": "31/08/2027"}
    people = [
        row(f"E{time.time_ns()}{n}", family + letter, "Léa", contract_number=f"K{n}", birth_date="01/02/1980", **term)
        for n, letter in enumerate("abc")
    ]
    upload(page, source, *people)
    page.get_by_text("Personnes nouvelles (3)").wait_for()
    look(page)
    page.get_by_role("button", name="Appliquer cet envoi").click()
    page.get_by_text("Appliqué en").wait_for()
    page.get_by_role("link", name="Contrats nouveaux (3)").click()
    page.get_by_role("cell", name=f"Léa {family}a : K0").wait_for()
    look(page)
    leave_two(page, source, people)


def leave_two(page, source: str, people: list[str]) -> None:
    """Two of three are gone: a brake."""
    upload(page, source, people[0])
    page.get_by_text("2 départs sur 3 personnes connues").wait_for()
    look(page)
    page.get_by_role("button", name="Appliquer cet envoi").click()
    page.get_by_text("Cochez la case").wait_for()
    page.get_by_label("J'ai vérifié").check()
    page.get_by_role("button", name="Appliquer cet envoi").click()
    page.get_by_text("Appliqué en").wait_for()
    page.get_by_role("link", name="Départs (2)").wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_doubt_is_decided(signed_in, width):
    page, family = signed_in("Hélène", width), letters("Doute")
    first, second = make_source(page), make_source(page)
    for source, number in ((first, "1"), (second, "2")):
        upload(page, source, row(f"D{time.time_ns()}{number}", family, "Noé"))
        page.get_by_role("button", name="Appliquer cet envoi").click()
        page.get_by_text("Appliqué en").wait_for()
    page.goto("/annuaire/import/doutes/")
    look(page)
    card = page.locator("section", has=page.get_by_role("heading", name=f"Noé {family}"))
    card.get_by_label("La même personne").check()
    card.get_by_role("button", name="Décider").click()
    page.get_by_text("Décidé : la fiche est appliquée").wait_for()
    assert not page.get_by_role("heading", name=f"Noé {family}").count()


def test_faults_are_named_and_leave_as_csv(signed_in):
    page = signed_in("Hélène")
    upload(page, make_source(page), row(f"F{time.time_ns()}", "", "Léa"))
    page.get_by_text("rien ne sera appliqué").wait_for()
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger les refus (CSV)").click()
    assert "NOM_USAGE" in download.value.path().read_text()
