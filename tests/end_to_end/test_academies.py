"""Two académies on the real daemons: mail between and around them, each signed as itself, each with its own pages and colours."""

from __future__ import annotations

import http.client
import smtplib
import uuid
from xml.etree import ElementTree

import pytest
from cryptography import x509

from ecritoire.demo.rivemont import DESCRIBED, DOMAIN, HOST
from tests.end_to_end.conftest import NARROW, WIDE, enter
from tests.end_to_end.test_mail_flow import delivered, message, swaks
from tests.end_to_end.test_pages import check

ADMINISTRATOR = [
    "/",
    "/annuaire/",
    "/annuaire/structures/",
    "/annuaire/import/",
    "/compte/lettres/",
    "/compte/journal/",
    "/compte/regles/",
    "/compte/blocages/",
    "/compte/applications/console/",
    "/compte/statistiques/activation/",
    "/sso/console/",
    "/courrier/",
]
PLATFORM = [
    "/",
    "/compte/academies/",
    "/compte/academies/nouvelle/",
    "/compte/academies/1/",
    "/compte/academies/2/modification/",
    "/compte/regles/defaut/",
    "/sso/console/nouveau/none/",
]
VALMONT_ACCENT, RIVEMONT_ACCENT = "rgb(15, 92, 99)", "rgb(122, 31, 92)"


@pytest.fixture
def send(site, tls):
    """Sends as somebody, with their application's secret."""

    def make(person, recipient, subject):
        with smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30) as connection:
            connection.login(person["sign_in"], person["app_password"])
            connection.sendmail(person["sign_in"], [recipient], message(person["sign_in"], recipient, subject))

    return make


@pytest.fixture
def portal(site):
    return site.config.url_of(HOST)


def accent(page):
    return page.locator(".fr-btn").first.evaluate("button => getComputedStyle(button).backgroundColor")


def test_it_works(send, people, imap):
    """Mail between the two, both ways."""
    for sender, recipient in (("Eulalie", "Julien"), ("Julien", "Eulalie")):
        subject = uuid.uuid4().hex
        send(people[sender], people[recipient]["sign_in"], subject)
        assert f"From: {people[sender]['sign_in']}" in delivered(imap, people[recipient], subject)


def test_each_signs_as_itself(send, people, outside):
    for name, domain in (("Eulalie", DOMAIN), ("Julien", "ac-valmont.test")):
        subject = uuid.uuid4().hex
        send(people[name], "editions@partenaire.test", subject)
        arrived = outside("editions", subject)
        assert arrived["X-Partner-DKIM"] == "pass"
        assert f"d={domain}" in arrived["DKIM-Signature"]


def test_nobody_writes_as_the_other_academie(people, site, tls):
    eulalie, julien = people["Eulalie"], people["Julien"]
    with smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30) as connection:
        connection.login(eulalie["sign_in"], eulalie["app_password"])
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            connection.sendmail(julien["sign_in"], [eulalie["sign_in"]], message("a", "b", "c"))


@pytest.mark.parametrize("domain", [DOMAIN, *DESCRIBED["more_domains"]])
def test_from_outside_to_each_of_its_domains(site, people, imap, domain):
    subject = uuid.uuid4().hex
    address = f"eulalie.sabatier@{domain}"
    sent = swaks(site, "--from", "claire.martin@partenaire.test", "--to", address, "--h-Subject", subject)
    assert sent.returncode == 0, sent.stdout
    delivered(imap, people["Eulalie"], subject)


@pytest.mark.parametrize("domain", [DOMAIN, *DESCRIBED["more_domains"]])
def test_refused_at_the_door(site, domain):
    unknown = swaks(site, "--from", "claire.martin@partenaire.test", "--to", f"personne@{domain}")
    assert "User unknown" in unknown.stdout
    forged = swaks(site, "--from", f"eulalie.sabatier@{domain}", "--to", "julien.moreau@ac-valmont.test")
    assert "never writes from outside" in forged.stdout


def test_mail_applications_are_told_its_own_host(site, tls):
    connection = http.client.HTTPSConnection("localhost", site.config.listen.https, timeout=15, context=tls)
    headers = {"Host": f"autoconfig.{DOMAIN}"}
    connection.request("GET", "/mail/config-v1.1.xml", headers=headers)
    document = ElementTree.fromstring(connection.getresponse().read())
    assert {server.text for server in document.iter("hostname")} == {HOST}
    assert [provider.get("id") for provider in document.iter("emailProvider")] == [DOMAIN]


def test_the_certificate_names_it(site, tls):
    """The same authority, the académie's own name."""
    connection = http.client.HTTPSConnection("127.0.0.1", site.config.listen.https, timeout=15, context=tls)
    connection.connect()
    certificate = x509.load_der_x509_certificate(connection.sock.getpeercert(binary_form=True) or b"")
    names = set(
        certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
            x509.DNSName
        )
    )
    assert {HOST, f"mail.{DOMAIN}", f"autoconfig.{DOMAIN}"} <= names


def test_its_pages_under_its_own_name(open_page, portal, people):
    page = open_page()
    page.goto(f"{portal}/compte/connexion/")
    assert page.title().endswith("Académie de Rivemont")
    assert accent(page) == RIVEMONT_ACCENT
    page.get_by_label("Identifiant").fill("eulalie.sabatier")  # the domain is that of the pages
    page.get_by_label("Mot de passe", exact=True).fill(people["Eulalie"]["password"])
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("heading", name="Bonjour Eulalie").wait_for()
    assert page.url == f"{portal}/"
    page.get_by_text("09 00 00 00 98").wait_for()


def test_on_the_installation_s_host_too_once_signed_in(open_page, people):
    page = open_page()
    page.goto("/compte/connexion/")
    assert page.title().endswith("Académie de Valmont")
    assert accent(page) == VALMONT_ACCENT
    enter(page, people["Eulalie"]["sign_in"], people["Eulalie"]["password"])
    page.get_by_role("heading", name="Bonjour Eulalie").wait_for()
    assert page.title().endswith("Académie de Rivemont")


def test_colleagues_are_those_of_one_s_own(signed_in):
    found = signed_in("Eulalie").request.get("/courrier/destinataires/?q=marie").json()["people"]
    assert found == ["Marie Dupont <marie.dupont@ac-rivemont.test>"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_colours_are_readable(signed_in, scheme):
    page = signed_in("Agathe", color_scheme=scheme)
    for url in ADMINISTRATOR:
        check(page, url)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_installation_s_console(signed_in, width):
    page = signed_in("Gaspard", width)
    for url in PLATFORM:
        check(page, url)


def test_who_looks_after_the_installation_sees_figures(signed_in):
    page = signed_in("Gaspard")
    page.goto("/compte/academies/")
    row = page.get_by_role("row").filter(has_text=DOMAIN)
    assert "Académie de Rivemont" in row.first.inner_text()
    assert "Agathe" not in page.content()
    page.goto("/annuaire/")
    assert page.get_by_text("Agathe").count() == 0
