"""Files enclosed with a request: kept, shown to whoever reads the message, sent with the answer, gone with the request."""

import os

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from ecritoire.mailflow.antivirus import AntivirusUnavailable
from ecritoire.support import file_fields, tasks
from ecritoire.support.file_fields import FILE_MEGABYTES, FILES, MEBI, Upload
from ecritoire.support.models import Attachment, Ticket
from ecritoire.support.services import attaching, ticket_answer, ticket_note, ticket_open, ticket_relay

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
ASKED = {"kind": "device", "subject": "Téléphone muet", "text": "Plus rien n'arrive."}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.ATTACHMENTS_DIR = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return tmp_path


@pytest.fixture
def ticket(anne):
    return ticket_open(
        kind=Ticket.Kind.DEVICE, text="Rien.", account=anne, opened_by=anne, files=[Upload("a.txt", b"premier")]
    )


def file(name, content=b"x"):
    return SimpleUploadedFile(name, content)


def test_it_works(sign_in, anne, sam, own_folder):
    browser = sign_in(anne)
    browser.post(
        "/assistance/nouvelle/", ASKED | {"attachments": [file("capture.png", PNG), file("note.html", b"<script>")]}
    )
    row = Ticket.objects.get()
    page = browser.get(f"/assistance/demandes/{row.number}/").content.decode()
    assert "capture.png" in page
    picture, text = Attachment.objects.all()
    answer = browser.get(f"/assistance/pieces/{picture.key}/")
    assert answer["X-Accel-Redirect"] == f"/interne/pieces/{picture.path}"
    assert (own_folder / picture.path).read_bytes() == PNG
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Disposition"].startswith("inline")
    answer = browser.get(f"/assistance/pieces/{text.key}/")
    assert answer["Content-Type"] == "application/octet-stream", "what a page could run is never a page"
    assert answer["Content-Disposition"] == 'attachment; filename="note.html"'
    browser = sign_in(sam)
    sent = {
        "do": "answer",
        "answer-text": "Voici.",
        "answer-state": "waiting",
        "answer-attachments": file("mode.pdf", b"%PDF"),
    }
    assert browser.post(f"/assistance/file/{row.number}/", sent).status_code == 302
    tasks.send_answer(message_id=row.messages.get().pk)
    assert [(name, bytes(content)) for name, content, _ in mail.outbox[0].attachments] == [("mode.pdf", b"%PDF")]
    browser = sign_in(anne)
    browser.post(f"/assistance/demandes/{row.number}/", {"text": "Merci.", "attachments": file("suite.txt")})
    assert row.attachments.count() == 4


@pytest.mark.parametrize("place", ["note", "relay", "original"])
def test_what_is_not_for_the_person(sign_in, anne_at_school, sam, karim, ticket, place):
    hidden = [Upload("secret.txt", b"x")]
    if place == "note":
        ticket_note(ticket=ticket, acting_user=sam, text="Voir.", files=hidden)
    if place == "relay":
        ticket_relay(ticket=ticket, acting_user=karim, text="Voir.", files=hidden)
    if place == "original":
        attaching.files_keep(ticket=ticket, files=hidden, is_original=True)
    key = Attachment.objects.get(name="secret.txt").key
    browser = sign_in(anne_at_school)
    assert browser.get(f"/assistance/pieces/{key}/").status_code == 404
    assert "secret.txt" not in browser.get(f"/assistance/demandes/{ticket.number}/").content.decode()
    browser = sign_in(sam)
    assert browser.get(f"/assistance/pieces/{key}/").status_code == 200
    assert "secret.txt" in browser.get(f"/assistance/file/{ticket.number}/").content.decode()
    assert sign_in(karim).get(f"/assistance/pieces/{key}/").status_code == (200 if place == "relay" else 404)


def test_nobody_else_has_it(sign_in, boris, lise, ticket, browser):
    url = f"/assistance/pieces/{ticket.attachments.get().key}/"
    assert browser.get(url).status_code == 302
    assert sign_in(boris).get(url).status_code == 404
    assert sign_in(lise).get(url).status_code == 404, "a local contact of another school"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([file("vide.txt", b"")], "« vide.txt » est vide."),
        ([file(f"{n}.txt") for n in range(FILES + 1)], f"{FILES + 1} fichiers : {FILES} au plus."),
        ([file("gros.bin", b"0" * (FILE_MEGABYTES * MEBI + 1))], f"« gros.bin » dépasse {FILE_MEGABYTES} Mo."),
        ([file(f"{n}.bin", b"0" * (FILE_MEGABYTES * MEBI - 1)) for n in range(3)], "dépassent 20 Mo ensemble"),
    ],
)
def test_a_refusal_names_the_file(sign_in, anne, files, words):
    answer = sign_in(anne).post("/assistance/nouvelle/", ASKED | {"attachments": files})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anne\\photo.png", "photo.png"),
        ('a"\r\nb.txt', "a b.txt"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("...", "piece"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert attaching.safe_name(given) == kept


def test_the_bytes_go_with_the_request(ticket, own_folder, django_capture_on_commit_callbacks):
    path = own_folder / ticket.attachments.get().path
    assert path.exists()
    assert path.stat().st_mode & 0o007 == 0
    with django_capture_on_commit_callbacks(execute=True):
        ticket.delete()
    assert not path.exists()
    assert not list(own_folder.iterdir())


def test_bytes_without_a_row_are_swept_a_day_later(ticket, own_folder, monkeypatch):
    attaching.files_keep(ticket=ticket, files=[Upload("b.txt", b"perdu")])
    Attachment.objects.filter(name="b.txt")._raw_delete("default")
    assert attaching.orphans_sweep() == 0
    monkeypatch.setattr(attaching, "ORPHAN_SECONDS", -1)
    assert attaching.orphans_sweep() == 1
    assert (own_folder / ticket.attachments.get().path).exists()


def test_a_conversation_costs_as_many_queries_whatever_its_length(sign_in, sam, ticket, django_assert_max_num_queries):
    for number in range(8):
        ticket_answer(
            ticket=ticket, acting_user=sam, text=str(number), state=Ticket.State.WAITING, files=[Upload("c.txt", b"y")]
        )
    browser = sign_in(sam)
    with django_assert_max_num_queries(28):
        browser.get(f"/assistance/file/{ticket.number}/")


def test_the_same_content_is_kept_once(ticket, own_folder, django_capture_on_commit_callbacks):
    """Under two names of one file; the last to go takes it away, and a file that was there for long is not swept under a new one."""
    first = own_folder / ticket.attachments.get().path
    os.utime(first, (0, 0))
    attaching.files_keep(ticket=ticket, files=[Upload("encore.txt", b"premier")])
    second = own_folder / ticket.attachments.get(name="encore.txt").path
    assert second.samefile(first)
    Attachment.objects.filter(name="encore.txt")._raw_delete("default")
    assert attaching.orphans_sweep() == 0
    second.unlink()
    assert first.read_bytes() == b"premier"
    with django_capture_on_commit_callbacks(execute=True):
        ticket.delete()
    assert not list(own_folder.iterdir())


@pytest.mark.parametrize("away", [False, True])
def test_a_virus_is_refused_and_so_is_what_nobody_could_scan(sign_in, anne, monkeypatch, away):
    def scan(content):
        if away:
            raise AntivirusUnavailable("no answer")
        return "Eicar-Signature" if b"EICAR" in content else ""

    monkeypatch.setattr(file_fields, "virus_in", scan)
    given = [file("sain.txt"), file("piège.exe", b"EICAR")]
    page = sign_in(anne).post("/assistance/nouvelle/", ASKED | {"attachments": given}).content.decode()
    if away:
        assert "« sain.txt » n&#x27;a pas pu être vérifié" in page
    else:
        assert "« piège.exe » contient un virus (Eicar-Signature)." in page
        assert "« sain.txt »" not in page
    assert not Ticket.objects.exists()
