"""An outside contributor in a real browser: asked for, let in, told by two channels, signed in, gone at once."""

from __future__ import annotations

import datetime as dt
import re
import time

from tests.end_to_end.conftest import enter, wait_until

TODAY = dt.date.today()


def ask(page, given_name: str, family_name: str) -> None:
    page.goto("/compte/intervenants/")
    page.get_by_role("link", name="Demander un accès pour un intervenant").click()
    page.get_by_label("Prénom").fill(given_name)
    page.get_by_label("Nom", exact=True).fill(family_name)
    page.get_by_label("Date de naissance").fill("1988-05-04")
    page.get_by_label("Adresse électronique privée").fill("sonde@partenaire.test")
    page.get_by_label("Organisme d'origine").fill("Théâtre du Pont")
    page.get_by_label("Sorte d'intervention").select_option("arts")
    page.get_by_label("Établissement").select_option(index=1)
    page.get_by_label("Premier jour").fill(TODAY.isoformat())
    page.get_by_label("Dernier jour").fill((TODAY + dt.timedelta(days=60)).isoformat())
    page.get_by_label("Motif").fill("Un atelier de théâtre en quatrième.")
    page.get_by_role("button", name="Envoyer la demande").click()
    page.get_by_text("Demande envoyée.", exact=True).wait_for()


def decide(page, name: str) -> None:
    page.goto("/compte/intervenants/file/")
    page.get_by_role("link", name=name).click()
    page.get_by_label("Quelqu'un d'autre").check()  # another demonstration person has the same private address
    page.get_by_label("Accordé jusqu'au").fill((TODAY + dt.timedelta(days=20)).isoformat())
    page.get_by_role("button", name="Accorder").click()
    page.get_by_text("Accès accordé :").wait_for()


def test_it_works(signed_in, open_page, outside):
    mark = "".join(chr(ord("A") + int(digit)) for digit in str(time.time_ns())[-9:])
    name = f"Inès Barral-{mark}"
    sponsor = signed_in("Sophie")
    ask(sponsor, "Inès", f"Barral-{mark}")
    decide(signed_in("Hélène"), name)

    def identifier() -> str | None:
        sponsor.goto(f"/courrier/recherche/?q={mark}")
        found = sponsor.get_by_text(f"Identifiant à remettre à {name}")
        return found.first.inner_text() if found.count() else None

    wait_until(identifier, "the identifier in the sponsor's mailbox")
    message = outside("sonde", "Voici votre mot de passe temporaire")
    found = re.search(r"\b([a-z2-9]{4}(?:-[a-z2-9]{4}){3})\b", message.get_payload(decode=True).decode())
    assert found
    login = f"ines.barral-{mark.lower()}"
    newcomer = enter(open_page(), login, found[1])
    newcomer.get_by_label("Nouveau mot de passe").wait_for()

    sponsor.goto("/compte/intervenants/")
    sponsor.get_by_role("link", name=name).first.click()
    sponsor.get_by_role("link", name="Mettre fin à l'accès").click()
    sponsor.get_by_label("Tout de suite, partout").check()
    sponsor.get_by_label("Motif").fill("Mission annulée.")
    sponsor.get_by_role("button", name="Mettre fin à l'accès").click()
    sponsor.get_by_text("Accès terminé.", exact=True).wait_for()
    newcomer.goto("/")
    assert "/connexion/" in newcomer.url
