"""A generated year, replayed day by day, ends in exactly the state the rules lead to."""

import pytest

from tests.year.replay import Replay

pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.timeout(600)]
STAFF = 300


@pytest.fixture
def short_aliases(settings):
    lifecycle = settings.CONFIG.lifecycle.model_copy(update={"alias_days": 100})
    settings.CONFIG = settings.CONFIG.model_copy(update={"lifecycle": lifecycle})


def test_it_works(tmp_path, short_aliases):
    replay = Replay(staff=STAFF, seed=1, folder=tmp_path)
    last = replay.story.first
    for day in replay.days():
        last = day.date
        if day.date.day == 1:
            assert replay.differences(day.date) == []
    assert replay.differences(last) == []
