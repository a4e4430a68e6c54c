"""Writes of the directory, as the rooms above may call them."""

from .addresses import addresses_allocate
from .feeds import feed_apply, structures_apply
from .people import organisation_ensure, service_person_ensure

__all__ = ["addresses_allocate", "feed_apply", "organisation_ensure", "service_person_ensure", "structures_apply"]
