"""Notifications in a real browser: turned on, shown by the service worker, turned off. The browser's own push service cannot be reached
from a test: what it would answer to ``subscribe`` is put in its place, and what it would bring is brought by the debugger."""

from __future__ import annotations

import base64
import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.end_to_end.conftest import NARROW, enter, wait_until
from tests.end_to_end.test_pages import check, look

PAGE = "/assistance/notifications/"
STAND_IN = """
const told = %s;
const made = { ...told, toJSON: () => told, unsubscribe: async () => { localStorage.removeItem("push"); return true; } };
PushManager.prototype.subscribe = async (options) => {
  if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("options");
  localStorage.setItem("push", "on");
  return made;
};
PushManager.prototype.getSubscription = async () => (localStorage.getItem("push") ? made : null);
"""


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


@pytest.fixture
def page(open_page, agent):
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    keys = {
        "p256dh": text(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
        "auth": text(os.urandom(16)),
    }
    endpoint = f"https://updates.push.services.mozilla.com/wpush/v2/{text(os.urandom(12))}"
    page = enter(open_page(permissions=["notifications"]), agent["sign_in"], agent["password"])
    page.wait_for_url("**/")
    page.add_init_script(STAND_IN % json.dumps({"endpoint": endpoint, "keys": keys}))
    return page


def enable(page) -> None:
    page.goto(PAGE)
    look(page)
    page.get_by_role("button", name="Activer dans ce navigateur").click()
    page.get_by_text("Ce navigateur vous préviendra.").wait_for()
    page.get_by_text("Il vous prévient déjà.").wait_for()


def test_it_works(page):
    enable(page)
    assert page.get_by_text("celui-ci").is_visible()
    look(page)
    page.set_viewport_size({"width": NARROW, "height": 860})
    check(page, PAGE)
    page.get_by_label("Montrer le numéro et l'objet").last.check()
    page.get_by_role("button", name="Enregistrer").click()
    assert page.get_by_label("Montrer le numéro et l'objet").last.is_checked()
    page.get_by_role("button", name="Ne plus prévenir").click()
    page.get_by_role("button", name="Activer dans ce navigateur").wait_for()
    assert page.evaluate("localStorage.getItem('push')") is None


def test_what_comes_is_shown(page, site):
    enable(page)
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(
        row["registrationId"] for row in told["registrations"] if row["scopeURL"].endswith(PAGE)
    ))  # fmt: skip
    session.send("ServiceWorker.enable")
    wait_until(lambda: page.wait_for_timeout(50) or found, "the registration")
    told = {
        "title": "Réponse de l'assistance",
        "body": "Une réponse vous attend.",
        "url": "/assistance/",
        "tag": "answer",
    }
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": site.config.base_url, "registrationId": found[-1], "data": json.dumps(told)},
    )
    shown = """async () => {
      const registration = await navigator.serviceWorker.getRegistration("/assistance/notifications/");
      return (await registration.getNotifications()).map((one) => [one.title, one.body, one.data.url]);
    }"""
    [row] = wait_until(lambda: page.evaluate(shown), "the notification")
    assert row == [told["title"], told["body"], told["url"]]
    page.get_by_role("button", name="Ne plus prévenir").click()


def test_a_refusal_is_said(signed_in):
    page = signed_in("Julien")
    page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    page.goto(PAGE)
    page.get_by_text("Ce navigateur refuse les notifications").wait_for()
    assert not page.get_by_role("button", name="Activer dans ce navigateur").is_visible()
