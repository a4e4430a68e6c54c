"""Reminders around the end of a right: each goes out once, on its day or as soon as the service is back.

A day that was missed is caught up with the nearest reminder alone; a right renewed meanwhile silences those that wait.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account, EndReminder
from ecritoire.accounts.models.lifecycle import MOST_BEFORE_END
from ecritoire.accounts.selectors.lifecycle import Policy, policies_of
from ecritoire.accounts.witnesses import witnesses_of

About = EndReminder.About
PAGE = "/fin-de-contrat/"


def reminders_due_send(*, today: dt.date) -> int:
    """Send what is due; returns how many reminders. Reads the accounts near their end, a thousand at a time."""
    by_organisation: dict[int, dict[str, Policy]] = {}
    until = today + dt.timedelta(days=MOST_BEFORE_END)
    near = Q(state=State.ACTIVATED, person__right_until__range=(today, until)) | Q(state=State.ENDING)
    accounts = Account.objects.filter(near).select_related("person").prefetch_related("end_reminders")
    sent = 0
    for account in accounts.iterator(chunk_size=1000):
        organisation = account.person.organisation_id
        if organisation not in by_organisation:
            by_organisation[organisation] = policies_of(organisation)
        policy = by_organisation[organisation].get(account.person.category, Policy())
        due = _due(account, policy, today)
        sent += due is not None and _remind(account, *due)
    return sent


def _due(account: Account, policy: Policy, today: dt.date) -> tuple[EndReminder.About, dt.date, int] | None:
    """The one reminder that comes next, unless it went out."""
    known = list(account.end_reminders.all())
    if account.state == State.ACTIVATED and account.person.right_until:
        return _nearest(About.END, account.person.right_until, policy.before_end, today, known)
    if account.closes_on is None:
        return None
    ended = account.denied_on or account.person.right_until or today
    if not any(row.about == About.ENDED and row.date == ended for row in known):
        return About.ENDED, ended, 0
    if any(row.about == About.ENDED and timezone.localdate(row.created_at) == today for row in known):
        return None
    return _nearest(About.CLOSING, account.closes_on, policy.before_closing, today, known)


def _nearest(
    about: EndReminder.About, date: dt.date, calendar: Iterable[int], today: dt.date, known: list[EndReminder]
) -> tuple[EndReminder.About, dt.date, int] | None:
    left = (date - today).days
    days = min((number for number in calendar if 0 <= left <= number), default=None)
    if days is None or any((row.about, row.date, row.days) == (about, date, days) for row in known):
        return None
    return about, date, days


def _remind(account: Account, about: EndReminder.About, date: dt.date, days: int) -> bool:
    from ecritoire.accounts.tasks.lifecycle import send_end_reminder, send_end_witness

    with transaction.atomic():
        row, made = EndReminder.objects.get_or_create(account=account, about=about, date=date, days=days)
        if made:
            addresses = reminder_addresses(account)
            for address in addresses:
                send_end_reminder.defer(reminder_id=row.pk, address=address)
            witnesses = witnesses_of(account.person) if about == About.END else []
            for address in witnesses:
                send_end_witness.defer(reminder_id=row.pk, address=address)
            EndReminder.objects.filter(pk=row.pk).update(recipients=F("recipients") + len(addresses) + len(witnesses))
    return made


def reminder_addresses(account: Account) -> list[str]:
    """The mailbox, and where else the person reads: the alternate address, or the private one HR knows."""
    return [account.login, *filter(None, [account.verified_address or account.person.private_email])]


def still_holds(row: EndReminder) -> bool:
    account = row.account
    if row.about == About.END:
        return account.state == State.ACTIVATED and account.person.right_until == row.date
    return account.state == State.ENDING and (row.about == About.ENDED or account.closes_on == row.date)


def reminder_subject(row: EndReminder) -> str:
    if row.about == About.END:
        text = _("Votre contrat ou affectation se termine le %(date)s")
        return text % {"date": date_format(row.date, "j F Y")}
    last = row.account.closes_on or row.date
    return _("Votre messagerie ferme le %(date)s") % {"date": date_format(last, "j F Y")}


def reminder_context(row: EndReminder) -> dict[str, object]:
    """What the message says: dates, and where to go."""
    account = row.account
    delay = policies_of(account.person.organisation_id).get(account.person.category, Policy()).delay_days
    ends_on = row.date if row.about == About.END else account.person.right_until
    closes_on = account.closes_on or row.date + dt.timedelta(days=delay)
    return {
        "account": account,
        "is_before": row.about == About.END,
        "ends_on": ends_on,
        "closes_on": closes_on,
        "days": (closes_on - timezone.localdate()).days,
        "page": f"{account.person.organisation.base_url}{PAGE}",
    }
