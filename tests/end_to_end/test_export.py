"""One's data taken away: asked for in a browser, made by the job, sent by nginx, whole and resumable."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from typing import Any

from tests.end_to_end.conftest import NARROW, enter, wait_until
from tests.end_to_end.test_pages import look


def ask(page, password: str, *, seen: Callable[[Any], object] = look) -> None:
    page.goto("/export/")
    seen(page)
    page.get_by_role("link", name="Demander un export").click()
    page.get_by_label("Votre mot de passe actuel").fill(password)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_role("heading", name="Demander un export").wait_for()
    seen(page)
    page.get_by_role("button", name="Préparer l'export").click()


def test_it_works(open_page, agent, tmp_path, site):
    page = enter(open_page(NARROW), agent["sign_in"], agent["password"])
    page.wait_for_url("**/")
    ask(page, agent["password"])
    page.get_by_role("heading", name="Votre export est prêt").wait_for()
    look(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger").click()
    waiting.value.save_as(tmp_path / "export.zip")
    subprocess.run(["unzip", "-tq", tmp_path / "export.zip"], check=True)
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert {"LISEZMOI.txt", "courrier/Boîte de réception.mbox"} <= set(archive.namelist())
    whole = (tmp_path / "export.zip").read_bytes()
    url = str(page.get_by_role("link", name="Télécharger").get_attribute("href"))
    rest = page.context.request.get(url, headers={"Range": "bytes=100-"})
    assert (rest.status, rest.body()) == (206, whole[100:])
    assert rest.headers["content-range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    key = url.split("/")[2]
    assert page.context.request.get(f"/interne/exports/{key}/archive.zip").status == 404, "not without the pages"
    page.get_by_role("button", name="Supprimer du serveur").click()
    page.get_by_text("Export supprimé du serveur").wait_for()
    wait_until(lambda: not (site.store("exports") / key).exists(), "the file's end")


def test_without_javascript(open_page, agent):
    page = enter(open_page(java_script_enabled=False), agent["sign_in"], agent["password"])
    ask(page, agent["password"], seen=lambda page: None)  # axe is a script

    def ready() -> bool:
        page.goto("/export/")
        return page.get_by_role("heading", name="Votre export est prêt").count() == 1

    wait_until(ready, "the archive")


def test_the_person_is_told_in_the_mailbox_too(open_page, agent):
    page = enter(open_page(), agent["sign_in"], agent["password"])
    page.wait_for_url("**/")
    ask(page, agent["password"])

    def told() -> bool:
        page.goto("/courrier/")
        text = page.locator("main").inner_text()
        return "Un export de vos données est demandé" in text and "Votre export est prêt" in text

    wait_until(told, "both messages")
