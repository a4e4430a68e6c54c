"""The pages: a sign-in as a browser does it."""

from __future__ import annotations

import http.client
import re
import ssl
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from launcher.errors import LauncherError
from launcher.site import Site

SIGN_IN = "/compte/connexion/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def probe_login(site: Site) -> str:
    return f"sonde.ecritoire@{site.config.site.domain}"


def trusting(site: Site) -> ssl.SSLContext:
    """TLS that trusts the installation's own authority beside the machine's."""
    context = ssl.create_default_context()
    context.load_verify_locations(site.tls / "ca.pem")
    return context


class Browser:
    """Just enough of one: cookies and a Referer. ``headers`` are those of the last answer."""

    def __init__(self, site: Site) -> None:
        listen = site.config.listen
        self._connection = http.client.HTTPSConnection("localhost", listen.https, timeout=15, context=trusting(site))
        self._base = site.config.base_url
        self._cookies: dict[str, str] = {}
        self.headers = http.client.HTTPMessage()

    def request(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Returns status, Location and body."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        host = self._base.removeprefix("https://")
        headers = {"Cookie": cookies, "Referer": f"{self._base}{path}", "Origin": self._base, "Host": host}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, urlencode(form) if form is not None else None, headers)
        response = self._connection.getresponse()
        self.headers = response.headers
        for header in response.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        return response.status, response.headers.get("Location", ""), response.read().decode()


def sign_in(site: Site) -> str:
    browser = Browser(site)
    status, _, page = browser.request("GET", SIGN_IN)
    token = TOKEN.search(page)
    if status != http.HTTPStatus.OK or token is None:
        raise LauncherError(f"the sign-in page answered {status}")
    form = {"csrfmiddlewaretoken": token[1], "login": probe_login(site), "password": site.secret("probe-password")}
    status, location, _ = browser.request("POST", SIGN_IN, form)
    if status != http.HTTPStatus.FOUND:
        raise LauncherError("the probe account was not let in")
    status, _, page = browser.request("GET", location)
    if status != http.HTTPStatus.OK or probe_login(site) not in page:
        raise LauncherError(f"the home page answered {status}")
    token = TOKEN.search(page)
    if token:
        browser.request("POST", "/compte/deconnexion/", {"csrfmiddlewaretoken": token[1]})
    return "signed in, saw the home page, signed out"
