"""Writes of the directory, as the rooms above may call them."""

from .academies import academy_save
from .addresses import addresses_allocate
from .feeds import feed_apply, structures_apply
from .people import organisation_ensure, service_person_ensure
from .rights import rights_recompute, rights_roll

__all__ = [
    "academy_save",
    "addresses_allocate",
    "feed_apply",
    "organisation_ensure",
    "rights_recompute",
    "rights_roll",
    "service_person_ensure",
    "structures_apply",
]
