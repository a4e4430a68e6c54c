"""A video from the writer's disk to the player of somebody who is not signed in."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.knowledge.films.container import FilmRefused, media_of
from ecritoire.knowledge.models import Article, ArticleVersion, Film
from ecritoire.knowledge.services.films import films_sweep
from ecritoire.knowledge.tests.conftest import CAPTIONS

pytestmark = pytest.mark.django_db
NEW = "/aide/redaction/videos/nouvelle/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def sam(make_account):
    """A support agent: writes, does not publish."""
    return make_account("Sam", "Support", Role.SUPPORT)


@pytest.fixture
def chloe(make_account):
    """The communication officer."""
    return make_account("Chloé", "Comm", Role.COMMUNICATION)


@pytest.fixture
def fields(film):
    def make(**given):
        sent = {
            "title": "Ouvrir sa boîte",
            "topic": "activation",
            "body": "Ouvrez la page de connexion.",
            "is_public": "on",
            "film": SimpleUploadedFile("essai.webm", film()),
            "captions_fr": SimpleUploadedFile("essai.vtt", CAPTIONS.encode()),
            **given,
        }
        return {name: value for name, value in sent.items() if value is not None}

    return make


@pytest.fixture
def draft(sign_in, sam, fields) -> Film:
    sign_in(sam).post(NEW, fields(poster=SimpleUploadedFile("affiche.png", PNG)))
    return Film.objects.get()


def publish(sign_in, chloe) -> None:
    sign_in(chloe).post("/aide/redaction/articles/ouvrir-sa-boite/publication/")


def part(name: str, version: int = 1) -> str:
    return f"/aide/films/ouvrir-sa-boite/{version}/{name}"


def test_it_works(draft, sign_in, chloe, browser, film, films_folder) -> None:
    assert (draft.milliseconds, draft.width, draft.height, draft.media_type) == (2000, 64, 36, "video/webm")
    assert (films_folder / hashlib.sha256(film()).hexdigest()).read_bytes() == film()
    publish(sign_in, chloe)
    browser.cookies.clear()

    page = browser.get("/aide/lire/ouvrir-sa-boite/").content.decode()

    assert part("film") in page
    assert part("fr.vtt") in page
    assert "<h2>Transcription</h2>" in page
    answer = browser.get(part("film"))
    assert answer["X-Accel-Redirect"] == f"/interne/films/{draft.digest}"
    assert answer["Content-Type"] == "video/webm"
    assert answer["Cache-Control"].startswith("private, max-age=")
    assert browser.get(part("fr.vtt")).content.decode() == CAPTIONS
    assert browser.get(part("affiche"))["Content-Type"] == "image/png"
    assert browser.get(part("en.vtt")).content == b""


def test_a_draft_is_its_writers(draft, sign_in, sam, anne, browser) -> None:
    assert sign_in(sam).get(part("film"))["Cache-Control"] == "private, no-cache"
    assert sign_in(anne).get(part("film")).status_code == 404
    browser.cookies.clear()
    assert browser.get(part("film")).status_code == 404


def test_another_academie_s_video_is_not_there(draft, sign_in, chloe, make_account, rivemont) -> None:
    publish(sign_in, chloe)
    client = sign_in(make_account("Rita", "Rivemont", Role.SUPPORT, organisation=rivemont))

    assert client.get(part("film")).status_code == 404
    assert client.get("/aide/redaction/articles/ouvrir-sa-boite/video/").status_code == 404


def test_a_stranger_sees_a_public_video_on_its_academie_s_pages_only(draft, sign_in, chloe, browser, rivemont) -> None:
    publish(sign_in, chloe)
    browser.cookies.clear()

    assert browser.get(part("film")).status_code == 200
    assert browser.get(part("film"), HTTP_HOST=rivemont.host).status_code == 404
    assert "Ouvrir sa boîte" not in browser.get("/aide/videos/", HTTP_HOST=rivemont.host).content.decode()


def test_a_video_of_the_signed_in_is_not_for_strangers(sign_in, sam, chloe, anne, browser, fields) -> None:
    sign_in(sam).post(NEW, fields(is_public=None))
    publish(sign_in, chloe)

    assert sign_in(anne).get(part("film")).status_code == 200
    browser.cookies.clear()
    assert browser.get(part("film")).status_code == 404


def test_a_change_waits_and_keeps_what_is_not_sent_again(draft, sign_in, sam, chloe, anne, film, fields) -> None:
    publish(sign_in, chloe)
    longer = SimpleUploadedFile("long.webm", film(seconds=3))
    url = "/aide/redaction/articles/ouvrir-sa-boite/video/"
    sent = fields(film=longer, captions_fr=None, body="Autre texte.")

    assert sign_in(sam).post(url, sent).status_code == 302

    second = Film.objects.get(version__number=2)
    assert (second.milliseconds, second.captions_fr, second.poster) == (3000, CAPTIONS, draft.poster)
    assert sign_in(anne).get(part("film"))["X-Accel-Redirect"].endswith(draft.digest)
    publish(sign_in, chloe)
    assert sign_in(anne).get(part("film", 2))["X-Accel-Redirect"].endswith(second.digest)
    assert sign_in(anne).get(part("film")).status_code == 404
    assert AuditEvent.objects.filter(action="article.film").exists()


REFUSED = {
    "no film": ({"film": None}, "film", "Ce champ est obligatoire"),
    "no captions": ({"captions_fr": None}, "captions_fr", "Ce champ est obligatoire"),
    "text": ({"film": SimpleUploadedFile("x.webm", b"bonjour")}, "film", "ni du WebM ni du MP4"),
    "broken": ({"film": SimpleUploadedFile("x.webm", b"\x1a\x45\xdf\xa3\x84ab")}, "film", "abîmé"),
    "poster": ({"poster": SimpleUploadedFile("x.png", b"<svg/>")}, "poster", "PNG, JPEG ou WebP"),
    "captions": (
        {"captions_fr": SimpleUploadedFile("x.vtt", b"1\n00:00 --> 00:01")},
        "captions_fr",
        "la première ligne doit être « WEBVTT »",
    ),
    "times": (
        {"captions_fr": SimpleUploadedFile("x.vtt", b"WEBVTT\n\n0:0 --> 1:0\nx")},
        "captions_fr",
        "ligne 3 : temps illisible",
    ),
    "order": (
        {"captions_fr": SimpleUploadedFile("x.vtt", b"WEBVTT\n\n00:01.000 --> 00:00.500\nx")},
        "captions_fr",
        "se suivent mal",
    ),
    "too long": (
        {"captions_fr": SimpleUploadedFile("x.vtt", b"WEBVTT\n\n00:01.000 --> 00:09.000\nx")},
        "captions_fr",
        "durent plus longtemps",
    ),
    "latin": ({"captions_fr": SimpleUploadedFile("x.vtt", "WEBVTT é".encode("latin-1"))}, "captions_fr", "UTF-8"),
    "none": ({"captions_fr": SimpleUploadedFile("x.vtt", b"WEBVTT\n")}, "captions_fr", "aucun sous-titre"),
}


@pytest.mark.parametrize(("given", "field", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_said_beside_its_field(sign_in, sam, fields, films_folder, given, field, words) -> None:
    for file in given.values():
        if file:
            file.seek(0)

    answer = sign_in(sam).post(NEW, fields(**given))

    assert words in " ".join(answer.context["form"].errors[field])
    assert not Article.objects.exists()
    assert list(films_folder.iterdir()) == []


def test_codecs_some_browsers_do_not_read_are_refused(sign_in, sam, fields, film) -> None:
    answer = sign_in(sam).post(NEW, fields(film=SimpleUploadedFile("x.mp4", film("mp4", "mpeg4"))))

    assert "mp4v" in answer.context["form"].errors["film"][0]


def test_mp4_is_read_too(sign_in, sam, fields, film) -> None:
    sign_in(sam).post(NEW, fields(film=SimpleUploadedFile("x.mp4", film("mp4", "libvpx-vp9"))))

    made = Film.objects.get()
    assert (made.media_type, made.milliseconds, made.width, made.height) == ("video/mp4", 2000, 64, 36)


def test_a_film_too_large_is_refused_with_its_size(sign_in, sam, fields, settings) -> None:
    settings.FILM_MAX_BYTES = 500

    answer = sign_in(sam).post(NEW, fields())

    assert "trop grande" in answer.context["form"].errors["film"][0]


@pytest.mark.parametrize("end", range(1, 400, 7))
def test_a_file_cut_anywhere_is_an_answer_not_an_accident(film, end) -> None:
    """Nothing but a refusal is raised, wherever the headers stop."""
    for kind in (("webm", "libvpx"), ("mp4", "libvpx-vp9")):
        with suppress(FilmRefused):
            assert media_of(io.BytesIO(film(*kind)[:end])).milliseconds == 2000


def test_an_agent_does_not_send_videos(sign_in, anne, fields) -> None:
    assert sign_in(anne).get(NEW).status_code == 403
    assert sign_in(anne).post(NEW, fields()).status_code == 403


def test_the_ordinary_form_leads_to_the_one_with_files(draft, sign_in, sam) -> None:
    answer = sign_in(sam).get("/aide/redaction/articles/ouvrir-sa-boite/texte/")

    assert answer.url == "/aide/redaction/articles/ouvrir-sa-boite/video/"
    assert "video" not in dict(sign_in(sam).get("/aide/redaction/nouveau/").context["form"].fields["kind"].choices)


def test_files_no_version_shows_are_removed_after_a_day(draft, films_folder) -> None:
    old = films_folder / ("0" * 64)
    new = films_folder / ("1" * 64)
    for path in (old, new):
        path.write_bytes(b"x")
    before = (dt.datetime.now() - dt.timedelta(days=2)).timestamp()
    for path in (old, films_folder / draft.digest):
        os.utime(path, (before, before))

    assert films_sweep() == 1
    assert sorted(path.name for path in films_folder.iterdir()) == sorted([draft.digest, draft.poster, new.name])


def test_videos_have_a_page_and_are_found(draft, sign_in, chloe, browser, django_assert_max_num_queries) -> None:
    publish(sign_in, chloe)
    browser.cookies.clear()
    with django_assert_max_num_queries(6):
        page = browser.get("/aide/videos/").content.decode()
    assert "Ouvrir sa boîte" in page
    assert "0:02" in page
    assert "Ouvrir sa boîte" in browser.get("/aide/?q=ouvrir+sa+boite").content.decode()
    assert ArticleVersion.objects.count() == 1
