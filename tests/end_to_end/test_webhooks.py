"""A webhook from the console to a real receiver: signed, sent by the real worker, again after the process that sent it was killed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import os
import ssl
import subprocess
import time
from collections.abc import Iterator

import pytest

from ecritoire.support.tests.receiving import Received, Receiver, receiving
from launcher import config
from tests.end_to_end.conftest import NARROW, WIDE, wait_until
from tests.end_to_end.test_pages import check, look


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def manage(code: str) -> str:
    command = [str(config.PROJECT_ROOT / "ecritoire"), "manage", "shell", "-v0", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def is_signed(got: Received, secret: str) -> bool:
    """Standard Webhooks, as its specification tells a receiver to check."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    is_fresh = abs(int(got.headers["webhook-timestamp"]) - time.time()) < 300
    return is_fresh and f"v1,{wanted}" in got.headers["webhook-signature"].split()


def create(page, receiver) -> str:
    """Fill in the form; returns the secret."""
    page.goto("/assistance/webhooks/nouveau/")
    page.get_by_label("Nom", exact=True).fill(f"Récepteur {time.time_ns()}")
    page.get_by_label("Adresse", exact=True).fill(receiver.url)
    page.get_by_label("demande ouverte").check()
    look(page)
    page.get_by_role("button", name="Enregistrer").click()
    return str(page.locator("#secret").inner_text())


def remove(page) -> None:
    page.get_by_role("link", name="Supprimer").click()
    page.get_by_role("button", name="Supprimer").click()


def test_it_works(signed_in, receiver):
    page = signed_in("Hélène")
    secret = create(page, receiver)
    look(page)
    place = page.url.replace("nouveau/", "")
    page.goto(place)
    page.get_by_role("row").filter(has_text="Récepteur").last.get_by_role("link").click()
    page.get_by_role("button", name="Envoyer un essai").click()
    got = wait_until(lambda: receiver.got and receiver.got[0], "the test")
    assert json.loads(got.body)["type"] == "ping"
    assert is_signed(got, secret)
    wait_until(lambda: page.reload() and page.get_by_text("reçue").count(), "the delivery's state")
    detail = page.url
    look(page)
    page.get_by_role("table").get_by_role("link").first.click()
    look(page)
    page.set_viewport_size({"width": NARROW, "height": 860})
    for url in (page.url, detail, "/assistance/webhooks/"):
        check(page, url)
    page.set_viewport_size({"width": WIDE, "height": 860})
    page.goto(detail)
    remove(page)


def test_what_a_killed_process_was_sending_is_sent(signed_in, receiver):
    """It is killed with its call open; the row waits, and the service's own worker sends it."""
    page = signed_in("Hélène")
    secret = create(page, receiver)
    name = page.get_by_role("heading", level=1).inner_text().split(" actif")[0].strip()
    make = f"""
from ecritoire.support.models import Webhook, WebhookDelivery
from django.utils import timezone
hook = Webhook.objects.get(name={name!r})
print(WebhookDelivery.objects.create(webhook=hook, event="ticket.opened", body="{{}}", next_at=timezone.now()).pk)
"""
    pk = int(manage(make))
    receiver.drips = 0.1
    code = f"from ecritoire.support.webhooks.sending import deliver; deliver({pk})"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "ecritoire.settings", "PYTHONPATH": "src:."}
    command = [".venv/bin/python", "manage.py", "shell", "-v0", "-c", code]
    with subprocess.Popen(command, env=environment, cwd=config.PROJECT_ROOT) as sending:
        wait_until(lambda: receiver.got, "the first attempt")
        sending.kill()
    receiver.drips = 0
    state = f"""
from ecritoire.support.models import WebhookDelivery
row = WebhookDelivery.objects.get(pk={pk})
print(row.state, row.attempts)
"""
    assert manage(state).split() == ["pending", "1"]
    manage(f"""
from django.utils import timezone
from ecritoire.support.models import WebhookDelivery
from ecritoire.support.webhooks.sending import round_make
WebhookDelivery.objects.filter(pk={pk}).update(next_at=timezone.now())
round_make()
""")
    again = wait_until(lambda: len(receiver.got) > 1 and receiver.got[1], "the second attempt")
    assert again.headers["webhook-id"] == receiver.got[0].headers["webhook-id"]
    assert is_signed(again, secret)
    wait_until(lambda: manage(state).split() == ["delivered", "2"], "what came of it")
    manage(f"from ecritoire.support.models import Webhook; Webhook.objects.filter(name={name!r}).delete()")


def test_the_certificate_is_checked(site, monkeypatch):
    """Of the name that was typed, though the address is the one that was resolved."""
    from ecritoire.common.outbound import post

    url = f"{site.config.base_url}/api/v1/tickets"
    assert "CERTIFICATE_VERIFY_FAILED" in post(url, b"", {}).excerpt
    monkeypatch.setenv("SSL_CERT_FILE", str(site.tls / "ca.pem"))
    assert post(url, b"", {}).status == http.client.UNAUTHORIZED
    assert ssl.create_default_context().check_hostname
