"""What feeds changed is forgotten in time; that they ran is not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from ecritoire.directory.models import FeedChange, FeedRun
from ecritoire.directory.services import differences_purge, organisation_ensure

pytestmark = pytest.mark.django_db


def run(state, days):
    made = FeedRun.objects.create(file_name=f"{state}-{days}", state=state, acting_login="system")
    FeedRun.objects.filter(pk=made.pk).update(created_at=timezone.now() - dt.timedelta(days=days))
    FeedChange.objects.create(run=made, kind="created", label="Zoé Dupont")
    return made


def test_it_works():
    organisation_ensure()
    kept = [run("applied", 1000), run("refused", 20), run("waiting", 200)]
    gone = [run("applied", 1100), run("refused", 40), run("abandoned", 31)]
    assert differences_purge() == len(gone)
    assert set(FeedChange.objects.values_list("run", flat=True)) == {row.pk for row in kept}
    assert FeedRun.objects.count() == len(kept) + len(gone)
