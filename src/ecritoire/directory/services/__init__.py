"""Writes of the directory, as the rooms above may call them."""

from .addresses import addresses_allocate
from .contributors import contributor_disengage, contributor_engage
from .feeds import feed_apply, structures_apply
from .people import organisation_ensure, service_person_ensure
from .rights import rights_recompute, rights_roll

__all__ = [
    "addresses_allocate",
    "contributor_disengage",
    "contributor_engage",
    "feed_apply",
    "organisation_ensure",
    "rights_recompute",
    "rights_roll",
    "service_person_ensure",
    "structures_apply",
]
