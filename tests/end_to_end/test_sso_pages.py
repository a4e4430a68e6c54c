"""The pages of the single sign-on, wide and narrow, as axe sees them."""

from __future__ import annotations

import pytest

from tests.end_to_end.conftest import NARROW, WIDE
from tests.end_to_end.sso import register, service  # noqa: F401
from tests.end_to_end.test_pages import check

CHALLENGE = f"code_challenge={'c' * 43}&code_challenge_method=S256&response_type=code&scope=openid+profile+email"
CONSOLE = ["", "nouveau/oidc/", "nouveau/cas/", "nouveau/saml/", "nouveau/none/"]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_console(signed_in, width):
    page = signed_in("Hélène", width)
    for path in CONSOLE:
        check(page, f"/sso/console/{path}")
    page.goto("/sso/console/")
    page.get_by_role("link", name="Cahier de la Brenelle").click()
    check(page, page.url)
    for act in ("secret", "etat"):
        check(page, f"{page.url.split('/console/')[0]}/console/{page.url.split('/')[5]}/{act}/")
    page.get_by_role("link", name="Annuler").click()
    page.get_by_role("link", name="Modifier").click()
    check(page, page.url)
    page.get_by_label("Adresses de retour").fill("http://ailleurs.test/")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("doit commencer par https://").wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_people_see(signed_in, register, service, width, scheme):  # noqa: F811
    address = f"{service.url}/retour"
    shop = register("OpenID Connect", {"Adresses de retour": address}, ("Prénom", "Adresse électronique"), own=False)
    page = signed_in("Julien", width, color_scheme=scheme)
    asked = f"/sso/oidc/autorisation?client_id={shop.client_id}&redirect_uri={address}&{CHALLENGE}"
    check(page, asked)  # the consent page
    page.get_by_role("button", name="Je suis d'accord").click()
    page.get_by_role("heading", name="Service de test").wait_for()
    check(page, "/sso/services/")
    check(page, f"/sso/oidc/deconnexion?client_id={shop.client_id}")
    check(page, "/sso/oidc/autorisation?client_id=inconnu")
    check(page, "/sso/saml/sso?SAMLRequest=x")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_somebody_it_is_not_for(signed_in, width):
    page = signed_in("Sophie", width)
    check(page, "/sso/cas/login?service=https://salles.valmont.test/")
    page.get_by_role("heading", name="« Salles de Sophie-Germain » ne vous est pas ouvert").wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_signed_out(signed_in, width):
    check(signed_in("Julien", width), "/sso/cas/logout")
