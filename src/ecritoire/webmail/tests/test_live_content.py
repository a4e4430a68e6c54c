"""Bodies and attachments, served so that they can do nothing."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ecritoire.accounts.models import Account
from ecritoire.mailstore.jmap import JmapClient
from ecritoire.mailstore.services import mailbox_create
from ecritoire.webmail.selectors.attachments import Attachment

from .conftest import Deliver, mail

pytestmark = pytest.mark.live
Response = Any  # what the test client returns has no public type
PICTURE = b"\x89PNG fausse image"
HTML = """<p onclick="alert(1)" style="color:red">Bonjour</p><script>alert(1)</script><img src="cid:logo">
<img src="https://traceur.test/logo.png" width="200"><img src="https://traceur.test/p.gif" width="1" height="1">
<a href="mailto:paul@x.test">Paul</a>"""


def newsletter() -> EmailMessage:
    message = mail("Lettre", html=HTML)
    message.get_payload()[1].add_related(PICTURE, "image", "png", cid="<logo>")  # type: ignore[union-attr,index]
    return message


def body(browser: Client, email_id: str, query: str = "") -> tuple[Response, str]:
    response = browser.get(reverse("webmail:body", args=[email_id]) + query)
    assert response.status_code == 200
    return response, response.content.decode()


def attached(live: JmapClient, email_id: str) -> Attachment:
    wanted = {"ids": [email_id], "properties": ["attachments"]}
    part = live.call(("Email/get", wanted, "0"))["0"]["list"][0]["attachments"][0]
    return Attachment(part["blobId"], part["name"], part["type"], part["size"])


def policy(response: Response) -> dict[str, str]:
    directives = [item.strip().partition(" ") for item in response.headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in directives}


def content(response: Response) -> bytes:
    return b"".join(response.streaming_content)


def test_it_works(browser: Client, deliver: Deliver) -> None:
    _, page = body(browser, deliver(newsletter()))
    assert '<p style="color:red">Bonjour</p>' in page
    assert "alert(1)" not in page


def test_a_body_may_run_load_and_send_nothing(browser: Client, deliver: Deliver) -> None:
    response, page = body(browser, deliver(newsletter()))
    assert policy(response) == {
        "default-src": "'none'",
        "style-src": "'self'",
        "style-src-attr": "'unsafe-inline'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
        "img-src": "'self' data:",
    }
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "<script" not in page


def test_remote_images_wait_to_be_asked_for(browser: Client, deliver: Deliver) -> None:
    email_id = deliver(newsletter())
    _, page = body(browser, email_id)
    assert "traceur.test" not in page
    assert "Une image distante" in page
    assert "mouchard" in page
    response, page = body(browser, email_id, "?images=1")
    assert "https://traceur.test/logo.png" in page
    assert "p.gif" not in page
    assert policy(response)["img-src"] == "'self' data: https:"


def test_an_image_of_the_message_is_shown(browser: Client, deliver: Deliver) -> None:
    _, page = body(browser, deliver(newsletter()))
    url = page.split('<img src="')[1].split('"')[0].replace("&amp;", "&")
    response = browser.get(url)
    assert content(response) == PICTURE
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert policy(response)["sandbox"] == ""


def test_an_address_opens_the_composer(browser: Client, deliver: Deliver) -> None:
    _, page = body(browser, deliver(newsletter()))
    assert f'href="{reverse("webmail:compose")}?to=paul%40x.test"' in page


def test_a_huge_body_is_cut_with_a_way_to_the_whole(browser: Client, deliver: Deliver) -> None:
    email_id = deliver(mail(html=f"<p>début</p>{'<p>encore un paragraphe</p>' * 50_000}<p>fin du message</p>"))
    _, page = body(browser, email_id)
    assert "L&#x27;afficher en entier" in page or "L'afficher en entier" in page
    assert "fin du message" not in page
    assert "fin du message" in body(browser, email_id, "?complet=1")[1]


def test_an_attachment_is_saved(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    message = mail()
    message.add_attachment(b"contenu" * 50_000, maintype="application", subtype="pdf", filename='été "1".pdf')
    response = browser.get(attached(live, deliver(message)).url)
    assert content(response) == b"contenu" * 50_000
    assert response.headers["Content-Length"] == str(7 * 50_000)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9t%C3%A9%20%221%22.pdf"


@pytest.mark.parametrize(("subtype", "sandboxed"), [("pdf", False), ("png", True)])
def test_what_a_browser_may_show(
    browser: Client, deliver: Deliver, live: JmapClient, subtype: str, sandboxed: bool
) -> None:
    message = mail()
    maintype = "image" if subtype == "png" else "application"
    message.add_attachment(b"x", maintype=maintype, subtype=subtype, filename=f"a.{subtype}")
    response = browser.get(attached(live, deliver(message)).preview_url)
    assert response.headers["Content-Type"] == f"{maintype}/{subtype}"
    assert policy(response)["default-src"] == "'none'"
    assert ("sandbox" in policy(response)) is sandboxed


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "TEXT/HTML"])
def test_what_could_run_is_never_shown(browser: Client, deliver: Deliver, live: JmapClient, kind: str) -> None:
    message = mail()
    message.add_attachment(b"<script>alert(1)</script>", maintype="text", subtype="html", filename="a.html")
    part = attached(live, deliver(message))
    assert part.preview_url == ""
    forged = reverse("webmail:blob", args=[part.blob_id]) + f"?apercu=1&nom=a%0d%0aX-Evil:1.html&type={kind}"
    response = browser.get(forged)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "X-Evil" not in response.headers
    assert policy(response)["sandbox"] == ""


def test_the_original_is_downloaded_whole(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    email_id = deliver(mail("Objet d'origine"))
    blob_id = live.call(("Email/get", {"ids": [email_id], "properties": ["blobId"]}, "0"))["0"]["list"][0]["blobId"]
    original = content(browser.get(reverse("webmail:blob", args=[blob_id]) + "?nom=x.eml&type=message/rfc822"))
    assert original.startswith(b"From:")
    assert b"Objet d'origine" in original


def test_a_stranger_downloads_nothing(client: Client, stranger: Account, deliver: Deliver, live: JmapClient) -> None:
    message = mail()
    message.add_attachment(b"secret", maintype="application", subtype="pdf", filename="a.pdf")
    url = attached(live, deliver(message)).url
    mailbox_create(account=stranger)
    client.defaults.update({"wsgi.url_scheme": "https", "SERVER_NAME": "localhost"})
    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 404
