"""The life of one person, told in order: what the feeds brought, what was decided, what was sent, what was erased.

Rooms above add their own moments (``register_moments``), from ``AppConfig.ready``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecritoire.common.selectors import audit_about
from ecritoire.directory.models import FeedChange, Person

from .lifecycle import State
from .models import Account, EndReminder, LegalHold, PurgeProof
from .selectors import logins_of


@dataclass(frozen=True)
class Moment:
    """``kind`` gives its colour; ``order`` sorts what happened on the same day."""

    on: dt.date
    kind: str
    title: str
    detail: str = ""
    by: str = ""
    order: int = 0


FED = {
    "people_changed": gettext_lazy("Identité corrigée par un flux"),
    "categories_changed": gettext_lazy("Changement de catégorie"),
}
Source = Callable[[Person, Account | None], Iterable[Moment]]
_sources: list[Source] = []


def register_moments(source: Source) -> None:
    _sources.append(source)


def timeline(person: Person, account: Account | None) -> list[Moment]:
    """Newest first, what is to come included."""
    moments = [moment for source in (*OWN, *_sources) for moment in source(person, account)]
    return sorted(moments, key=lambda moment: (moment.on, moment.order), reverse=True)


def _work(person: Person, account: Account | None) -> Iterator[Moment]:
    for row in person.assignments.select_related("structure"):
        where = f"{row.function}, {row.structure}"
        yield Moment(row.starts_on, "work", _("Affectation"), where)
        if row.ends_on:
            yield Moment(row.ends_on, "work", _("Dernier jour d'affectation"), where)
    for contract in person.contracts.all():
        yield Moment(
            contract.starts_on, "work", _("Contrat %(number)s") % {"number": contract.number}, _until(contract.ends_on)
        )
        if contract.ends_on:
            yield Moment(
                contract.ends_on, "work", _("Dernier jour du contrat %(number)s") % {"number": contract.number}
            )
    for leave in person.leaves.all():
        yield Moment(leave.starts_on, "leave", str(leave.get_kind_display()).capitalize(), _until(leave.ends_on))
    if person.deceased_on:
        yield Moment(person.deceased_on, "work", _("Décès"))


def _until(day: dt.date | None) -> str:
    return _("jusqu'au %(date)s") % {"date": date_format(day, "j F Y")} if day else _("sans date de fin")


def _addresses(person: Person, account: Account | None) -> Iterator[Moment]:
    for row in person.addresses.all():
        yield Moment(_day(row.created_at), "address", _("Adresse attribuée"), row.address)
        if row.kept_until and not row.retired_at:
            yield Moment(row.kept_until, "address", _("Dernier jour de l'ancienne adresse"), row.address)
        if row.retired_at:
            yield Moment(_day(row.retired_at), "address", _("Adresse retirée, jamais redonnée"), row.address)


def _steps(person: Person, account: Account | None) -> Iterator[Moment]:
    if account is None:
        return
    for step in account.transitions.all():
        because = step.get_reason_display()
        words = f" – {step.words}" if step.words else ""
        title = f"{str(step.get_event_display()).capitalize()} : {step.get_to_state_display()}"
        yield Moment(step.on, "account", title, f"{because}{words}", step.acting_login, step.pk)
    today = timezone.localdate()
    if account.state == State.ENDING and account.closes_on and account.closes_on >= today:
        yield Moment(account.closes_on, "account", _("Dernier jour du compte"))
    if account.state == State.DEACTIVATED and account.purge_on:
        yield Moment(account.purge_on, "purge", _("Purge prévue"))


def _feeds(person: Person, account: Account | None) -> Iterator[Moment]:
    """What the HR feeds changed in who the person is; their work is told by itself."""
    changes = FeedChange.objects.filter(person=person, kind__in=FED, run__written_at__isnull=False)
    for change in changes.select_related("run"):
        before, after = (_category(word) for word in (change.before, change.after))
        yield Moment(
            _day(change.run.written_at), "feed", str(FED[change.kind]), f"{before} → {after}", change.run.file_name
        )


def _category(word: str) -> str:
    return str(Person.Category(word).label) if word in Person.Category.values else word


def _reminders(person: Person, account: Account | None) -> Iterator[Moment]:
    for row in EndReminder.objects.filter(account=account) if account else ():
        about = f"{row.get_about_display()}, {date_format(row.date, 'j F Y')}"
        yield Moment(_day(row.created_at), "reminder", _("Rappel envoyé"), about)


def _holds(person: Person, account: Account | None) -> Iterator[Moment]:
    for row in LegalHold.objects.filter(account=account) if account else ():
        yield Moment(
            _day(row.created_at), "hold", _("Données gelées"), f"{row.reference} {row.reason}", row.acting_login
        )
        if row.lifted_at:
            yield Moment(_day(row.lifted_at), "hold", _("Gel levé"), row.reference, row.lifted_by)


def _purges(person: Person, account: Account | None) -> Iterator[Moment]:
    for row in PurgeProof.objects.filter(account=account, finished_at__isnull=False) if account else ():
        words = _("%(messages)s messages effacés ; empreinte %(digest)s…") % {
            "messages": row.counts.get("messages", 0),
            "digest": row.digest[:16],
        }
        yield Moment(_day(row.finished_at), "purge", _("Preuve de purge"), words, order=1)
        if row.backups_until:
            yield Moment(row.backups_until, "purge", _("Dernier jour des sauvegardes qui la contiennent"))


def _journal(person: Person, account: Account | None) -> Iterator[Moment]:
    """What only the journal knows: changes of name, and exports, whoever made them."""
    told = Q(action__startswith="export.") | Q(action="account.rename")
    for event in audit_about(logins=logins_of(account) if account else []).filter(told):
        if event.action == "account.rename":
            yield Moment(_day(event.at), "name", _("Changement de nom"), f"{event.detail['former']} → {event.target}")
        else:
            yield Moment(_day(event.at), "export", _("Export de la boîte"), "", event.actor, event.pk)


def _day(at: dt.datetime | None) -> dt.date:
    return timezone.localdate(at)


OWN: tuple[Source, ...] = (_work, _feeds, _addresses, _steps, _reminders, _holds, _purges, _journal)
