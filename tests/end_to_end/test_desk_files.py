"""Files joined to a request by dropping or pasting them, in Chromium; and by the button alone."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.end_to_end.conftest import NARROW

DROP = """([selector, files]) => {
  const carried = new DataTransfer();
  for (const [name, size] of files) carried.items.add(new File([new Uint8Array(size).fill(120)], name));
  const target = document.querySelector(selector);
  for (const type of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""
PASTE = """([selector, name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(9)], name, { type: "image/png" }));
  if (text) carried.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true });
  return document.querySelector(selector).dispatchEvent(event);
}"""
ASK = "/assistance/nouvelle/"
MEBI = 1024 * 1024


def chosen(page):
    """What the field would send."""
    return page.evaluate("[...document.querySelector('input[type=file]').files].map(file => file.name)")


def dropped(page, *files, on="form[enctype]"):
    page.evaluate(DROP, [on, [list(file) for file in files]])


def fill(page):
    page.get_by_label("De quoi s'agit-il ?").select_option("device")
    page.get_by_label("En quelques mots").fill("Écran noir")
    page.get_by_label("Que se passe-t-il ?").fill("Voir les captures.")


@pytest.mark.parametrize("width", [1280, NARROW])
def test_it_works(signed_in, width):
    """Dropped, pasted, chosen, one taken back with the keyboard: the request has the others."""
    page = signed_in("Julien", width)
    page.goto(ASK)
    fill(page)
    dropped(page, ("plan.txt", 5), ("photo.txt", 6))
    assert page.evaluate(PASTE, ["textarea", "image.png", ""]) is False, "the picture is taken"
    page.get_by_label("Pièces jointes").set_input_files(
        [{"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"}]
    )
    assert chosen(page) == ["plan.txt", "photo.txt", "capture-1.png", "notes.txt"]
    page.get_by_text("notes.txt est joint.").wait_for(state="attached")
    page.get_by_role("button", name="Retirer photo.txt").focus()
    page.keyboard.press("Enter")
    assert chosen(page) == ["plan.txt", "capture-1.png", "notes.txt"]
    assert page.evaluate("document.activeElement.type") == "file"
    found = Axe().run(page)
    assert not found.response["violations"], json.dumps(found.response["violations"])[:3000]
    page.get_by_role("button", name="Envoyer la demande").click()
    page.get_by_text("enregistrée").wait_for()
    for name in ("plan.txt", "capture-1.png", "notes.txt"):
        page.get_by_role("link", name=name).first.wait_for()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("gros.bin", 10 * MEBI + 1)], "« gros.bin » dépasse 10 Mo."),
        ([("vide.txt", 0)], "« vide.txt » est vide."),
        ([(f"{rank}.txt", 1) for rank in range(11)], "11 fichiers : 10 au plus."),
        ([(f"{rank}.bin", 9 * MEBI) for rank in range(3)], "Ces fichiers dépassent 20 Mo ensemble."),
    ],
)
def test_what_is_too_much_is_said_before_it_is_sent(signed_in, files, words):
    page = signed_in("Julien")
    page.goto(ASK)
    fill(page)
    dropped(page, *files)
    page.get_by_text(words).wait_for()
    page.get_by_role("button", name="Envoyer la demande").click()
    assert page.url.endswith(ASK)
    page.get_by_role("button", name=f"Retirer {files[0][0]}").click()
    assert page.evaluate("document.querySelector('input[type=file]').checkValidity()")


def test_a_pasted_text_stays_a_text(signed_in):
    """A word processor puts a picture of it on the clipboard too."""
    page = signed_in("Julien")
    page.goto(ASK)
    assert page.evaluate(PASTE, ["textarea", "image.png", "Bonjour"]) is True
    assert chosen(page) == []


def test_beside_the_form_a_file_does_not_take_the_page_away(signed_in):
    page = signed_in("Julien")
    page.goto(ASK)
    fill(page)
    dropped(page, ("perdu.txt", 3), on="footer")
    assert chosen(page) == []
    assert page.get_by_label("En quelques mots").input_value() == "Écran noir"


def test_an_agent_drops_a_file_on_the_answer_alone(signed_in):
    page = signed_in("Nadia")
    page.goto("/assistance/file/")
    page.locator("[data-desk-open]").first.click()
    dropped(page, ("mode.pdf", 7), on="[data-desk-answer]")
    names = "[...document.querySelectorAll('input[type=file]')].map(input => [...input.files].map(file => file.name))"
    assert page.evaluate(names) == [["mode.pdf"], []]


def test_without_the_script_the_button_is_enough(signed_in):
    page = signed_in("Julien", java_script_enabled=False)
    page.goto(ASK)
    fill(page)
    page.get_by_label("Pièces jointes").set_input_files(
        [{"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"}]
    )
    assert not page.get_by_text("Vous pouvez aussi les déposer").count()
    page.get_by_role("button", name="Envoyer la demande").click()
    page.get_by_role("link", name="notes.txt").first.wait_for()
