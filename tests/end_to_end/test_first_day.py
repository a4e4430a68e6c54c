"""The whole chain, as the README tells it: an HR row, a letter, an activation, a message out and its answer."""

from __future__ import annotations

import re
import subprocess
import time

from tests.end_to_end.conftest import NARROW, enter, wait_until

HEADER = "matricule;civilite;nom;prenom;date_naissance;categorie;uai;fonction;date_debut;date_fin;courriel_prive"
PASSWORD = "Tracteur-bleu-7-lune-haute"


def import_row(page, number: str, family_name: str) -> None:
    page.goto("/annuaire/structures/")
    uai = page.locator("tbody tr td").first.inner_text()
    row = f"{number};mme;{family_name};Éloïse;03/04/1990;enseignant;{uai};Professeure de musique;01/09/2026;;"
    page.goto("/annuaire/import/")
    content = "\n".join([HEADER, row, ""]).encode("iso-8859-15")
    page.get_by_label("Source", exact=True).select_option(label="RH")
    page.get_by_label("Fichier", exact=True).set_input_files(
        {"name": "rh.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Simuler").click()
    page.get_by_role("button", name="Appliquer cet envoi").click()
    page.get_by_text("Appliqué en").wait_for()


def the_one(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]


def letter_for(page, name: str, tmp_path) -> str:
    """Issue the letter of one person and return the temporary password printed on it."""
    page.goto("/compte/lettres/")
    for box in page.locator("input[name=account]").all():
        box.uncheck()
    page.get_by_role("checkbox", name=name).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Mots de passe, pour les personnes").click()
    path = tmp_path / "lettre.pdf"
    download.value.save_as(path)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return the_one(r"\b([a-z2-9]{4}(?:-[a-z2-9]{4}){3})\b", text)


def activate(page, login: str, outside) -> None:
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Le même, une seconde fois").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="C'est exact").click()
    page.get_by_label("Adresse de secours").fill("sonde@partenaire.test")
    page.get_by_role("button", name="Envoyer le code").click()
    page.get_by_label("Code à six chiffres").wait_for()
    message = outside("sonde", f"adresse de secours de {login}@")
    code = the_one(r"(?m)^\s*(\d{6})\s*$", message.get_payload(decode=True).decode())
    page.get_by_label("Code à six chiffres").fill(code)
    page.get_by_role("button", name="Vérifier le code").click()
    page.get_by_label("Réponse à la première question").fill("rue de la Gare")
    page.get_by_label("Réponse à la seconde question").fill("Capucine")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("J'ai lu ce mémo").check()
    page.get_by_role("button", name="Ouvrir ma boîte").click()
    page.get_by_text("Votre compte est activé").wait_for()


def test_it_works(signed_in, open_page, imap, outside, tmp_path):
    mark = str(time.time_ns())[-9:]
    family_name = "Essai-" + "".join(chr(ord("A") + int(digit)) for digit in mark)
    admin = signed_in("Hélène")
    import_row(admin, f"E{mark}", family_name)
    temporary = letter_for(admin, f"Éloïse {family_name}", tmp_path)
    login = f"eloise.{family_name.lower()}"

    page = enter(open_page(), login, temporary)
    activate(page, login, outside)

    page.goto("/courrier/ecrire/")
    page.get_by_label("À", exact=True).fill("claire.martin@partenaire.test")
    page.get_by_label("Objet").fill(f"Visite {mark}")
    page.get_by_label("Message", exact=True).fill("Bonjour, pouvons-nous préparer la visite de la classe ?")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("Message envoyé").wait_for()
    arrived = outside("claire.martin", f"Visite {mark}")
    assert arrived["X-Partner-DKIM"] == "pass"
    assert arrived["From"].endswith(f"<{login}@ac-valmont.test>")

    def answered():
        page.goto("/courrier/")
        return page.get_by_role("link", name=re.compile(rf"Re: Visite {mark}")).count()

    wait_until(answered, "the partner's answer")

    page.goto("/compte/applications/")
    page.get_by_label("Nom").fill("Thunderbird")
    page.get_by_role("button", name="Demander").click()
    page.get_by_label("Votre mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Créer le secret").click()
    secret = page.locator("#secret").inner_text()
    mailbox = imap(f"{login}@ac-valmont.test", secret)
    mailbox.select("INBOX")
    found = mailbox.search(None, "HEADER", "Subject", f'"Re: Visite {mark}"')[1][0].split()
    assert len(found) == 1

    phone = enter(open_page(NARROW), login, PASSWORD)
    phone.goto("/courrier/")
    phone.get_by_role("link", name=re.compile(rf"Re: Visite {mark}")).first.click()
    phone.get_by_text("ravis d'accueillir la classe").wait_for()
    overflow = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
