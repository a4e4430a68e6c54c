"""Films of the help: recorded from the pages, sent in ranges, played in a browser, added by a writer."""

from __future__ import annotations

import itertools
import subprocess
import time

import av
import httpx
import pytest

from ecritoire.knowledge.films.captions import cues_of
from launcher.config import PROJECT_ROOT
from launcher.house import manage_command
from recordings.__main__ import record
from recordings.scene import Scene
from tests.end_to_end.conftest import NARROW, WIDE, wait_until
from tests.end_to_end.test_pages import check, look

VIDEOS = PROJECT_ROOT / "src/ecritoire/knowledge/content/videos"
SLUGS = sorted(path.stem for path in VIDEOS.glob("*.webm"))
PLAYER = "video.film__screen"


def play(stage, cast):
    stage.page.goto("/aide/")
    stage.camera.start()
    with stage.step("Écrivez votre question.", "Type your question.", poster=True):
        stage.fill("Que cherchez-vous ?", "téléphone")
    with stage.step("Choisissez une réponse.", "Choose an answer."):
        stage.press("Chercher")


SHORT = Scene("essai", "En vidéo : chercher", "Searching", "help", "Un essai.", "essai", (), play)


def test_it_works(chromium, site, tmp_path):
    """A film is recorded anew: it is read back whole, it moves, and its captions last as long as it does."""
    cut = record(SHORT, chromium, site, tmp_path)

    with av.open(str(tmp_path / "essai.webm")) as film:
        pictures = [frame.to_image() for frame in film.decode(video=0)]
        length = (film.duration or 0) / 1000
    assert pictures[0].size == (1280, 720)
    assert sum(one.tobytes() != other.tobytes() for one, other in itertools.pairwise(pictures)) > 10
    for language in ("fr", "en"):
        cues = cues_of((tmp_path / f"essai.{language}.vtt").read_text())
        assert len(cues) == 3
        assert abs(cues[-1].end - length) < 200
        assert cues[-1].end == cut.milliseconds
    assert (tmp_path / "essai.webp").read_bytes()[8:12] == b"WEBP"
    assert "Écrivez votre question." in (tmp_path / "essai.md").read_text()


def film_url(site, tls, slug):
    page = httpx.get(f"{site.config.base_url}/aide/lire/{slug}/", verify=tls).text
    return site.config.base_url + page.partition('<source src="')[2].partition('"')[0]


def test_a_part_of_a_film_is_sent_alone(site, tls):
    """What a player asks for when somebody moves about in it; nobody is signed in."""
    whole = (VIDEOS / f"{SLUGS[0]}.webm").read_bytes()
    url = film_url(site, tls, SLUGS[0])

    answer = httpx.get(url, headers={"Range": "bytes=1000-1999"}, verify=tls)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes 1000-1999/{len(whole)}"
    assert answer.content == whole[1000:2000]
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Content-Type"] == "video/webm"

    last = httpx.get(url, headers={"Range": "bytes=-500"}, verify=tls)
    assert (last.status_code, last.content) == (206, whole[-500:])
    beyond = httpx.get(url, headers={"Range": f"bytes={len(whole) + 1}-"}, verify=tls)
    assert beyond.status_code == 416
    assert httpx.get(url, verify=tls).content == whole
    hidden = httpx.get(f"{site.config.base_url}/interne/films/{'0' * 64}", verify=tls)
    assert hidden.status_code == 404


@pytest.mark.parametrize("slug", SLUGS)
def test_every_film_plays_and_moves_about(open_page, slug):
    page = open_page()
    page.goto(f"/aide/lire/{slug}/")
    player = page.locator(PLAYER)
    assert player.evaluate("v => v.paused"), "nothing starts by itself"
    player.evaluate("v => { v.muted = true; return v.play() }")
    wait_until(lambda: player.evaluate("v => v.currentTime > 0.3 && v.videoWidth === 1280"), "the film")
    player.evaluate("v => { v.currentTime = v.duration - 3 }")
    wait_until(lambda: player.evaluate("v => !v.seeking && v.currentTime > v.duration - 3"), "its end")
    assert player.evaluate("v => v.error") is None
    cues = "v => { for (const t of v.textTracks) t.mode = 'showing'; return [...v.textTracks].every(t => t.cues?.length > 3) }"
    wait_until(lambda: player.evaluate(cues), "captions")
    page.get_by_role("heading", name="Transcription").wait_for()


def test_a_film_is_played_with_the_keyboard(open_page):
    page = open_page(NARROW)
    page.goto(f"/aide/lire/{SLUGS[0]}/")
    player = page.locator(PLAYER)
    player.focus()
    page.keyboard.press("Space")
    wait_until(lambda: player.evaluate("v => !v.paused && v.currentTime > 0"), "the film")


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible(open_page, width, scheme):
    page = open_page(width, color_scheme=scheme)
    for url in ("videos/", "infographies/", "cas-d-usage/", f"lire/{SLUGS[0]}/", "lire/infographie-message-suspect/"):
        check(page, f"/aide/{url}")


@pytest.fixture
def made_here(site):
    """Whatever the test publishes goes at its end."""
    title = f"Essai {time.time_ns()}"
    yield title
    code = f"from ecritoire.knowledge.models import Article; Article.objects.filter(versions__title={title!r}).delete()"
    subprocess.run(manage_command(site, ["shell", "-v", "0", "-c", code]), check=True)


def describe(page, title, film=VIDEOS / f"{SLUGS[0]}.webm"):
    page.goto("/aide/redaction/videos/nouvelle/")
    page.get_by_label("Titre", exact=True).fill(title)
    page.get_by_label("Vidéo", exact=True).set_input_files(film)
    page.get_by_label("Transcription", exact=True).fill("Ce qui est dit.")
    page.get_by_label("Lisible sans se connecter").check()


@pytest.mark.parametrize("script", [True, False])
def test_a_writer_adds_a_film(signed_in, open_page, made_here, script):
    page = signed_in("Léa", java_script_enabled=script)
    describe(page, made_here)
    page.get_by_label("Sous-titres en français").set_input_files(
        {"name": "x.vtt", "mimeType": "text/vtt", "buffer": b"pas du WebVTT"}
    )
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.locator("#id_captions_fr_error").get_by_text("WEBVTT").wait_for()
    if script:
        look(page)
    describe(page, made_here)
    page.get_by_label("Sous-titres en français").set_input_files(VIDEOS / f"{SLUGS[0]}.fr.vtt")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_text("Brouillon enregistré.").wait_for()
    page.get_by_role("heading", name="Version 1").wait_for()
    page.get_by_role("button", name="Publier").click()
    page.get_by_text("C'est fait.").wait_for()

    stranger = open_page()
    stranger.goto("/aide/videos/")
    stranger.get_by_role("link", name=made_here).click()
    player = stranger.locator(PLAYER)
    wait_until(lambda: player.evaluate("v => v.readyState >= 1 && v.duration > 10"), "the film")


def test_a_film_larger_than_any_message_passes(signed_in, site, made_here, tmp_path):
    """The front door takes more here than elsewhere; how far the sending is can be seen."""
    film = tmp_path / "long.webm"
    film.write_bytes((VIDEOS / f"{SLUGS[0]}.webm").read_bytes())
    with film.open("r+b") as file:
        file.truncate((site.config.mail.message_megabytes + 12) * 1024 * 1024)
    page = signed_in("Léa")
    describe(page, made_here, film)
    page.get_by_label("Sous-titres en français").set_input_files(VIDEOS / f"{SLUGS[0]}.fr.vtt")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_role("progressbar", name="Envoi en cours").wait_for()
    page.get_by_text("Brouillon enregistré.").wait_for()


def test_a_film_too_large_is_not_even_sent(signed_in, made_here):
    page = signed_in("Léa")
    describe(page, made_here)
    page.get_by_label("Sous-titres en français").set_input_files(VIDEOS / f"{SLUGS[0]}.fr.vtt")
    page.locator("#id_film").evaluate("input => { input.dataset.most = 1000 }")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_text("trop grande pour être envoyée").wait_for()


def test_a_broken_connection_is_told(signed_in, made_here):
    page = signed_in("Léa")
    describe(page, made_here)
    page.get_by_label("Sous-titres en français").set_input_files(VIDEOS / f"{SLUGS[0]}.fr.vtt")
    page.context.set_offline(True)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_text("L'envoi a été interrompu").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_text("Brouillon enregistré.").wait_for()
