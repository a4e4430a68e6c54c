"""A mail application from the wish to the open mailbox, with a real browser and real clients."""

from __future__ import annotations

import imaplib
import io
import json
import poplib
import re
import smtplib
import uuid
from xml.etree import ElementTree

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.end_to_end.conftest import NARROW, WIDE, wait_until
from tests.end_to_end.test_pages import RULES, check

URL = "/compte/applications/"


def wish(page, name, family, *, reception="IMAP", sending=True):
    page.goto(URL)
    page.get_by_label("Nom").fill(name)
    page.locator("#id_family").select_option(family)
    page.get_by_role("radio", name=re.compile(reception)).check()
    page.get_by_label("Envoi (SMTP)").set_checked(sending)
    page.get_by_role("button", name="Demander").click()


def secret_of(page, password):
    page.get_by_label("Votre mot de passe actuel").fill(password)
    page.get_by_role("button", name="Créer le secret").click()
    return page.locator("#secret").inner_text()


def qr_of(page):
    picture = Image.open(io.BytesIO(page.locator("#qr").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def check_here(page):
    """As test_pages.check, for a page that an address alone does not bring back."""
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{overflow} px too wide"


@pytest.fixture
def sophie(people, signed_in):
    """Leaves with the application she came with: a person has twenty at most, and tests are run again."""
    yield people["Sophie"]
    page = signed_in("Sophie")
    page.goto(URL)
    extra = page.get_by_role("button", name=re.compile("^Retirer (?!Démonstration)|^Abandonner"))
    while extra.count():
        extra.first.click()
        page.wait_for_load_state()


def imap_in(site, tls, login, secret):
    imaplib.IMAP4_SSL("localhost", site.config.listen.imaps, ssl_context=tls, timeout=30).login(login, secret)


def pop_in(site, tls, login, secret):
    connection = poplib.POP3_SSL("localhost", site.config.listen.pop3s, context=tls, timeout=30)
    connection.user(login)
    connection.pass_(secret)


def smtp_in(site, tls, login, secret):
    smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30).login(login, secret)


CLIENTS = {"imap": imap_in, "pop3": pop_in, "smtp": smtp_in}
REFUSED = (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPAuthenticationError)


def opened_by(site, tls, login, secret):
    opened = []
    for protocol, client in CLIENTS.items():
        try:
            client(site, tls, login, secret)
            opened.append(protocol)
        except REFUSED:
            pass
    return opened


def test_it_works(signed_in, sophie, site, tls):
    page = signed_in("Sophie")
    wish(page, f"Thunderbird {uuid.uuid4().hex[:6]}", "thunderbird", sending=False)
    secret = secret_of(page, sophie["password"])
    check_here(page)
    assert opened_by(site, tls, sophie["sign_in"], secret) == ["imap"]
    page.goto(URL)
    page.get_by_role("listitem").filter(has_text="IMAP, 127.0.0.1").first.wait_for()
    page.get_by_role("link", name=re.compile("Thunderbird ")).first.click()
    check_here(page)
    page.get_by_role("button", name="Retirer cette application").click()
    page.get_by_text("n'ouvre plus votre boîte").wait_for()
    assert opened_by(site, tls, sophie["sign_in"], secret) == []


@pytest.mark.parametrize(
    ("reception", "sending", "opened"), [("POP", True, ["pop3", "smtp"]), ("aucune", True, ["smtp"])]
)
def test_a_secret_opens_what_was_asked_for(signed_in, sophie, site, tls, reception, sending, opened):
    page = signed_in("Sophie")
    wish(page, "Étroite", "thunderbird", reception=reception, sending=sending)
    secret = secret_of(page, sophie["password"])
    assert opened_by(site, tls, sophie["sign_in"], secret) == opened


def test_the_dsi_decides_what_it_does_not_trust(signed_in, sophie, site, tls, imap):
    name = f"Outlook {uuid.uuid4().hex[:6]}"
    page = signed_in("Sophie", NARROW)
    wish(page, name, "outlook")
    page.get_by_text("La DSI décide").wait_for()
    check_here(page)

    desk = signed_in("Hélène")
    desk.goto(f"{URL}console/")
    desk.get_by_role("link", name=re.compile(f"Décider : Sophie .*{name}")).click()
    check_here(desk)
    desk.get_by_label("Réponse à la personne").fill("Sans le nuage de Microsoft.")
    desk.get_by_role("button", name="Accepter").click()
    desk.get_by_text("Demande acceptée.").wait_for()

    page.goto(URL)
    page.get_by_text("Sans le nuage de Microsoft.").first.wait_for()
    page.get_by_role("listitem").filter(has_text=name).get_by_role("link", name="Créer son secret").click()
    check_here(page)
    secret = secret_of(page, sophie["password"])
    check_here(page)
    mailbox = imap(sophie["sign_in"], secret)

    def told():
        mailbox.select("INBOX")
        return mailbox.search(None, "BODY", f'"{name}"')[1][0]

    wait_until(told, "the decision by mail")


def test_the_main_password_opens_nothing_and_is_explained(signed_in, sophie, site, tls):
    for client in CLIENTS.values():
        with pytest.raises(REFUSED, match=r"Use an application secret: https://localhost:[0-9]+/compte/applications/"):
            client(site, tls, sophie["sign_in"], sophie["password"])
    page = signed_in("Sophie")
    page.goto(URL)
    page.get_by_text("Votre mot de passe du portail ne sert pas ici").wait_for()


def test_an_iphone_takes_its_profile_by_the_code(signed_in, open_page, sophie):
    page = signed_in("Sophie")
    wish(page, "iPhone", "apple")
    secret_of(page, sophie["password"])
    check_here(page)
    phone = open_page(NARROW)
    check(phone, qr_of(page))
    with phone.expect_download() as taken:
        phone.get_by_role("button", name="Installer le profil").click()
    assert taken.value.suggested_filename == "messagerie.mobileconfig"
    phone.reload()
    phone.get_by_text("Ce lien a déjà servi").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_android_reads_its_code(signed_in, sophie, site, tls, scheme):
    page = signed_in("Sophie", NARROW, color_scheme=scheme)
    wish(page, "Android", "android")
    secret_of(page, sophie["password"])
    check_here(page)
    _, _, incoming, ((outgoing, _),) = json.loads(qr_of(page))
    mailbox = imaplib.IMAP4_SSL(incoming[1], incoming[2], ssl_context=tls, timeout=30)
    mailbox.login(incoming[5], incoming[7])
    smtplib.SMTP_SSL(outgoing[1], outgoing[2], context=tls, timeout=30).login(outgoing[5], outgoing[6])


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_console_s_pages(signed_in, width):
    page = signed_in("Hélène", width)
    for path in ("console/", "console/confiance/", "console/dns/"):
        check(page, URL + path)


def fetch(site, tls, name, path, body=None):
    """As a client that resolved ``name`` would: its TLS name, its Host header."""
    import http.client
    import socket

    connection = http.client.HTTPSConnection(name, site.config.listen.https, context=tls, timeout=30)
    raw = socket.create_connection(("127.0.0.1", site.config.listen.https), timeout=30)
    connection.sock = tls.wrap_socket(raw, server_hostname=name)
    connection.request("POST" if body else "GET", path, body, {"Content-Type": "text/xml"} if body else {})
    return connection.getresponse()


def test_an_application_that_knows_only_the_address_finds_the_servers(site, tls, sophie):
    domain = site.config.site.domain
    answer = fetch(site, tls, f"autoconfig.{domain}", f"/mail/config-v1.1.xml?emailaddress={sophie['sign_in']}")
    told = ElementTree.fromstring(answer.read())
    host = told.findtext("emailProvider/incomingServer/hostname", "")
    port = int(told.findtext("emailProvider/incomingServer/port", ""))
    imaplib.IMAP4_SSL(host, port, ssl_context=tls, timeout=30).login(sophie["sign_in"], sophie["app_password"])


def test_outlook_finds_the_servers(site, tls, sophie):
    request = (
        '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">'
        f"<Request><EMailAddress>{sophie['sign_in']}</EMailAddress></Request></Autodiscover>"
    )
    for name in (f"autodiscover.{site.config.site.domain}", "localhost"):
        answer = fetch(site, tls, name, "/Autodiscover/Autodiscover.xml", request.encode())
        assert f"<Port>{site.config.listen.imaps}</Port>" in answer.read().decode()


@pytest.mark.parametrize(
    "path", ["/", "/compte/connexion/", "/courrier/", "/static/common/common.js", "/interne/mail-auth"]
)
def test_the_configuration_names_serve_nothing_else(site, tls, path):
    assert fetch(site, tls, f"autoconfig.{site.config.site.domain}", path).status == 404


def test_support_sees_a_person_s_applications(signed_in, people):
    page = signed_in("Hélène", NARROW)
    page.goto("/annuaire/personnes/7/")
    page.get_by_role("heading", name="Applications de messagerie").wait_for()


def test_the_records_of_the_console_are_those_of_the_demonstration_s_dns(site, signed_in):
    import dns.rdata
    import dns.resolver

    page = signed_in("Hélène")
    page.goto(f"{URL}console/dns/")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], site.config.internal.dns
    for line in page.locator("#records").inner_text().splitlines():
        name, _, _, kind, value = line.split(" ", 4)
        answered = {str(record) for record in resolver.resolve(name, kind, raise_on_no_answer=False)}
        assert answered == {value}, line
