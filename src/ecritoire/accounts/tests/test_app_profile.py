"""The ready configuration: Apple's signed profile, the telephone's QR code, the link that works once."""

import json
import plistlib
import subprocess
import threading
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache, caches

from conftest import PASSWORD
from ecritoire.accounts.models import AppPassword
from ecritoire.accounts.qr_codes import mobile_import
from ecritoire.accounts.services import app_password_create, handover
from ecritoire.accounts.services.handover import handover_prepare, handover_take

pytestmark = pytest.mark.django_db
URL = "/compte/applications/"
HANDOVER = f"{URL}profil/"


def verified(content, tmp_path):
    """The property list inside, once openssl has verified who signed it."""
    signed, plain = tmp_path / "profil", tmp_path / "profil.plist"
    signed.write_bytes(content)
    authority = settings.CONFIG.data_dir / "tls" / "ca.pem"
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-CAfile", authority, "-in", signed, "-out", plain]
    subprocess.run(command, check=True, capture_output=True)
    return plistlib.loads(plain.read_bytes())


def make(sign_in, account, family):
    browser = sign_in(account)
    wish = {"name": "Poche", "family": family, "reception": "imap", "sending": "on"}
    page = browser.post(browser.post(URL, wish).url, {"current_password": PASSWORD}).content.decode()
    return browser, page, page.partition('id="secret">')[2].partition("<")[0]


def token_in(page):
    link = page.partition('href="https://')[2].partition('"')[0]
    return parse_qs(urlsplit(f"https://{link}").query)["jeton"][0]


def test_it_works(sign_in, browser, anne, tmp_path):
    _, page, secret = make(sign_in, anne, "apple")
    browser.cookies.clear()
    answer = browser.post(HANDOVER, {"jeton": token_in(page)})
    assert answer["Content-Type"] == "application/x-apple-aspen-config"
    profile = verified(answer.content, tmp_path)
    assert (profile["PayloadType"], profile["PayloadVersion"]) == ("Configuration", 1)
    (mail,) = profile["PayloadContent"]
    assert mail["PayloadType"] == "com.apple.mail.managed"
    assert (
        mail["EmailAddress"] == mail["IncomingMailServerUsername"] == mail["OutgoingMailServerUsername"] == anne.login
    )
    assert mail["IncomingPassword"] == secret
    assert mail["OutgoingPasswordSameAsIncomingPassword"] is True
    listen = settings.CONFIG.listen
    assert mail["IncomingMailServerPortNumber"] == listen.imaps
    assert mail["OutgoingMailServerPortNumber"] == listen.submissions
    assert mail["IncomingMailServerUseSSL"] is mail["OutgoingMailServerUseSSL"] is True


def test_a_profile_altered_on_its_way_is_refused(sign_in, anne, tmp_path):
    row, _ = app_password_create(account=anne, name="Poche")
    content = sign_in(anne).get(f"{URL}{row.pk}/messagerie.mobileconfig").content
    assert verified(content, tmp_path)
    with pytest.raises(subprocess.CalledProcessError):
        verified(content.replace(b"localhost", b"pirate.te"), tmp_path)


def test_the_link_works_once(sign_in, browser, anne):
    _, page, _ = make(sign_in, anne, "apple")
    token = token_in(page)
    assert browser.get(HANDOVER, {"jeton": token}).status_code == 200
    assert browser.get(HANDOVER, {"jeton": token}).status_code == 200, "looking uses nothing up"
    assert browser.post(HANDOVER, {"jeton": token})["Content-Type"] == "application/x-apple-aspen-config"
    assert browser.post(HANDOVER, {"jeton": token}).status_code == 410
    assert browser.get(HANDOVER, {"jeton": token}).status_code == 410


@pytest.mark.parametrize("token", ["", "faux", "é" * 40, "A" * 43 + "="])
def test_no_other_link_works(browser, token):
    assert browser.post(HANDOVER, {"jeton": token}).status_code == 410


def test_the_link_gives_nothing_of_a_withdrawn_application(sign_in, browser, anne):
    _, page, _ = make(sign_in, anne, "apple")
    row = AppPassword.objects.get()
    browser.post(f"{URL}{row.pk}/retrait/")
    assert browser.post(HANDOVER, {"jeton": token_in(page)}).status_code == 410


def test_what_waits_cannot_be_read_without_the_link(anne):
    row, secret = app_password_create(account=anne, name="Poche")
    token = handover_prepare(app_password=row, secret=secret)
    kept = str(caches["default"]._cache)  # type: ignore[attr-defined] # the tests' own, read from behind
    assert secret not in kept
    assert token not in kept


def test_of_two_who_hurry_one_has_it(anne, monkeypatch):
    row, secret = app_password_create(account=anne, name="Poche")
    token = handover_prepare(app_password=row, secret=secret)
    barrier, got, read = threading.Barrier(2), [], cache.get

    def read_together(place):
        """Both have read before either deletes."""
        sealed = read(place)
        barrier.wait(5)
        return sealed

    monkeypatch.setattr(handover, "cache", SimpleNamespace(get=read_together, delete=cache.delete))
    monkeypatch.setattr(handover, "_open", lambda token, sealed: (row, secret))

    def take():
        got.append(handover_take(token))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=bool) == [None, (row, secret)]


def test_the_profile_without_secret_is_its_owner_s(sign_in, anne, boris, tmp_path):
    row, _ = app_password_create(account=anne, name="Poche")
    url = f"{URL}{row.pk}/messagerie.mobileconfig"
    profile = verified(sign_in(anne).get(url).content, tmp_path)
    assert "IncomingPassword" not in profile["PayloadContent"][0]
    assert sign_in(boris).get(url).status_code == 404
    assert sign_in(boris).get(f"{URL}{row.pk}/").status_code == 404


def test_an_application_that_only_reads_has_no_profile(sign_in, anne):
    row, _ = app_password_create(account=anne, name="Archive", protocols=["imap"])
    assert sign_in(anne).get(f"{URL}{row.pk}/messagerie.mobileconfig").status_code == 404


def test_the_android_code_is_thunderbird_s_export(anne):
    row, secret = app_password_create(account=anne, name="Poche", protocols=["imap", "smtp"])
    version, misc, incoming, ((outgoing, identity),) = json.loads(mobile_import(app_password=row, secret=secret))
    listen, host = settings.CONFIG.listen, settings.CONFIG.site.host
    assert (version, misc) == (1, [1, 1])
    assert incoming == [0, host, listen.imaps, 3, 1, anne.login, "", secret]
    assert outgoing == [0, host, listen.submissions, 3, 1, anne.login, secret]
    assert identity == [anne.login, "Anne Durand"]


def test_pop_is_said_to_android(anne):
    row, secret = app_password_create(account=anne, name="Poche", protocols=["pop3", "smtp"])
    incoming = json.loads(mobile_import(app_password=row, secret=secret))[2]
    assert incoming[:3] == [1, settings.CONFIG.site.host, settings.CONFIG.listen.pop3s]


@pytest.mark.parametrize("family", ["thunderbird", "android", "apple", "fairemail"])
def test_every_trusted_family_has_its_steps(sign_in, anne, family):
    _, page, _ = make(sign_in, anne, family)
    assert "Pas à pas" in page
    assert ('class="qr"' in page) == (family in {"android", "apple"})


def test_every_family_has_its_steps(sign_in, anne):
    from ecritoire.accounts.models import AppFamily

    browser = sign_in(anne)
    for family in AppFamily:
        row, _ = app_password_create(account=anne, name=str(family.label), family=family)
        assert "<ol>" in browser.get(f"{URL}{row.pk}/").content.decode()
