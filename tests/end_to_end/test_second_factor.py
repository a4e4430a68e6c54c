"""A second factor, from the first scan to the day the phone is lost, in a real browser."""

from __future__ import annotations

import io
import re
import time

import pyotp
import pytest
import zxingcpp
from PIL import Image

from tests.end_to_end.conftest import NARROW, WIDE, enter, show_code
from tests.end_to_end.test_pages import check, look


def sign_out(page) -> None:
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("heading", name="Connexion").wait_for()


def confirm(page, agent) -> None:
    page.get_by_label("Votre mot de passe actuel").fill(agent["password"])
    page.get_by_role("button", name="Confirmer").click()


def scan(page) -> str:
    """What a phone's camera reads on the page."""
    picture = Image.open(io.BytesIO(page.locator("img.qr").screenshot()))
    found = zxingcpp.read_barcode(picture)
    assert found
    return found.text


def enrol(page, agent) -> tuple[str, list[str]]:
    """Add an application; returns its secret and the recovery codes."""
    page.goto("/compte/double-authentification/application/")
    if page.get_by_label("Votre mot de passe actuel").count():
        confirm(page, agent)
    secret = pyotp.parse_uri(scan(page)).secret
    page.get_by_label("Code à six chiffres").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Activer").click()
    page.get_by_role("heading", name="Vos codes de secours").wait_for()
    return secret, page.locator(".codes code").all_inner_texts()


def authenticator(page) -> None:
    """A platform authenticator that verifies its user, as a phone's does."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def code_in(message) -> str:
    found = re.search(r"(?m)^\s*(\d{6})\s*$", message.get_payload(decode=True).decode())
    assert found
    return found[1]


def test_it_works(open_page, agent, outside):
    page = enter(open_page(), agent["sign_in"], agent["password"])
    page.wait_for_url("**/")
    secret, codes = enrol(page, agent)
    assert len(set(codes)) == 10
    outside("sonde", f"Compte {agent['sign_in']} : Une application d'authentification vient d'être ajoutée")
    sign_out(page)

    enter(page, agent["sign_in"], agent["password"])
    page.get_by_role("heading", name="Encore une vérification").wait_for()
    page.goto("/courrier/")
    assert "/compte/connexion/" in page.url
    page.goto("/compte/connexion/verification/")
    show_code(page, secret)
    page.get_by_role("heading", name="Bonjour Colette").wait_for()


def test_a_trusted_device_is_not_asked_until_it_is_forgotten(open_page, agent):
    page = enter(open_page(NARROW), agent["sign_in"], agent["password"])
    secret, _ = enrol(page, agent)
    sign_out(page)
    enter(page, agent["sign_in"], agent["password"])
    page.get_by_label("Ne plus demander sur cet appareil").check()
    show_code(page, secret)
    sign_out(page)
    enter(page, agent["sign_in"], agent["password"])
    page.get_by_role("heading", name="Bonjour Colette").wait_for()
    page.goto("/compte/sessions/")
    page.get_by_role("button", name="Ne plus faire confiance").click()
    page.get_by_text("n'est plus de confiance").wait_for()
    sign_out(page)
    enter(page, agent["sign_in"], agent["password"])
    page.get_by_role("heading", name="Encore une vérification").wait_for()


def test_a_passkey_is_a_first_factor_and_a_second_one(open_page, agent):
    page = enter(open_page(), agent["sign_in"], agent["password"])
    page.wait_for_url("**/")
    authenticator(page)
    page.goto("/compte/double-authentification/cles/")
    confirm(page, agent)
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_role("button", name="Enregistrer la clé").click()
    page.get_by_role("heading", name="Vos codes de secours").wait_for()
    page.goto("/compte/double-authentification/cles/")
    page.get_by_label("Nom de la clé").fill("La même")
    page.get_by_role("button", name="Enregistrer la clé").click()
    page.get_by_text("Cette clé est déjà enregistrée").wait_for()
    sign_out(page)

    page.get_by_role("button", name="Se connecter avec une clé d'accès").click()
    page.get_by_role("heading", name="Bonjour Colette").wait_for()
    sign_out(page)

    enter(page, agent["sign_in"], agent["password"])
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.get_by_role("heading", name="Bonjour Colette").wait_for()

    page.goto("/compte/double-authentification/")
    page.get_by_role("button", name="Retirer Mon téléphone").click()
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.get_by_role("button", name="Retirer Mon téléphone").click()
    page.get_by_text("Moyen retiré").wait_for()
    assert not page.get_by_text("Mon téléphone").count()
    sign_out(page)
    page.get_by_role("button", name="Se connecter avec une clé d'accès").click()
    page.get_by_text("Cette clé n'a pas été reconnue").wait_for()


def test_a_device_is_trusted_with_whichever_factor(open_page, agent):
    page = enter(open_page(), agent["sign_in"], agent["password"])
    enrol(page, agent)
    authenticator(page)
    page.goto("/compte/double-authentification/cles/")
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_role("button", name="Enregistrer la clé").click()
    page.get_by_text("Clé d'accès enregistrée").wait_for()
    sign_out(page)
    enter(page, agent["sign_in"], agent["password"])
    page.get_by_label("Ne plus demander sur cet appareil").check()
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.get_by_role("heading", name="Bonjour Colette").wait_for()
    sign_out(page)
    enter(page, agent["sign_in"], agent["password"])
    page.get_by_role("heading", name="Bonjour Colette").wait_for()


def test_a_key_that_does_not_answer_leaves_the_page_usable(open_page):
    page = open_page()
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/compte/connexion/")
    button = page.get_by_role("button", name="Se connecter avec une clé d'accès")
    button.click()
    page.get_by_role("alert").filter(has_text="La clé n'a pas répondu").wait_for()
    assert button.is_enabled()


def test_a_recovery_code_lets_in_once(open_page, agent):
    page = enter(open_page(), agent["sign_in"], agent["password"])
    _, codes = enrol(page, agent)
    for expected in ("Il vous reste 9 codes de secours", "Ce code n'est pas le bon"):
        page.context.clear_cookies()
        enter(page, agent["sign_in"], agent["password"])
        page.get_by_role("link", name="Utiliser un code de secours").click()
        page.get_by_label("Code de secours", exact=True).fill(codes[3].upper())
        page.get_by_role("button", name="Vérifier").click()
        page.get_by_text(expected).wait_for()


def test_a_lost_phone_by_the_alternate_address(open_page, agent, outside):
    page = enter(open_page(NARROW), agent["sign_in"], agent["password"])
    enrol(page, agent)
    page.context.clear_cookies()
    enter(page, agent["sign_in"], agent["password"])
    page.get_by_role("link", name="Je n'ai plus mon téléphone").click()
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code à six chiffres").fill(
        code_in(outside("sonde", f"le mot de passe de {agent['sign_in']} et dit"))
    )
    street = page.get_by_label("Dans quelle rue")
    answer = agent["answers"]["first_street" if street.count() else "dream_trade"]
    (street if street.count() else page.get_by_label("Quel métier")).fill(answer)
    page.get_by_role("button", name="Entrer").click()
    page.get_by_text("Il vous faut un second facteur").wait_for()
    page.goto("/courrier/")
    page.get_by_role("heading", name="Double authentification", exact=True).wait_for()
    enrol(page, agent)
    page.goto("/courrier/")
    page.get_by_role("heading", name="Boîte de réception").wait_for()


def test_a_lost_phone_by_an_appointment(open_page, signed_in, agent):
    """Karim has Colette before him; Nadia confirms; neither could do it alone."""
    page = enter(open_page(), agent["sign_in"], agent["password"])
    enrol(page, agent)
    page.context.clear_cookies()
    enter(page, agent["sign_in"], agent["password"])
    page.get_by_role("link", name="Je n'ai plus mon téléphone").click()
    page.get_by_label("Où vous joindre").fill("06 12 34 56 78")
    page.get_by_role("button", name="Demander un rendez-vous").click()
    page.get_by_text("Demande transmise").wait_for()

    karim = signed_in("Karim")
    karim.goto("/compte/rendez-vous/")
    row = karim.locator(".factor").filter(has_text=agent["sign_in"])
    row.get_by_role("link", name="Attester").click()
    karim.get_by_label("J'ai cette personne devant moi").check()
    karim.get_by_role("button", name="J'atteste").click()
    karim.get_by_text("Une autre personne, à l'assistance, doit maintenant confirmer").wait_for()
    assert not row.get_by_role("button", name="Confirmer").count()

    nadia = signed_in("Nadia")
    nadia.goto("/compte/rendez-vous/")
    nadia.get_by_role("button", name=f"Confirmer pour {agent['name']}").click()
    code = nadia.locator("#code").inner_text()

    enter(page, agent["sign_in"], agent["password"])
    page.get_by_role("heading", name="Code d'entrée").wait_for()
    page.get_by_label("Code d'entrée").fill(code)
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_text("Il vous faut un second facteur").wait_for()


def test_the_recovery_codes_are_saved_without_the_server(open_page, agent):
    page = enter(open_page(), agent["sign_in"], agent["password"])
    _, codes = enrol(page, agent)
    with page.expect_download() as download:
        page.get_by_role("link", name="Enregistrer").click()
    saved = download.value.path().read_text().split()
    assert saved == [agent["sign_in"], *codes]


def test_the_typed_key_is_the_scanned_one(open_page, agent):
    page = enter(open_page(NARROW), agent["sign_in"], agent["password"])
    page.goto("/compte/double-authentification/application/")
    confirm(page, agent)
    page.get_by_text("Pas d'appareil photo").click()
    assert page.locator("#key").inner_text().replace(" ", "") == pyotp.parse_uri(scan(page)).secret


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_on_the_way_is_accessible(open_page, agent, width, scheme):
    page = enter(open_page(width, color_scheme=scheme), agent["sign_in"], agent["password"])
    page.goto("/compte/double-authentification/application/")
    confirm(page, agent)
    page.get_by_text("Pas d'appareil photo").click()
    look(page)
    enrol(page, agent)
    look(page)
    authenticator(page)
    page.goto("/compte/double-authentification/cles/")
    look(page)
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_role("button", name="Enregistrer la clé").click()
    page.get_by_text("Clé d'accès enregistrée").wait_for()
    look(page)
    page.context.clear_cookies()
    enter(page, agent["sign_in"], agent["password"])
    for url in ("verification/", "verification/code-de-secours/", "perdu/"):
        check(page, f"/compte/connexion/{url}")
    page.get_by_role("button", name="Recevoir un code").click()
    look(page)
    page.goto("/compte/connexion/verification/")
    page.get_by_label("Code de votre application").fill("12")
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_text("Le code compte six chiffres").wait_for()
    look(page)


def test_the_second_stage_by_keyboard(open_page, agent):
    page = enter(open_page(), agent["sign_in"], agent["password"])
    secret, _ = enrol(page, agent)
    sign_out(page)
    enter(page, agent["sign_in"], agent["password"])
    page.get_by_role("heading", name="Encore une vérification").wait_for()
    page.keyboard.type(pyotp.TOTP(secret).generate_otp(int(time.time()) // 30 + 1))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bonjour Colette").wait_for()


def test_codes_need_no_javascript(open_page, agent):
    page = enter(open_page(java_script_enabled=False), agent["sign_in"], agent["password"])
    secret, codes = enrol(page, agent)
    page.context.clear_cookies()
    enter(page, agent["sign_in"], agent["password"])
    assert not page.get_by_role("button", name="Utiliser une clé d'accès").count()
    show_code(page, secret)
    page.get_by_role("heading", name="Bonjour Colette").wait_for()
    assert len(codes) == 10
