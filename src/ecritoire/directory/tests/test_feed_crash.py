"""A process killed in the middle of a run leaves the old state; what was staged is gone on with, without the file."""

import os
import signal
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Assignment, FeedRun, FeedSource, Person, SourceRecord, StagedEntry
from ecritoire.directory.services import organisation_ensure, records_apply, runs_recover
from ecritoire.directory.services.engine import following, writing
from ecritoire.directory.tests.test_feed_sources import SCHOOLS, crowd

COUNT = 40


@pytest.fixture
def rh(transactional_db):
    yield FeedSource.objects.create(organisation=organisation_ensure(), name="RH", slug="rh", kind="csv")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_emailaddress, directory_organisation CASCADE")


def apply(source, entries):
    records_apply(source=source, entries=entries, mode="delta", file_name="essai", dry_run=False, acting_user=None)


def _wait_for_the_end(pipe: int) -> None:
    os.write(pipe, b".")
    signal.pause()


def killed(work: Callable[[Callable[[], None]], None]) -> None:
    """Run ``work`` in another process, which is killed where it calls what it is given."""
    reading, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        connection.connection = None  # the parent's: closing it would close theirs
        try:
            work(partial(_wait_for_the_end, writing_end))
        finally:
            os.write(writing_end, b"x")
            os._exit(1)
    os.close(writing_end)
    met = os.read(reading, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    assert met == b".", "the process ended before the place where it was to be killed"


def stop_after_writing(stop):
    write = writing.write

    def write_and_stop(working):
        write(working)
        stop()

    writing.write = write_and_stop


def recovered():
    """The database notices a moment later that the process is gone."""
    while not (reports := runs_recover()):
        pass
    return reports


def test_it_works(rh):
    """Killed once everything is written, before the transaction's end."""

    def work(stop):
        stop_after_writing(stop)
        apply(rh, [*SCHOOLS, *crowd(COUNT)])

    killed(work)
    run = FeedRun.objects.get()
    assert (run.state, run.written_at) == ("applying", None)
    assert not Person.objects.exists()
    (report,) = recovered()
    assert report.people == {"created": COUNT}
    assert_all_is_there()


def test_killed_between_people_and_their_accounts(rh):
    def work(stop):
        following.SLICE = 15
        tell = following._tell

        def tell_twice(*values):
            tell(*values)
            if Account.objects.count() >= 30:
                stop()

        following._tell = tell_twice
        apply(rh, [*SCHOOLS, *crowd(COUNT)])

    killed(work)
    assert Person.objects.count() == COUNT
    assert Account.objects.count() == 15
    recovered()
    assert_all_is_there()


def test_killed_while_reading(rh):
    def work(stop):
        def entries():
            yield from SCHOOLS
            yield from crowd(10)
            stop()

        apply(rh, entries())

    killed(work)
    assert not FeedRun.objects.exists()
    assert not StagedEntry.objects.exists()
    assert runs_recover() == []
    while Person.objects.count() < COUNT:
        apply_when_free(rh)
    assert_all_is_there()


def test_a_newer_file_goes_on_with_what_was_written_and_replaces_what_was_not(rh):
    def work(stop):
        stop_after_writing(stop)
        apply(rh, [*SCHOOLS, *crowd(COUNT - 5)])

    killed(work)
    while Person.objects.count() < COUNT:
        apply_when_free(rh)
    assert list(FeedRun.objects.order_by("pk").values_list("state", flat=True)) == ["abandoned", "applied"]
    assert_all_is_there()


def apply_when_free(source):
    from ecritoire.directory.services import SourceBusy

    try:
        apply(source, [*SCHOOLS, *crowd(COUNT)])
    except SourceBusy:
        return


def assert_all_is_there():
    assert Person.objects.count() == Account.objects.count() == Assignment.objects.count() == COUNT
    assert SourceRecord.objects.count() == COUNT
    assert not StagedEntry.objects.exists()
    assert not FeedRun.objects.filter(state__in=["applying", "interrupted"]).exists()
    assert Person.objects.filter(right_from=None).count() == 0
