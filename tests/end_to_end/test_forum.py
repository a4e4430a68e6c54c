"""A question in the forum, in real browsers: asked, answered with a colleague called by name, accepted and found useful by keyboard,
flagged and moderated. Each page without a violation that axe can see."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest
from playwright.sync_api import expect

from launcher import config
from tests.end_to_end.conftest import NARROW, WIDE, enter, wait_until
from tests.end_to_end.test_pages import check, look


@pytest.fixture(scope="module")
def colleagues() -> list[dict[str, Any]]:
    """Two agents who have never written here: newcomers may write little."""
    command = [str(config.PROJECT_ROOT / "ecritoire"), "manage", "demo_agent", "--count", "2"]
    made: list[dict[str, Any]] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return made


@pytest.fixture
def members(colleagues, open_page):
    """Both signed in, once they have accepted the code of conduct."""

    def make(who, width=WIDE):
        page = enter(open_page(width), who["sign_in"], who["password"])
        page.wait_for_url("**/")
        page.goto("/forum/charte/")
        look(page)
        page.get_by_role("button", name="J'accepte la charte").click()
        page.get_by_text("vous pouvez écrire").wait_for()
        return page

    return make(colleagues[0]), make(colleagues[1], NARROW)


def write_calling(page, call):
    """Type the start of a name, look through the list, choose by keyboard."""
    text, names = page.get_by_label("Votre message"), page.get_by_role("listbox", name="Personnes à prévenir")
    text.press_sequentially(f"Par les réglages, @{call[:-2]}")
    names.get_by_role("option").first.wait_for()
    look(page)
    active = text.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    expect(names).to_be_hidden()
    assert text.input_value().endswith(f"@{call[:-2]}"), "Escape writes nothing"
    page.keyboard.type(call[-2])
    names.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert text.input_value() == f"Par les réglages, @{call} "
    page.keyboard.type("le confirmera.")


def test_it_works(members, colleagues, signed_in):
    asker, helper = members
    call = colleagues[0]["sign_in"].partition("@")[0]
    title = f"Où est le bouton {call.rpartition('.')[2]} ?"

    asker.goto("/forum/nouveau/")
    asker.get_by_label("Votre question, en une phrase").fill(title)
    asker.get_by_label("Section").select_option(label="Messagerie")
    asker.get_by_label("Votre message").fill("Je ne trouve pas **le bouton**.")
    look(asker)
    asker.get_by_role("button", name="Publier la question").click()
    if asker.get_by_text("Si aucun de ces sujets ne répond").count():
        asker.get_by_role("button", name="Publier la question").click()
    asker.get_by_text("Question publiée").wait_for()
    topic = asker.url
    look(asker)

    helper.goto(topic)
    write_calling(helper, call)
    helper.get_by_role("button", name="Publier la réponse").click()
    helper.get_by_text("Réponse publiée.").wait_for()
    look(helper)

    wait_until(lambda: asker.goto("/") and asker.get_by_text("1 sujet à lire").count(), "the notice at home")
    asker.get_by_role("link", name="Les voir").click()
    asker.get_by_role("link", name=title).click()
    answer = asker.get_by_role("article").nth(1)
    answer.get_by_role("button", name="Utile (0)").focus()
    asker.keyboard.press("Enter")
    answer.get_by_role("button", name="Utile (1)", pressed=True).wait_for()
    answer.get_by_role("button", name="Retenir cette réponse").press("Enter")
    answer.get_by_text("réponse retenue").wait_for()

    helper.goto(topic)
    question = helper.get_by_role("article").first
    question.get_by_text("Signaler", exact=True).press("Enter")
    question.get_by_label("Précisions").fill("Déjà demandé")
    question.get_by_role("button", name="Signaler aux modérateurs").press("Enter")
    helper.get_by_text("C'est fait.").wait_for()

    moderator = signed_in("Léa")
    check(moderator, "/forum/moderation/")
    flagged = moderator.get_by_role("listitem").filter(has_text=title).filter(has_text="Déjà demandé")
    flagged.get_by_role("button", name=re.compile("^Sans suite")).click()
    expect(flagged).to_have_count(0)
    moderator.goto(topic)
    moderator.get_by_text("Modérer ce sujet").click()
    look(moderator)
    moderator.get_by_role("link", name="Séparer des réponses").click()
    look(moderator)
    moderator.get_by_label("Question du nouveau sujet").fill(f"Suite : {title}")
    moderator.get_by_role("checkbox").first.check()
    moderator.get_by_role("button", name="Séparer").click()
    moderator.get_by_text("Le nouveau sujet est prêt.").wait_for()
    moderator.get_by_role("link", name=title, exact=True).click()
    moderator.get_by_role("link", name=f"Suite : {title}").wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_section_and_a_tag_are_followed_and_left(signed_in, width):
    page = signed_in("Julien", width)
    for address, what in (("/forum/?section=1", "cette section"), ("/forum/?tag=absence", "cette étiquette")):
        check(page, address)
        page.get_by_role("button", name=f"Suivre {what}", exact=True).click()
        page.get_by_role("button", name=f"Ne plus suivre {what}").wait_for()
    check(page, "/forum/reglages/")
    for what in ("absence", "Messagerie"):
        page.get_by_role("button", name=f"Ne plus suivre : {what}").click()
        page.get_by_text(f"Vous ne suivez plus : {what}.").wait_for()
