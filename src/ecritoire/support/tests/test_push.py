"""A browser is told: encrypted for it alone, signed by this service, through a push service that is one."""

from __future__ import annotations

import base64
import json
import os

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwcrypto import jwk, jwt

from ecritoire.accounts.models import Account
from ecritoire.accounts.signals import access_revoked
from ecritoire.support import tasks
from ecritoire.support.models import PushSubscription, Ticket
from ecritoire.support.push import sending
from ecritoire.support.push.keys import is_known_host, public_key
from ecritoire.support.push.sending import ANSWER, PRESSING, TryLater, send, tell, words_of
from ecritoire.support.push.services import Choices, digest_of, subscription_save
from ecritoire.support.services import ticket_answer, ticket_open
from ecritoire.support.signals import critical_raised

PAGE = "/assistance/notifications/"
MOZILLA = "https://updates.push.services.mozilla.com/wpush/v2/abc"


class Browser:
    """The other end of a subscription: it alone can read."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    @property
    def keys(self):
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": _text(point), "auth": _text(self.auth)}

    def read(self, body):
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return json.loads(plain)


def _text(value):
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


@pytest.fixture
def chrome():
    return Browser()


@pytest.fixture
def subscribe(db, chrome):
    def make(account, endpoint=MOZILLA, **choices):
        wanted = Choices(**({"on_answers": True, "on_pressing": False, "with_subject": False} | choices))
        return subscription_save(account=account, endpoint=endpoint, device="Firefox", choices=wanted, **chrome.keys)

    return make


@pytest.fixture
def reachable(receiver, loopback_admitted):
    """A push service on this machine: its endpoint is kept as it is, since a real one has HTTPS."""

    def move(row):
        PushSubscription.objects.filter(pk=row.pk).update(endpoint=receiver.url)
        row.refresh_from_db()
        return row

    return move


def opened(account, **values):
    return ticket_open(kind=Ticket.Kind.MAIL, subject="Boîte pleine", text="?", account=account, **values)


@pytest.fixture
def jobs(monkeypatch):
    """What is handed to the worker, instead of the worker."""
    told = []
    for task in (sending.tasks.push_send, sending.tasks.push_tell):
        monkeypatch.setattr(task, "defer", lambda _name=task.name, **values: told.append((_name, values)))
    return told


def test_it_works(anne, sam, subscribe, reachable, receiver, chrome):
    row = reachable(subscribe(anne, with_subject=True))
    ticket = opened(anne)
    assert send(row, words_of(row, ticket, ANSWER), ANSWER).ok
    [got] = receiver.got
    assert got.headers["content-encoding"] == "aes128gcm"
    assert (got.headers["ttl"], got.headers["urgency"]) == ("86400", "normal")
    told = chrome.read(got.body)
    assert told["body"] == f"{ticket.number} : Boîte pleine"
    assert told["url"] == f"/assistance/demandes/{ticket.number}/"
    row.refresh_from_db()
    assert row.last_sent_at


def test_the_service_says_who_it_is(anne, subscribe, reachable, receiver):
    row = reachable(subscribe(anne))
    send(row, words_of(row, opened(anne), ANSWER), ANSWER)
    scheme, _, said = receiver.got[0].headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in said.split(","))
    assert (scheme, parts["k"].rstrip("=")) == ("vapid", public_key()), "the key browsers subscribed with"
    point = base64.urlsafe_b64decode(parts["k"] + "=" * (-len(parts["k"]) % 4))
    key = jwk.JWK(kty="EC", crv="P-256", x=_text(point[1:33]), y=_text(point[33:]))
    claims = json.loads(jwt.JWT(jwt=parts["t"], key=key, algs=["ES256"]).claims)
    assert claims["aud"] == f"http://127.0.0.1:{receiver.port}"
    assert claims["sub"] == "mailto:postmaster@ac-valmont.test"


def test_nothing_is_shown_unless_chosen(anne, subscribe):
    row = subscribe(anne)
    ticket = opened(anne)
    told = words_of(row, ticket, ANSWER).encode().decode()
    assert ticket.number not in told
    assert "pleine" not in told


def test_a_browser_that_left_is_forgotten(anne, subscribe, reachable, receiver):
    for status in (404, 410):
        receiver.answers = [status]
        row = reachable(subscribe(anne))
        send(row, words_of(row, opened(anne), ANSWER), ANSWER)
        assert not PushSubscription.objects.exists()


def test_a_push_service_that_is_tired_is_asked_again(anne, subscribe, reachable, receiver):
    row = reachable(subscribe(anne))
    for status in (429, 503):
        receiver.answers = [status]
        with pytest.raises(TryLater):
            send(row, words_of(row, opened(anne), ANSWER), ANSWER)
    assert PushSubscription.objects.exists()


def test_an_answer_is_told_to_whom_it_is_for(anne, boris, sam, subscribe, jobs):
    row = subscribe(anne)
    ticket = opened(anne)
    ticket_answer(ticket=ticket, acting_user=sam, text="Voici.", state=Ticket.State.WAITING)
    assert jobs == [("support.push_tell", {"ticket_id": ticket.pk, "kind": ANSWER, "accounts": [anne.pk]})]
    assert tell(ticket=ticket, kind=ANSWER, accounts=[anne.pk]) == 1
    assert jobs[-1] == ("support.push_send", {"subscription_id": row.pk, "ticket_id": ticket.pk, "kind": ANSWER})
    subscribe(anne, on_answers=False)
    assert tell(ticket=ticket, kind=ANSWER, accounts=[anne.pk]) == 0
    ticket_answer(ticket=opened(boris), acting_user=sam, text="Voici.", state=Ticket.State.WAITING)
    assert len(jobs) == 2, "Boris asked for nothing"


def test_an_agent_who_asked_is_told_that_a_request_presses(anne, sam, subscribe, jobs):
    row = subscribe(sam, on_pressing=True)
    ticket = opened(anne, priority=Ticket.Priority.CRITICAL)
    tasks.announce(ticket_id=ticket.pk)
    assert jobs[0] == ("support.push_tell", {"ticket_id": ticket.pk, "kind": PRESSING, "accounts": [sam.pk]})
    assert tell(ticket=ticket, kind=PRESSING, accounts=[sam.pk]) == 1
    assert jobs[-1][1]["subscription_id"] == row.pk
    assert tell(ticket=ticket, kind=PRESSING, accounts=[sam.pk]) == 0, "two things may raise one alert"


def test_whoever_is_on_call_is_told(anne, sam, subscribe, jobs):
    subscribe(sam, on_pressing=True)
    ticket = opened(anne)
    critical_raised.send(sender=Ticket, ticket=ticket, accounts=Account.objects.filter(pk=sam.pk))
    assert jobs == [("support.push_tell", {"ticket_id": ticket.pk, "kind": PRESSING, "accounts": [sam.pk]})]


def test_alerts_are_for_the_desk(anne, subscribe, jobs):
    subscribe(anne, on_pressing=True)
    assert tell(ticket=opened(anne), kind=PRESSING, accounts=[anne.pk]) == 0


def test_a_suspended_account_is_told_nothing(anne, subscribe, jobs):
    subscribe(anne)
    ticket = opened(anne)
    Account.objects.filter(pk=anne.pk).update(state=Account.State.SUSPENDED)
    assert tell(ticket=ticket, kind=ANSWER, accounts=[anne.pk]) == 0


def test_closing_every_door_forgets_the_browsers(anne, subscribe):
    subscribe(anne)
    access_revoked.send(sender=Account, account=anne, reason="intrusion")
    assert not PushSubscription.objects.exists()


def test_only_push_services_are_believed(sign_in, anne, chrome):
    browser = sign_in(anne)

    def post(endpoint, **keys):
        body = {"endpoint": endpoint, "keys": chrome.keys | keys, "choices": {"on_answers": True}}
        return browser.post(f"{PAGE}abonnement/", json.dumps(body), content_type="application/json").status_code

    wrong = [
        "https://example.com/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.example/x",
        "https://127.0.0.1/",
        "",
    ]
    assert [post(endpoint) for endpoint in wrong] == [422] * len(wrong)
    assert post(MOZILLA, auth="x") == post(MOZILLA, p256dh="BAD") == 422
    assert browser.post(f"{PAGE}abonnement/", "[]", content_type="application/json").status_code == 400
    assert post(MOZILLA) == 201
    assert PushSubscription.objects.get().account == anne
    assert is_known_host("web.push.apple.com")


def test_the_page(sign_in, anne, boris, sam, subscribe):
    mine, other = subscribe(anne), subscribe(boris, f"{MOZILLA}2")
    browser = sign_in(anne)
    page = browser.get(PAGE).content.decode()
    assert digest_of(MOZILLA) in page
    assert digest_of(f"{MOZILLA}2") not in page
    assert "pressantes" not in page
    browser.post(f"{PAGE}{mine.pk}/", {f"s{mine.pk}-with_subject": "on"})
    mine.refresh_from_db()
    assert (mine.with_subject, mine.on_answers) == (True, False)
    assert browser.post(f"{PAGE}{other.pk}/", {}).status_code == 404
    assert browser.post(f"{PAGE}{other.pk}/retrait/").status_code == 404
    browser.post(f"{PAGE}{mine.pk}/retrait/")
    assert not anne.push_subscriptions.exists()
    assert "pressantes" in sign_in(sam).get(PAGE).content.decode()


def test_the_worker_keeps_its_address(browser, db):
    answer = browser.get(f"{PAGE}veilleur.js")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")


def test_a_browser_has_one_person_at_a_time(anne, boris, subscribe):
    subscribe(anne)
    subscribe(boris)
    assert PushSubscription.objects.get().account == boris
