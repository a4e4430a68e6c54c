"""Writes of the directory, as the rooms above may call them."""

from .addresses import addresses_allocate
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
from .people import organisation_ensure, service_person_ensure
from .rights import rights_recompute, rights_roll

__all__ = [
    "FunctionalRefused",
    "addresses_allocate",
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
    "rights_recompute",
    "rights_roll",
    "service_person_ensure",
    "structures_apply",
]
