"""Writes of the directory, as the rooms above may call them."""

from .academies import academy_save
from .addresses import addresses_allocate
from .contributors import contributor_disengage, contributor_engage
from .differences import differences_purge
from .doubts import DoubtDecided, doubt_decide
from .feeds import feed_apply, structures_apply
from .functional import (
    FunctionalRefused,
    functional_change,
    functional_close,
    functional_create,
    functional_ensure,
    functional_guest_add,
    functional_guest_remove,
    functional_reopen,
    functional_roll,
    functional_rule_add,
    functional_rule_remove,
    functional_structures_end,
)
from .functional_members import functional_members_follow, functional_opened
from .moving import MoveRefused, records_move
from .people import organisation_ensure, service_person_ensure
from .records import RunRefused, SourceBusy, records_apply, run_abandon, run_apply, runs_recover
from .rights import rights_recompute, rights_roll
from .sources import default_source_ensure

__all__ = [
    "DoubtDecided",
    "FunctionalRefused",
    "MoveRefused",
    "RunRefused",
    "SourceBusy",
    "academy_save",
    "addresses_allocate",
    "contributor_disengage",
    "contributor_engage",
    "default_source_ensure",
    "differences_purge",
    "doubt_decide",
    "feed_apply",
    "functional_change",
    "functional_close",
    "functional_create",
    "functional_ensure",
    "functional_guest_add",
    "functional_guest_remove",
    "functional_members_follow",
    "functional_opened",
    "functional_reopen",
    "functional_roll",
    "functional_rule_add",
    "functional_rule_remove",
    "functional_structures_end",
    "organisation_ensure",
    "records_apply",
    "records_move",
    "rights_recompute",
    "rights_roll",
    "run_abandon",
    "run_apply",
    "runs_recover",
    "service_person_ensure",
    "structures_apply",
]
