"""What a security review asks first: TLS on every door, headers, cookies, forged forms."""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlencode

import pytest
from sslyze import (  # type: ignore[attr-defined]
    ProtocolWithOpportunisticTlsEnum,
    ScanCommand,
    Scanner,
    ServerNetworkConfiguration,
    ServerNetworkLocation,
    ServerScanRequest,
)

from launcher.selfcheck.web import SIGN_IN, TOKEN, Browser

OLD = ("ssl_2_0_cipher_suites", "ssl_3_0_cipher_suites", "tls_1_0_cipher_suites", "tls_1_1_cipher_suites")
DOORS = ("https", "imaps", "pop3s", "submissions", "smtp")
WEAK = ("RC4", "3DES", "NULL", "EXPORT", "anon", "MD5", "_RSA_WITH_")


@pytest.fixture(scope="module")
def scans(site):
    """Each door's findings by sslyze, scanned at once."""
    scanner = Scanner(per_server_concurrent_connections_limit=2, concurrent_server_scans_limit=2)
    listen = site.config.listen
    requests = []
    for door in DOORS:
        location = ServerNetworkLocation("localhost", getattr(listen, door), "127.0.0.1")
        starttls = ProtocolWithOpportunisticTlsEnum.SMTP if door == "smtp" else None
        network = ServerNetworkConfiguration("localhost", tls_opportunistic_encryption=starttls, network_timeout=30)
        commands = {ScanCommand(name) for name in (*OLD, "tls_1_2_cipher_suites", "tls_1_3_cipher_suites")}
        commands |= {ScanCommand.HEARTBLEED, ScanCommand.TLS_COMPRESSION, ScanCommand.SESSION_RENEGOTIATION}
        requests.append(ServerScanRequest(location, network, scan_commands=commands))
    scanner.queue_scans(requests)
    by_port = {result.server_location.port: result.scan_result for result in scanner.get_results()}
    return {door: by_port[getattr(listen, door)] for door in DOORS}


@pytest.mark.parametrize("door", DOORS)
def test_only_present_day_tls(scans, door):
    found = scans[door]
    for name in OLD:
        assert getattr(found, name).result.accepted_cipher_suites == [], name
    accepted = found.tls_1_2_cipher_suites.result.accepted_cipher_suites
    assert found.tls_1_3_cipher_suites.result.accepted_cipher_suites
    if door != "smtp":  # from outside, a weak cipher is still better than a message in clear (RFC 7435)
        names = [suite.cipher_suite.name for suite in accepted]
        assert [name for name in names if any(weak in name for weak in WEAK)] == []
    assert not found.heartbleed.result.is_vulnerable_to_heartbleed
    assert not found.tls_compression.result.supports_compression
    assert not found.session_renegotiation.result.is_vulnerable_to_client_renegotiation_dos


def request(site, method, path, headers=None, form=None):
    context = ssl.create_default_context(cafile=str(site.tls / "ca.pem"))
    connection = http.client.HTTPSConnection("localhost", site.config.listen.https, context=context, timeout=30)
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request(method, path, urlencode(form) if form else None, {**kind, **(headers or {})})
    response = connection.getresponse()
    response.read()
    return response


def test_pages_carry_their_headers(site):
    headers = request(site, "GET", SIGN_IN).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]
    assert "nginx/" not in headers["Server"]


def test_cookies_are_out_of_reach(site):
    cookies = request(site, "GET", SIGN_IN).headers.get_all("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=" in cookie


@pytest.mark.parametrize("path", [SIGN_IN, "/compte/oubli/", "/compte/deconnexion/"])
def test_a_form_without_its_token_is_refused(site, path):
    forged = {"Origin": "https://ailleurs.test", "Referer": "https://ailleurs.test/"}
    assert request(site, "POST", path, forged, {"login": "julien.moreau", "password": "x"}).status == 403


def test_a_stranger_s_host_name_is_refused(site):
    assert request(site, "GET", SIGN_IN, {"Host": "ailleurs.test"}).status == 400


def test_private_pages_are_not_kept(site, people):
    browser = Browser(site)
    token = TOKEN.findall(browser.request("GET", SIGN_IN)[2])[0]
    form = {"csrfmiddlewaretoken": token, "login": people["Manon"]["sign_in"], "password": people["Manon"]["password"]}
    assert browser.request("POST", SIGN_IN, form)[0] == 302
    for path in ("/", "/courrier/", "/compte/historique/"):
        browser.request("GET", path)
        assert "private" in browser.headers["Cache-Control"], path


def test_what_is_internal_stays_inside(site):
    assert request(site, "GET", "/interne/mail-auth").status == 404
    assert request(site, "GET", "/static/../ecritoire.toml").status in {400, 404}
