"""The pictures of the guides: real pages of the demonstration, as one of its people sees them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from launcher.site import Site

WIDTH, HEIGHT = 1000, 620
CARD = "main .fr-card"
PERSON = "Julien"  # an agent with a full mailbox, of whom no second factor is asked


@dataclass(frozen=True)
class Picture:
    """``part`` is the element that is shown; the whole window without one."""

    name: str
    url: str
    part: str = ""
    signed_in: bool = True


PICTURES = (
    Picture("page-connexion", "/compte/connexion/", CARD, signed_in=False),
    Picture("page-mot-de-passe-oublie", "/compte/oubli/", CARD, signed_in=False),
    Picture("page-mot-de-passe", "/compte/mot-de-passe/", CARD),
    Picture("page-double-authentification", "/compte/double-authentification/"),
    Picture("page-applications", "/compte/applications/"),
    Picture("page-courrier", "/courrier/"),
    Picture("page-ecrire", "/courrier/ecrire/"),
    Picture("page-recherche", "/courrier/recherche/?q=conseil"),
    Picture("page-connexions", "/compte/historique/"),
    Picture("page-intrusion", "/intrusion/", CARD),
    Picture("page-demande", "/assistance/nouvelle/", CARD),
    Picture("page-export", "/export/"),
)


def take(browser: Browser, site: Site, folder: Path) -> None:
    context = browser.new_context(
        base_url=site.config.base_url,
        ignore_https_errors=True,
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="fr-FR",
        color_scheme="light",
    )
    page = context.new_page()
    entered = False
    for picture in sorted(PICTURES, key=lambda picture: picture.signed_in):
        if picture.signed_in and not entered:
            _sign_in(page, site)
            entered = True
        page.goto(picture.url)
        page.wait_for_load_state("networkidle")
        raw = page.locator(picture.part).first.screenshot() if picture.part else page.screenshot()
        image = Image.open(io.BytesIO(raw)).convert("RGB")
        image.save(folder / f"{picture.name}.webp", quality=82, method=6)
    context.close()


def _sign_in(page: Page, site: Site) -> None:
    people = json.loads((site.data / "demo" / "people.json").read_text())
    who = next(person for person in people if person["name"].startswith(PERSON))
    page.goto("/compte/connexion/")
    page.get_by_label("Identifiant").fill(who["sign_in"])
    page.get_by_label("Mot de passe", exact=True).fill(who["password"])
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("heading", name="Bonjour").wait_for()
