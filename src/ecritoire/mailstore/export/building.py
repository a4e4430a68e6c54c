"""Making an archive, part by part: a folder, the contacts, the calendars, the filters. A part that is whole is never written
again, so that a crash costs one folder."""

from __future__ import annotations

import errno
import imaplib
import logging
import time
from collections.abc import Callable

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ecritoire.mailstore.jmap import StoreUnavailable
from ecritoire.mailstore.models import Export
from ecritoire.mailstore.models.export import Part

from .names import Names
from .reader import MailReader, StoredFolder, archive_path, folders_list
from .workshop import Progress, Workshop
from .writing import MAIL, collections_write, folder_as_eml, folder_as_mbox, readme_write, rules_write
from .zip64 import ZipWriter

BEAT_SECONDS = 1.0
NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
logger = logging.getLogger(__name__)


class ExportStopped(Exception):
    """Cancelled meanwhile, by its owner or because their accesses were revoked."""


class NoSpaceLeft(Exception):
    """The disk is full."""


class Builder:
    """One archive in the making."""

    def __init__(self, export: Export, workshop: Workshop) -> None:
        self._export, self._workshop = export, workshop
        self._progress: Progress = workshop.progress()
        self._beat = 0.0
        self._written = self._progress.messages

    def run(self) -> int:
        """Make what is left to make; returns the archive's size. Raises StoreUnavailable, ExportStopped, NoSpaceLeft."""
        try:
            with translation.override("fr"):
                return self._run()
        except OSError as error:
            if error.errno in NO_SPACE:
                raise NoSpaceLeft from error
            raise StoreUnavailable("unavailable", str(error)) from error
        except imaplib.IMAP4.error as error:
            raise StoreUnavailable("unavailable", str(error)) from error

    def _run(self) -> int:
        if self._workshop.archive.exists():  # the crash came just after the end
            return self._workshop.archive.stat().st_size
        export, writer = self._export, self._workshop.writer(self._progress)
        try:
            if Part.MAIL in export.parts:
                self._mail(writer)
            self._part(writer, Part.CONTACTS, lambda: collections_write(writer, export.account, "addressbooks"))
            self._part(writer, Part.CALENDARS, lambda: collections_write(writer, export.account, "calendars"))
            self._part(writer, Part.RULES, lambda: rules_write(writer, export.account))
            readme_write(writer, self._readme(), timezone.localtime())
            writer.finish()
        finally:
            writer.close()
        return self._workshop.complete()

    def _part(self, writer: ZipWriter, part: Part, write: Callable[[], int]) -> None:
        if part not in self._export.parts or part in self._progress.parts:
            return
        self._say(str(part.label))
        self._keep(writer, str(part), write())

    def _mail(self, writer: ZipWriter) -> None:
        folders = self._chosen()
        with MailReader(account=self._export.account) as reader:
            names = Names()
            for folder in folders:
                base = names.take(MAIL, archive_path(folder))
                if self._name(folder) not in self._progress.parts:
                    self._folder(writer, reader, folder, base)

    def _chosen(self) -> list[StoredFolder]:
        """The folders asked for, and how many messages that is at most."""
        wanted = set(self._export.folders)
        folders = [folder for folder in folders_list(account=self._export.account) if not wanted or folder.pk in wanted]
        self._update(total=sum(folder.messages for folder in folders))
        return folders

    def _folder(self, writer: ZipWriter, reader: MailReader, folder: StoredFolder, base: str) -> None:
        self._say(folder.label)
        uids = reader.search(folder, self._export.since, self._export.until)
        write = folder_as_mbox if self._export.mail_format == Export.Format.MBOX else folder_as_eml
        index = self._workshop.folder / "index.part"
        written = write(reader, writer, base, uids, index=index, tick=self._tick)
        self._progress.messages += written
        self._written += folder.messages - len(uids)  # those outside the period are dealt with too
        self._keep(writer, self._name(folder), written)

    @staticmethod
    def _name(folder: StoredFolder) -> str:
        return f"mail:{folder.pk}"

    def _keep(self, writer: ZipWriter, part: str, count: int) -> None:
        self._progress.parts.append(part)
        kind = part.partition(":")[0]
        self._progress.told[kind] = self._progress.told.get(kind, 0) + count
        self._workshop.keep(self._progress, writer)

    def _tick(self, count: int) -> None:
        self._written += count
        if time.monotonic() - self._beat > BEAT_SECONDS:
            self._update(done=self._written)

    def _say(self, step: str) -> None:
        self._update(step=step[:300], done=self._written)

    def _update(self, **fields: object) -> None:
        """A sign of life; the answer says whether anybody still wants the archive."""
        self._beat = time.monotonic()
        rows = Export.objects.filter(pk=self._export.pk, state=Export.State.RUNNING)
        if not rows.update(beat_at=timezone.now(), **fields):
            raise ExportStopped

    def _readme(self) -> str:
        export, told = self._export, self._progress.told
        formats = {
            Export.Format.MBOX: _("un fichier .mbox par dossier"),
            Export.Format.EML: _("un fichier .eml par message"),
        }
        context = {"export": export, "told": told, "account": export.account, "made_at": timezone.localtime()}
        context["format"] = formats[Export.Format(export.mail_format)]
        return render_to_string("mailstore/export/readme.txt", context)
