"""Who takes away what: asking for an archive, making it, handing it over, forgetting it."""

from __future__ import annotations

import datetime as dt
import hashlib
import imaplib
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record
from ecritoire.mailstore.jmap import StoreUnavailable
from ecritoire.mailstore.models import Export
from ecritoire.mailstore.models.export import Part, every_part

from .building import Builder, ExportStopped, NoSpaceLeft
from .reader import MailReader, folders_list
from .selectors import silent_exports, under_way, waiting_exports
from .workshop import Workshop, free_bytes, strays, turn

if TYPE_CHECKING:
    from django.db.models import QuerySet

State, Fault, Purpose = Export.State, Export.Fault, Export.Purpose
TOLD = (Purpose.OWN, Purpose.RIGHT)  # of a death or a judge's order, the mailbox is told nothing
MEGABYTE = 1024 * 1024
SMALL_PARTS = 4 * MEGABYTE  # contacts, calendars and filters, generously
SILENT = dt.timedelta(minutes=1)
PAUSE = dt.timedelta(minutes=1)
GIVEN_UP = dt.timedelta(hours=24)
LINK_FAILURES = 5
PHRASE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
logger = logging.getLogger(__name__)


class AlreadyUnderWay(Exception):
    """One archive at a time for each person."""


class NoRoom(Exception):
    """The server has no room for it now. ``needed`` and ``left`` are in bytes."""

    def __init__(self, needed: int, left: int) -> None:
        super().__init__(f"{needed} bytes asked for, {left} left")
        self.needed, self.left = needed, left


@dataclass(frozen=True)
class Choice:
    """What is asked for; no folder means all of them."""

    parts: Sequence[str] = field(default_factory=every_part)
    mail_format: str = Export.Format.MBOX
    folders: Sequence[str] = ()
    since: dt.date | None = None
    until: dt.date | None = None


def export_ask(
    *, account: Account, choice: Choice, acting_user: Account, purpose: str = Purpose.OWN, reason: str = ""
) -> Export:
    """Start an archive of what ``account`` owns. Its former archives of the same kind go: one at a time holds disk too.

    Raises AlreadyUnderWay, NoRoom, StoreUnavailable.
    """
    estimate = size_estimate(account=account, choice=choice)
    with transaction.atomic():
        Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        if account.exports.filter(state__in=Export.UNDER_WAY).exists():
            raise AlreadyUnderWay
        _forget(account.exports.filter(state=State.READY, purpose=purpose), State.EXPIRED)
        room_check(needed=estimate)
        export = Export.objects.create(
            account=account,
            requested_by=None if acting_user.pk == account.pk else acting_user,
            purpose=purpose,
            reason=reason,
            parts=list(choice.parts),
            mail_format=choice.mail_format,
            folders=list(choice.folders),
            since=choice.since,
            until=choice.until,
            size=estimate,
        )
        detail = {"parts": export.parts, "format": export.mail_format, "purpose": purpose, "reason": reason}
        audit_record(acting_user=acting_user, action="export.ask", target=account.login, **detail)
        _defer(export, told=purpose in TOLD)
    return export


def _defer(export: Export, *, told: bool) -> None:
    from .tasks import exports_make_job, send_asked

    exports_make_job.defer()
    if told:
        send_asked.defer(export_id=export.pk)


def size_estimate(*, account: Account, choice: Choice) -> int:
    """An upper bound of the archive's size: the mail of the folders chosen, whatever the period. Raises StoreUnavailable."""
    if Part.MAIL not in choice.parts:
        return SMALL_PARTS
    wanted = set(choice.folders)
    try:
        with MailReader(account=account) as reader:
            folders = folders_list(account=account)
            return SMALL_PARTS + sum(reader.size(row) for row in folders if not wanted or row.pk in wanted)
    except (OSError, imaplib.IMAP4.error) as error:
        raise StoreUnavailable("unavailable", str(error)) from error


def room_check(*, needed: int) -> None:
    """Raises NoRoom when the archives' share of the disk, or the disk itself, cannot take ``needed`` bytes more."""
    limits = settings.CONFIG.exports
    live = Export.objects.filter(state__in=Export.LIVE)
    held = live.aggregate(total=Sum("size"))["total"] or 0
    promised = live.filter(state__in=Export.UNDER_WAY).aggregate(total=Sum("size"))["total"] or 0
    in_share = limits.budget_megabytes * MEGABYTE - held
    on_disk = free_bytes() - limits.spare_megabytes * MEGABYTE - promised
    if needed > min(in_share, on_disk):
        raise NoRoom(needed, max(0, min(in_share, on_disk)))


def exports_make() -> None:
    """Make the archives that wait, the oldest first, one at a time on this machine: codes and alerts keep the other workers.

    Whoever finds somebody at it leaves: that one looks again after each archive, once the turn is free.
    """
    while export := waiting_exports(now=timezone.now()).first():
        with turn() as ours:
            if not ours:
                return
            _try(export)


def _try(export: Export) -> None:
    from .tasks import exports_make_job

    try:
        export_run(export_id=export.pk)
    except StoreUnavailable as error:
        logger.warning("export %s waits: %s", export.pk, error)
        rows = Export.objects.filter(pk=export.pk, state__in=Export.UNDER_WAY)
        rows.update(state=State.WAITING, not_before=timezone.now() + PAUSE)
        exports_make_job.configure(schedule_in={"seconds": PAUSE.seconds}).defer()


def export_run(*, export_id: int) -> None:
    """Make an archive, or go on with it. Harmless twice, at once or in turn. Raises StoreUnavailable: worth another try."""
    export = Export.objects.select_related("account__person").get(pk=export_id)
    workshop = Workshop(export.key)
    with workshop.open_alone() as alone:
        rows = Export.objects.filter(pk=export.pk, state__in=Export.UNDER_WAY)
        if alone and rows.update(state=State.RUNNING, beat_at=timezone.now(), not_before=None):
            _make(export, workshop)


def _make(export: Export, workshop: Workshop) -> None:
    try:
        size = Builder(export, workshop).run()
    except ExportStopped:
        workshop.clear()
    except NoSpaceLeft:
        export_fail(export=export, fault=Fault.SPACE)
    else:
        _finish(export, workshop, size)


def _finish(export: Export, workshop: Workshop, size: int) -> None:
    from .tasks import send_ready

    now = timezone.now()
    with transaction.atomic():
        rows = Export.objects.filter(pk=export.pk, state=State.RUNNING)
        fields = {"size": size, "ready_at": now, "expires_at": export.kept_until(), "step": "", "done": F("total")}
        if rows.update(state=State.READY, **fields):
            audit_record(acting_user=None, action="export.ready", target=export.account.login, bytes=size)
            send_ready.defer(export_id=export.pk)
            return
    workshop.clear()  # cancelled during its last moments


def export_fail(*, export: Export, fault: Export.Fault) -> None:
    with transaction.atomic():
        rows = Export.objects.filter(pk=export.pk, state__in=Export.UNDER_WAY)
        if rows.update(state=State.FAILED, fault=fault, size=0):
            audit_record(acting_user=None, action="export.fail", target=export.account.login, fault=fault)
    Workshop(export.key).clear()


def export_cancel(*, export: Export, acting_user: Account) -> None:
    """Stop an archive in the making, or delete one that is ready."""
    with transaction.atomic():
        if _forget(Export.objects.filter(pk=export.pk), State.CANCELLED):
            audit_record(acting_user=acting_user, action="export.delete", target=export.account.login)


def exports_withdraw(*, account: Account) -> int:
    """Somebody's accesses are revoked: an archive they asked for may be a thief's. Returns how many went."""
    gone = _forget(account.exports.filter(purpose=Purpose.OWN), State.CANCELLED)
    if gone:
        audit_record(acting_user=None, action="export.withdraw", target=account.login, exports=gone)
    return gone


def _forget(exports: QuerySet[Export], state: Export.State) -> int:
    """Files go once the change holds: nobody is given a file of an archive that is gone, nor loses one that is not."""
    found = list(exports.filter(state__in=Export.LIVE).select_for_update(of=("self",)))
    for export in found:
        Export.objects.filter(pk=export.pk).update(state=state, size=0, step="", link_hash="", phrase="")
        if export.state == State.READY:  # whoever still writes one clears up behind themselves
            transaction.on_commit(Workshop(export.key).clear)
    return len(found)


def exports_tend(*, now: dt.datetime | None = None) -> int:
    """Expire what is past its days, take up again what fell silent, clear up what nobody knows; returns how many expired."""
    from .tasks import exports_make_job

    now = now or timezone.now()
    with transaction.atomic():
        gone = _forget(Export.objects.filter(expires_at__lte=now), State.EXPIRED)
    for export in under_way(before=now - GIVEN_UP):
        export_fail(export=export, fault=Fault.STORE)
    for export in silent_exports(since=now - SILENT):
        with Workshop(export.key).open_alone() as alone:
            if alone:  # whoever made it is dead
                Export.objects.filter(pk=export.pk, state=State.RUNNING).update(state=State.WAITING)
    if waiting_exports(now=now).exists():
        exports_make_job.defer()
    clear_strays(Export.objects.filter(state__in=Export.LIVE).values_list("key", flat=True))
    return gone


def clear_strays(live: Iterable[object]) -> None:
    known = {str(key) for key in live}
    for folder in strays(known):
        workshop = Workshop.__new__(Workshop)
        workshop.folder = folder
        with workshop.open_alone() as alone:
            if alone:
                workshop.clear()


def download_note(*, export: Export, acting_user: Account | None, resumed: bool) -> None:
    """Each download is counted and audited; its continuations after a cut are not."""
    if resumed:
        return
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1, last_download_at=timezone.now())
        action = "export.download" if acting_user else "export.handover"
        audit_record(acting_user=acting_user, action=action, target=export.account.login)


@dataclass(frozen=True)
class Handover:
    """What opens an archive to somebody without an account, shown once: two secrets for two channels."""

    token: str
    phrase: str


def handover_make(*, export: Export, acting_user: Account) -> Handover:
    """A new link and phrase; those given before open nothing any more."""
    letters = "".join(secrets.choice(PHRASE_LETTERS) for _ in range(16))
    made = Handover(token=secrets.token_urlsafe(24), phrase="-".join(letters[at : at + 4] for at in range(0, 16, 4)))
    with transaction.atomic():
        fields = {"link_hash": _hash(made.token), "phrase": make_password(made.phrase), "link_failures": 0}
        Export.objects.filter(pk=export.pk, state=State.READY).update(**fields)
        detail = {"purpose": export.purpose, "reason": export.reason}
        audit_record(acting_user=acting_user, action="export.link", target=export.account.login, **detail)
    return made


def handover_find(token: str) -> Export | None:
    """The archive a link leads to, as long as it may be opened."""
    rows = Export.objects.filter(link_hash=_hash(token), link_failures__lt=LINK_FAILURES)
    export = rows.select_related("account__person").first()
    return export if export and export.is_ready else None


def handover_open(*, export: Export, phrase: str) -> bool:
    """Whether ``phrase`` is the right one; five wrong ones close the link."""
    counted = Export.objects.filter(pk=export.pk, link_failures__lt=LINK_FAILURES)
    if not counted.update(link_failures=F("link_failures") + 1):
        return False
    if not check_password(phrase.strip().lower(), export.phrase):
        return False
    Export.objects.filter(pk=export.pk).update(link_failures=0)
    return True


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
