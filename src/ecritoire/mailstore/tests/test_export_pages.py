"""The pages of exports: one's own, those made for others, the link handed over."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from conftest import PASSWORD, SecureClient
from ecritoire.accounts.models import Account
from ecritoire.common.models import AuditEvent
from ecritoire.directory.models import Organisation
from ecritoire.mailstore.export import services, views
from ecritoire.mailstore.export.reader import StoredFolder
from ecritoire.mailstore.models import Export

pytestmark = pytest.mark.django_db
FOLDERS = [StoredFolder("i", "INBOX", ("Boîte de réception",), 3), StoredFolder("s", "Sent", ("Envoyés",), 1)]
FORM = {"parts": ["mail", "contacts"], "mail_format": "eml", "folders": ["i"], "since": "2026-01-01"}


@pytest.fixture(autouse=True)
def no_store(monkeypatch: Any, settings: Any, tmp_path: Any) -> None:
    """The store is tested elsewhere: here, pages."""
    settings.EXPORTS_DIR = tmp_path
    monkeypatch.setattr(views, "folders_list", lambda **kwargs: FOLDERS)
    monkeypatch.setattr(services, "size_estimate", lambda **kwargs: 1000)


def confirm(browser: Any, following: str) -> Any:
    return browser.post(
        "/compte/double-authentification/confirmation/", {"current_password": PASSWORD, "next": following}
    )


def ready(account: Account, **values: Any) -> Export:
    now = timezone.now()
    fields = {"state": Export.State.READY, "size": 1000, "ready_at": now}
    export = Export(account=account, **(fields | values))
    export.expires_at = export.kept_until()
    export.save()
    return export


def test_it_works(sign_in, anne):
    browser = sign_in(anne)
    assert "Demander un export" in browser.get("/export/").content.decode()
    answer = browser.get("/export/demande/")
    assert answer.url.startswith("/compte/double-authentification/confirmation/")
    confirm(browser, "/export/demande/")
    assert "Boîte de réception (3)" in browser.get("/export/demande/").content.decode()
    assert browser.post("/export/demande/", FORM).url == "/export/"
    export = Export.objects.get()
    assert (export.account, export.mail_format, export.folders) == (anne, "eml", ["i"])
    page = browser.get("/export/").content.decode()
    assert "En attente de son tour" in page
    assert "Un export de vos données a été demandé" in browser.get("/").content.decode()
    browser.post("/export/demande/", FORM)
    assert Export.objects.count() == 1, "one at a time"


def test_faulty_choices_name_the_field(sign_in, anne):
    browser = sign_in(anne)
    confirm(browser, "/export/demande/")
    page = browser.post("/export/demande/", FORM | {"parts": [], "until": "2025-01-01"}).content.decode()
    assert "Choisissez au moins une chose à emporter" in page
    assert "La fin de la période précède son début" in page
    page = browser.post("/export/demande/", FORM | {"folders": ["autre"]}).content.decode()
    assert "Sélectionnez un choix valide" in page
    assert not Export.objects.exists()


def test_no_room_says_so(sign_in, anne, settings):
    exports = settings.CONFIG.exports.model_copy(update={"budget_megabytes": 0})
    settings.CONFIG = settings.CONFIG.model_copy(update={"exports": exports})
    browser = sign_in(anne)
    confirm(browser, "/export/demande/")
    assert "pas assez de place" in browser.post("/export/demande/", FORM).content.decode()


def test_the_file_is_nginx_s_once_the_person_is_proved(sign_in, anne):
    export, browser = ready(anne), sign_in(anne)
    url = f"/export/{export.key}/archive.zip"
    assert browser.get(url).url.startswith("/compte/double-authentification/confirmation/")
    assert confirm(browser, url).url == url
    answer = browser.get(url)
    assert answer["X-Accel-Redirect"] == f"/interne/exports/{export.key}/archive.zip"
    assert "attachment" in answer["Content-Disposition"]
    session = browser.session
    session["confirmed_at"] = 0  # long after
    session.save()
    assert browser.get(url, headers={"Range": "bytes=500-"})["X-Accel-Redirect"], "it resumes"
    export.refresh_from_db()
    assert export.downloads == 1
    assert AuditEvent.objects.filter(action="export.download").count() == 1


def test_nobody_else_has_it(sign_in, anne, boris):
    export, browser = ready(anne), sign_in(boris)
    confirm(browser, "/export/")
    for url in (f"/export/{export.key}/archive.zip", f"/export/{export.key}/etat/"):
        assert browser.get(url).status_code == 404
    assert browser.post(f"/export/{export.key}/suppression/").status_code == 404


def test_half_an_archive_is_not_downloaded(sign_in, anne):
    export, browser = ready(anne, state=Export.State.RUNNING), sign_in(anne)
    confirm(browser, "/export/")
    assert browser.get(f"/export/{export.key}/archive.zip").url == "/export/"


def test_on_a_shared_computer_nothing_leaves(browser, anne):
    browser.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD, "public_computer": "on"})
    export = ready(anne)
    confirm(browser, "/export/")
    assert "ordinateur partagé" in browser.get("/export/").content.decode()
    assert browser.post("/export/demande/", FORM).url == "/export/"
    assert browser.get(f"/export/{export.key}/archive.zip").url == "/export/"
    assert Export.objects.count() == 1


def test_progress_for_htmx_and_without_script(sign_in, anne):
    export, browser = ready(anne, state=Export.State.RUNNING, total=10, done=4), sign_in(anne)
    assert browser.get(f"/export/{export.key}/etat/").url == "/export/"
    part = browser.get(f"/export/{export.key}/etat/", headers={"HX-Request": "true"}).content.decode()
    assert "4 messages sur 10" in part
    assert 'value="40"' in part
    browser.post(f"/export/{export.key}/suppression/")
    part = browser.get(f"/export/{export.key}/etat/", headers={"HX-Request": "true"}).content.decode()
    assert "annulé" in part
    assert "hx-get" not in part


def test_the_page_costs_a_bounded_number_of_queries(sign_in, anne, django_assert_max_num_queries):
    for _rank in range(12):
        ready(anne, state=Export.State.EXPIRED)
    browser = sign_in(anne)
    browser.get("/export/")
    with django_assert_max_num_queries(8):
        browser.get("/export/")


FOR = FORM | {"purpose": "death", "reason": "Courrier de la famille, 3 mars"}


def test_the_dsi_makes_one_for_somebody(sign_in, admin, anne):
    browser = sign_in(admin)
    url = f"/export/console/pour/{anne.pk}/"
    assert browser.get(url).status_code == 302
    confirm(browser, url)
    assert "Motif" in browser.get(url).content.decode()
    assert "obligatoire" in browser.post(url, FOR | {"reason": ""}).content.decode()
    assert browser.post(url, FOR).url == "/export/console/"
    export = Export.objects.get()
    assert (export.account, export.requested_by, export.purpose) == (anne, admin, "death")
    assert AuditEvent.objects.get(action="export.ask").actor == admin.login
    assert "Courrier de la famille" in browser.get("/export/console/").content.decode()
    assert "Faire un export" in browser.get(f"/annuaire/personnes/{anne.person_id}/").content.decode()


def test_it_is_not_shown_to_the_person_as_their_own(sign_in, anne, admin):
    ready(anne, purpose="death", requested_by=admin)
    browser = sign_in(anne)
    assert "Votre export est prêt" not in browser.get("/export/").content.decode()
    assert "Un export de vos données" not in browser.get("/").content.decode()


def test_somebody_of_another_academie_is_out_of_reach(sign_in, admin, anne):
    other = Organisation.objects.create(name="Ailleurs", mail_domain="ac-ailleurs.test")
    anne.person.organisation = other
    anne.person.save()
    export, browser = ready(anne, purpose="right", requested_by=admin), sign_in(admin)
    confirm(browser, "/export/console/")
    assert browser.get(f"/export/console/pour/{anne.pk}/").status_code == 404
    assert browser.post(f"/export/console/{export.key}/lien/").status_code == 404
    assert anne.display_name not in browser.get("/export/console/").content.decode()


@pytest.fixture
def handed(sign_in: Any, admin: Account, anne: Account) -> tuple[Export, str, str]:
    export = ready(anne, purpose="death", requested_by=admin, reason="Dossier 12")
    page = sign_in(admin).post(f"/export/console/{export.key}/lien/").content.decode()
    link, phrase = re.findall(r'<p class="secret"><code>(.*?)</code>', page)
    return export, "/" + link.split("/", 3)[3], phrase


def test_the_link_opens_with_the_phrase_only(handed):
    export, link, phrase = handed
    family = SecureClient()
    assert family.get(f"{link}archive.zip").status_code == 302
    assert "bonne phrase" in family.post(link, {"phrase": "tout-faux"}).content.decode()
    assert family.post(link, {"phrase": phrase.upper()}).status_code == 302
    answer = family.get(f"{link}archive.zip")
    assert answer["X-Accel-Redirect"] == f"/interne/exports/{export.key}/archive.zip"
    assert AuditEvent.objects.filter(action="export.handover").exists()
    assert SecureClient().get(f"{link}archive.zip").status_code == 302, "another browser has to know the phrase"


def test_five_wrong_phrases_close_the_link(handed):
    _export, link, phrase = handed
    family = SecureClient()
    for _try in range(5):
        family.post(link, {"phrase": "tout-faux"})
    assert family.post(link, {"phrase": phrase}).status_code == 410


def test_a_new_link_closes_the_former(handed, sign_in, admin):
    export, link, _phrase = handed
    sign_in(admin).post(f"/export/console/{export.key}/lien/")
    assert SecureClient().get(link).status_code == 410


def test_no_secret_is_kept_in_clear(handed):
    export, link, phrase = handed
    export.refresh_from_db()
    token = link.strip("/").split("/")[-1]
    told = f"{export.link_hash} {export.phrase} {list(AuditEvent.objects.values_list('detail', flat=True))}"
    assert token not in told
    assert phrase not in told
