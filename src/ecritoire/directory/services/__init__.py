"""Writes of the directory, as the rooms above may call them."""

from .addresses import addresses_allocate
from .doubts import DoubtDecided, doubt_decide
from .feeds import feed_apply, structures_apply
from .people import organisation_ensure, service_person_ensure
from .records import RunRefused, SourceBusy, records_apply, run_abandon, run_apply, runs_recover
from .rights import rights_recompute, rights_roll
from .sources import default_source_ensure

__all__ = [
    "DoubtDecided",
    "RunRefused",
    "SourceBusy",
    "addresses_allocate",
    "default_source_ensure",
    "doubt_decide",
    "feed_apply",
    "organisation_ensure",
    "records_apply",
    "rights_recompute",
    "rights_roll",
    "run_abandon",
    "run_apply",
    "runs_recover",
    "service_person_ensure",
    "structures_apply",
]
