"""What mail applications read to configure themselves: valid, the right values, and the same whoever asks."""

import io
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.management import call_command

from ecritoire.directory.organisations import organisations

pytestmark = pytest.mark.django_db
AUTOCONFIG = ["/.well-known/autoconfig/mail/config-v1.1.xml", "/mail/config-v1.1.xml"]
POX = "/autodiscover/autodiscover.xml"
OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
REQUEST = """<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request>
<EMailAddress>{address}</EMailAddress>
<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
</Request></Autodiscover>"""


def ports():
    listen = settings.CONFIG.listen
    return {"imap": listen.imaps, "pop3": listen.pop3s, "smtp": listen.submissions}


def post(browser, body, url=POX):
    return browser.post(url, body, content_type="text/xml")


@pytest.mark.parametrize("url", AUTOCONFIG)
def test_it_works(browser, url):
    answer = browser.get(f"{url}?emailaddress=anne.durand@{settings.MAIL_DOMAIN}")
    assert answer["Content-Type"].startswith("application/xml")
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, root.get("version")) == ("clientConfig", "1.1")
    (provider,) = root.findall("emailProvider")
    assert provider.get("id") == provider.findtext("domain") == settings.MAIL_DOMAIN
    servers = [*provider.findall("incomingServer"), *provider.findall("outgoingServer")]
    assert {server.get("type"): int(server.findtext("port", "")) for server in servers} == ports()
    for server in servers:
        assert [child.tag for child in server] == ["hostname", "port", "socketType", "authentication", "username"]
        assert server.findtext("hostname") == settings.CONFIG.site.host
        assert (server.findtext("socketType"), server.findtext("authentication")) == ("SSL", "password-cleartext")
        assert server.findtext("username") == "%EMAILADDRESS%"


@pytest.mark.parametrize("url", [POX, "/Autodiscover/Autodiscover.xml", "/AutoDiscover/AutoDiscover.XML"])
def test_outlook_is_told(browser, anne, url):
    root = ElementTree.fromstring(post(browser, REQUEST.format(address=anne.login), url).content)
    assert root.tag == "{http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006}Autodiscover"
    (account,) = root.findall(f"{{{OUTLOOK}}}Response/{{{OUTLOOK}}}Account")
    assert account.findtext(f"{{{OUTLOOK}}}AccountType") == "email"
    assert account.findtext(f"{{{OUTLOOK}}}Action") == "settings"
    told = {}
    for protocol in account.findall(f"{{{OUTLOOK}}}Protocol"):
        values = {child.tag.partition("}")[2]: child.text or "" for child in protocol}
        assert (values["SSL"], values["SPA"], values["AuthRequired"]) == ("on", "off", "on")
        assert values["LoginName"] == anne.login
        told[values["Type"].lower()] = int(values["Port"])
    assert told == ports()


def test_nothing_tells_who_exists(browser, anne, django_assert_num_queries):
    organisations()  # kept in the cache
    with django_assert_num_queries(0):
        known = post(browser, REQUEST.format(address=anne.login)).content.decode()
        unknown = post(browser, REQUEST.format(address=f"personne@{settings.MAIL_DOMAIN}")).content.decode()
    assert known.replace(anne.login, "") == unknown.replace(f"personne@{settings.MAIL_DOMAIN}", "")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "pas du XML",
        "<a/>",
        REQUEST.format(address="pas-une-adresse"),
        REQUEST.format(address="&lt;script&gt;@ac.test"),
        '<!DOCTYPE a [<!ENTITY b "c">]>' + REQUEST.format(address="anne@ac.test"),
        REQUEST.format(address="a" * 20_000 + "@ac.test"),
    ],
)
def test_anything_else_is_an_invalid_request(browser, body):
    answer = post(browser, body)
    root = ElementTree.fromstring(answer.content)
    assert [e.text for e in root.iter() if e.tag.endswith("ErrorCode")] == ["600"]


def test_autodiscover_v2_points_to_v1(browser):
    url = f"{settings.CONFIG.base_url}{POX}"
    for path in ("/autodiscover/autodiscover.json?Email=a@b.test&", "/autodiscover/autodiscover.json/v1.0/a@b.test?"):
        assert browser.get(f"{path}Protocol=AutodiscoverV1").json() == {"Protocol": "AutodiscoverV1", "Url": url}


@pytest.mark.parametrize(("query", "code"), [("", "MandatoryParameterMissing"), ("?Protocol=Ews", "InvalidProtocol")])
def test_autodiscover_v2_refuses_what_is_not_spoken(browser, query, code):
    answer = browser.get(f"/autodiscover/autodiscover.json{query}")
    assert (answer.status_code, answer.json()["ErrorCode"]) == (400, code)


def test_the_dns_records_are_printed(sign_in, admin):
    out = io.StringIO()
    call_command("dns_records", stdout=out)
    domain, host = settings.MAIL_DOMAIN, settings.CONFIG.site.host
    lines = out.getvalue().splitlines()
    assert f"_imaps._tcp.{domain}. 3600 IN SRV 0 1 {settings.CONFIG.listen.imaps} {host}." in lines
    assert f"_submissions._tcp.{domain}. 3600 IN SRV 0 1 {settings.CONFIG.listen.submissions} {host}." in lines
    assert f"_imap._tcp.{domain}. 3600 IN SRV 0 0 0 ." in lines
    assert f"autoconfig.{domain}. 3600 IN CNAME {host}." in lines
    page = sign_in(admin).get("/compte/applications/console/dns/").content.decode()
    assert all(line in page for line in lines)


def test_the_dns_records_are_a_zone_others_can_read():
    import dns.zone

    out = io.StringIO()
    call_command("dns_records", stdout=out)
    zone = dns.zone.from_text(
        f"@ 3600 IN SOA a. b. 1 2 3 4 5\n@ 3600 IN NS a.\n{out.getvalue()}", origin=settings.MAIL_DOMAIN
    )
    assert len(list(zone.iterate_rdatas("SRV"))) == 7
