"""The automatic answer of somebody whose right ends, set beside their own rules in the store and taken away again.

Cyrus runs one script. Ours answers and then includes the person's, which stays as it is and comes back alone when the answer goes.
Somebody whose rules answer already keeps that answer: two would be one too many.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import AbsenceMessage, Account
from ecritoire.accounts.selectors import sender_addresses
from ecritoire.common.services import audit_record
from ecritoire.mailstore.jmap import SIEVE, JmapClient
from ecritoire.mailstore.services import store_open
from ecritoire.mailstore.services_rules import SCRIPT, Rule, rules_list
from ecritoire.mailstore.sieve_words import deeds, included

from .words import absence_sieve, absence_text, closing_day, wrapper_sieve

ABSENCE, WRAPPER = "ecritoire-absence", "ecritoire"
MANAGED = {ABSENCE, WRAPPER}
PROPOSED_DAYS = 30


def absence_wanted(account: Account, *, today: dt.date) -> bool:
    """Always once the account is ending; in the month before, if the person asked for it."""
    if account.state == State.ENDING:
        return True
    until, row = account.person.right_until, getattr(account, "absence", None)
    near = until is not None and today <= until <= today + dt.timedelta(days=PROPOSED_DAYS)
    return account.state == State.ACTIVATED and near and row is not None and bool(row.is_wanted)


def absence_write(*, account: Account, words: str, contact: str, wanted: bool) -> None:
    """The person's words; the store follows by a job."""
    from .tasks import absence_follow_job

    with transaction.atomic():
        values = {"words": words, "contact": contact, "is_wanted": wanted}
        AbsenceMessage.objects.update_or_create(account=account, defaults=values)
        audit_record(acting_user=account, action="absence.write", target=account.login, wanted=wanted)
        absence_follow_job.defer(account_id=account.pk)


def absence_follow(*, account: Account) -> bool:
    """Bring the store to what is wanted today; whether our answer is on. May run again. Raises StoreUnavailable."""
    row = getattr(account, "absence", None)
    wanted = absence_wanted(account, today=timezone.localdate())
    if not wanted and (row is None or not row.is_set):
        return False
    is_set = _set(account, row) if wanted else _unset(account)
    AbsenceMessage.objects.update_or_create(account=account, defaults={"is_set": is_set})
    if not wanted and account.state == State.ACTIVATED and closing_day(account) is None:
        AbsenceMessage.objects.filter(account=account).update(is_wanted=None)
    return is_set


def own_rule(rules: list[Rule]) -> Rule | None:
    """The person's script in force: the active one, or the one ours includes."""
    active = next((rule for rule in rules if rule.is_active), None)
    if active is None or active.name not in MANAGED:
        return active
    names = included(active.text) - {ABSENCE}
    return next((rule for rule in rules if rule.stored_name in names), None)


def answers_already(rule: Rule | None) -> bool:
    return rule is not None and any(deed.name == "vacation" for deed in deeds(rule.text))


def _set(account: Account, row: AbsenceMessage | None) -> bool:
    rules = rules_list(account=account)
    own = own_rule(rules)
    if answers_already(own):
        _back_to(account, rules, own)
        return False
    text = absence_text(account, words=row.words if row else "", contact=row.contact if row else "")
    with override("fr"):
        subject = _("Réponse automatique : fin de validité de %(address)s") % {"address": account.login}
    addresses = sender_addresses(account=account)
    sieve = absence_sieve(text=text, subject=subject, sender=account.login, addresses=addresses)
    with store_open(account=account) as client:
        absence = _put(client, rules, ABSENCE, sieve)
        if own is None:
            _activate(client, absence)
        else:
            _activate(client, _put(client, rules, WRAPPER, wrapper_sieve(absence=ABSENCE, own=own.stored_name)))
    return True


def _unset(account: Account) -> bool:
    rules = rules_list(account=account)
    _back_to(account, rules, own_rule(rules))
    return False


def _back_to(account: Account, rules: list[Rule], own: Rule | None) -> None:
    """The person's rules alone, and ours gone."""
    ours = [rule for rule in rules if rule.name in MANAGED]
    with store_open(account=account) as client:
        if any(rule.is_active for rule in ours):
            _activate(client, own.pk if own else None)
        if ours:
            client.set("SieveScript", using=[SIEVE], destroy=[rule.pk for rule in ours])


def _put(client: JmapClient, rules: list[Rule], name: str, text: str) -> str:
    known = next((rule for rule in rules if rule.name == name), None)
    if known is not None and known.text == text:
        return known.pk
    blob = client.upload(text.encode(), SCRIPT)["blobId"]
    if known is not None:
        client.set("SieveScript", using=[SIEVE], update={known.pk: {"blobId": blob}})
        return known.pk
    answer = client.set("SieveScript", using=[SIEVE], create={"new": {"name": name, "blobId": blob}})
    return str(answer["created"]["new"]["id"])


def _activate(client: JmapClient, pk: str | None) -> None:
    client.set("SieveScript", using=[SIEVE], onSuccessActivateScript=pk)
