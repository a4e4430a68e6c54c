"""Another program is told, signed, once it is certain; what fails is sent again; what is private stays here."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re

import pytest
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.services.factor_keys import unseal
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.services import organisation_ensure
from ecritoire.support.incidents import Notice, incident_declare, incident_tell
from ecritoire.support.models import Incident, Ticket, Webhook, WebhookDelivery
from ecritoire.support.services import ticket_answer, ticket_classify, ticket_note, ticket_open
from ecritoire.support.webhooks import sending
from ecritoire.support.webhooks.sending import GIVEN_UP, KEPT, WAITS, deliver, purge, round_make
from ecritoire.support.webhooks.services import Wanted, webhook_create, webhook_rotate, webhook_switch
from ecritoire.support.webhooks.tasks import disabled_notice

PAGES = "/assistance/webhooks/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")
Event, State = Webhook.Event, WebhookDelivery.State


@pytest.fixture
def make_webhook(db, admin, loopback_admitted, receiver):
    def make(*events, organisation=None, name="GLPI", with_texts=False):
        wanted = Wanted(name=name, url=receiver.url, events=events or Event.values, with_texts=with_texts)
        here = organisation or organisation_ensure()
        return webhook_create(organisation=here, wanted=wanted, acting_user=admin)[0]

    return make


@pytest.fixture
def hook(make_webhook):
    return make_webhook()


def opened(account, **values):
    return ticket_open(kind=Ticket.Kind.MAIL, subject="Boîte pleine", text="Très privé.", account=account, **values)


def events():
    return list(WebhookDelivery.objects.order_by("pk").values_list("event", flat=True))


def newest():
    return WebhookDelivery.objects.order_by("-pk")[0]


def sent(row):
    reply = deliver(row.pk)
    return reply is not None and reply.ok


def later(monkeypatch, **span):
    """What was due is due again."""
    WebhookDelivery.objects.filter(state=State.PENDING).update(next_at=timezone.now() - dt.timedelta(**span))


def verified(webhook, received):
    """As the specification says, by code of the other side's own."""
    key = base64.b64decode(unseal(webhook.secret).removeprefix("whsec_"))
    signed = f"{received.headers['webhook-id']}.{received.headers['webhook-timestamp']}.".encode() + received.body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in received.headers["webhook-signature"].split(" ")


def test_it_works(hook, anne, receiver):
    ticket = opened(anne)
    [row] = WebhookDelivery.objects.all()
    assert sent(row)
    row.refresh_from_db()
    assert (row.state, row.status, row.attempts) == (State.DELIVERED, 200, 1)
    [got] = receiver.got
    assert got.headers["webhook-id"] == row.message_id
    assert abs(int(got.headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert verified(hook, got)
    told = json.loads(got.body)
    assert (told["type"], told["data"]["ticket"]["number"]) == ("ticket.opened", ticket.number)
    assert deliver(row.pk) is None, "done once"
    assert len(receiver.got) == 1


def test_each_step_is_an_event(hook, anne, sam):
    ticket = opened(anne)
    ticket_classify(
        ticket=ticket,
        acting_user=sam,
        state=Ticket.State.IN_PROGRESS,
        priority=Ticket.Priority.HIGH,
        kind=Ticket.Kind.MAIL,
    )
    ticket_note(ticket=ticket, acting_user=sam, text="Entre nous.")
    ticket_answer(ticket=ticket, acting_user=sam, text="Réparé.", state=Ticket.State.RESOLVED)
    assert events() == ["ticket.opened", "ticket.changed", "ticket.answered", "ticket.resolved"]
    changed = json.loads(WebhookDelivery.objects.get(event="ticket.changed").body)["data"]["changes"]
    assert changed == {"state": ["new", "in_progress"], "priority": [3, 2]}


def test_incidents_are_told(hook):
    notice = Notice(title="Webmail lent", text="Nous cherchons.", severity=Incident.Severity.MAJOR)
    incident = incident_declare(organisation=organisation_ensure(), notice=notice, acting_user=None)
    incident_tell(incident=incident, state=Incident.State.IDENTIFIED, text="Trouvé.", acting_user=None)
    incident_tell(incident=incident, state=Incident.State.RESOLVED, text="Fini.", acting_user=None)
    assert events() == ["incident.declared", "incident.updated", "incident.resolved"]
    told = json.loads(WebhookDelivery.objects.get(event="incident.resolved").body)["data"]
    assert (told["incident"]["title"], told["incident"]["state"]) == ("Webmail lent", "resolved")
    assert "update" not in told


def test_what_is_private_stays(make_webhook, anne, sam):
    make_webhook()
    make_webhook(name="Confiance", with_texts=True)
    ticket = opened(anne, given={"address": "203.0.113.9"})
    ticket_note(ticket=ticket, acting_user=sam, text="Entre nous.")
    ticket_answer(ticket=ticket, acting_user=sam, text="Voici.", state=Ticket.State.WAITING)
    bodies = dict.fromkeys(("GLPI", "Confiance"), "")
    for row in WebhookDelivery.objects.select_related("webhook"):
        bodies[row.webhook.name] += row.body
    for words in ("Très privé", "Boîte pleine", "Anne", anne.login, "Voici"):
        assert words not in bodies["GLPI"]
        assert words in bodies["Confiance"]
    for words in ("Entre nous", "203.0.113.9"):
        assert words not in "".join(bodies.values())


def test_only_what_was_asked_for_and_in_ones_own_academie(make_webhook, anne, rivemont):
    make_webhook(Event.TICKET_ANSWERED)
    make_webhook(organisation=rivemont, name="Ailleurs")
    opened(anne)
    assert events() == []


def test_nothing_is_told_of_what_did_not_happen(hook, anne):
    def undone():
        opened(anne)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        undone()
    assert events() == []


def test_a_failure_is_sent_again_later_and_later(hook, anne, receiver, monkeypatch):
    receiver.answers = [500]
    opened(anne)
    row = WebhookDelivery.objects.get()
    waits = []
    for _ in range(len(WAITS)):
        later(monkeypatch, seconds=1)
        deliver(row.pk)
        row.refresh_from_db()
        waits.append(row.next_at - timezone.now())
    assert (row.state, row.status, row.excerpt[:5]) == (State.PENDING, 500, "noted")
    assert waits == sorted(waits)
    assert dt.timedelta(hours=40) < sum(WAITS, dt.timedelta()) < GIVEN_UP
    later(monkeypatch, seconds=1)
    deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.FAILED, len(WAITS) + 1)
    ids = {got.headers["webhook-id"] for got in receiver.got}
    assert ids == {row.message_id}, "the same number each time"


def test_a_job_that_died_is_taken_up_by_the_round(hook, anne, receiver, monkeypatch):
    """Its row is held: nobody else sends it, until the time has passed in which it should have ended."""
    opened(anne)
    row = WebhookDelivery.objects.get()

    def killed(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(sending, "post", killed)
        with pytest.raises(SystemExit):
            deliver(row.pk)
    assert deliver(row.pk) is None
    assert round_make() == 0
    later(monkeypatch, seconds=1)
    assert round_make() == 1
    assert sent(row)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.DELIVERED, 2)


def test_an_address_that_fails_is_probed_once_a_round(hook, anne, receiver, monkeypatch):
    receiver.answers = [500]
    opened(anne)
    deliver(WebhookDelivery.objects.get().pk)
    for _ in range(3):
        opened(anne)
    later(monkeypatch, seconds=1)
    assert round_make() == 1
    receiver.answers = [200]
    sent(WebhookDelivery.objects.order_by("pk")[0])
    hook.refresh_from_db()
    assert hook.failing_since is None
    assert round_make() == 3


def test_two_days_of_failures_turn_it_off_and_somebody_is_told(hook, anne, admin, receiver, monkeypatch, mailoutbox):
    receiver.answers = [503]
    opened(anne)
    Webhook.objects.update(failing_since=timezone.now() - GIVEN_UP)
    deliver(WebhookDelivery.objects.get().pk)
    hook.refresh_from_db()
    assert (hook.is_active, hook.disabled_at is not None) == (False, True)
    assert AuditEvent.objects.filter(action="webhook.disable", target="GLPI").exists()
    disabled_notice(webhook_id=hook.pk)
    assert (mailoutbox[0].to, "GLPI" in mailoutbox[0].subject) == ([admin.login], True)
    opened(anne)
    assert WebhookDelivery.objects.count() == 1, "told nothing while off"
    webhook_switch(webhook=hook, is_active=True, acting_user=admin)
    later(monkeypatch, seconds=1)
    assert round_make() == 1


def test_gone_means_gone(hook, anne, receiver):
    receiver.answers = [410]
    opened(anne)
    deliver(WebhookDelivery.objects.get().pk)
    hook.refresh_from_db()
    assert not hook.is_active


def test_both_secrets_sign_for_a_day(hook, admin, anne, receiver):
    former = Webhook.objects.get()
    webhook_rotate(webhook=hook, acting_user=admin)
    opened(anne)
    deliver(WebhookDelivery.objects.get().pk)
    assert verified(former, receiver.got[0])
    assert verified(hook, receiver.got[0])
    Webhook.objects.update(rotated_at=timezone.now() - dt.timedelta(days=2))
    opened(anne)
    deliver(newest().pk)
    assert not verified(former, receiver.got[1])
    assert verified(hook, receiver.got[1])


def test_deliveries_are_forgotten(hook, anne):
    opened(anne)
    assert purge() == 0
    WebhookDelivery.objects.update(created_at=timezone.now() - KEPT - dt.timedelta(hours=1))
    assert purge() == 1


def test_the_console(sign_in, admin, anne, receiver, loopback_admitted):
    browser = sign_in(admin)
    form = {"name": "GLPI", "url": receiver.url, "events": ["ticket.opened"]}
    page = browser.post(f"{PAGES}nouveau/", form).content.decode()
    [secret] = set(SECRET.findall(page))
    hook = Webhook.objects.get()
    assert unseal(hook.secret) == secret
    assert secret not in hook.secret
    place = f"{PAGES}{hook.pk}/"
    assert not SECRET.search(browser.get(place).content.decode()), "shown once"
    browser.post(f"{place}essai/")
    row = WebhookDelivery.objects.get()
    deliver(row.pk)
    assert "noted" in browser.get(f"{PAGES}envois/{row.pk}/").content.decode()
    browser.post(f"{PAGES}envois/{row.pk}/renvoi/")
    again = newest()
    assert (again.body, again.message_id != row.message_id) == (row.body, True)
    assert browser.post(f"{place}secret/").status_code == 200
    browser.post(f"{place}modification/", {**form, "name": "GLPI 2", "with_texts": "on"})
    browser.post(f"{place}etat/", {"active": "no"})
    hook.refresh_from_db()
    assert (hook.name, hook.with_texts, hook.is_active) == ("GLPI 2", True, False)
    browser.post(f"{place}suppression/")
    assert not Webhook.objects.exists()
    acts = AuditEvent.objects.filter(action__startswith="webhook.").order_by("pk").values_list("action", flat=True)
    assert list(acts) == [
        f"webhook.{act}" for act in ("create", "ping", "replay", "rotate", "update", "disable", "remove")
    ]
    told = json.dumps(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert "whsec_" not in told


def test_what_is_wrong_is_said_at_its_field(sign_in, admin):
    page = sign_in(admin).post(f"{PAGES}nouveau/", {"name": "", "url": "https://10.0.0.1/x", "events": ["ticket.lost"]})
    assert set(page.context["form"].errors) == {"name", "url", "events"}
    assert "publique" in str(page.context["form"].errors["url"])


def test_another_academies_webhooks_are_unknown(hook, anne, make_account, rivemont, sign_in):
    opened(anne)
    browser = sign_in(make_account("Olga", "Voisine", Role.ADMINISTRATOR, organisation=rivemont))
    assert "GLPI" not in browser.get(PAGES).content.decode()
    for page in ("", "modification/", "secret/", "suppression/"):
        assert browser.get(f"{PAGES}{hook.pk}/{page}").status_code == 404
    assert browser.post(f"{PAGES}envois/{WebhookDelivery.objects.get().pk}/renvoi/").status_code == 404


def test_an_agent_of_the_desk_does_not_set_them(hook, sam, sign_in):
    assert sign_in(sam).get(PAGES).status_code == 403


def test_a_page_of_deliveries_costs_the_same(hook, admin, anne, sign_in, django_assert_num_queries):
    browser = sign_in(admin)
    browser.get(f"{PAGES}{hook.pk}/")
    for _ in range(5):
        opened(anne)
    with django_assert_num_queries(7):
        browser.get(f"{PAGES}{hook.pk}/")
