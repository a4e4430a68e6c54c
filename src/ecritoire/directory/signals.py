"""What the rooms above are told, inside the transaction of the change."""

from django.dispatch import Signal

people_assigned = Signal()
"""Sent with ``people: list[Person]`` (a feed: at most 2,000 at a time) newly assigned, their addresses allocated, and
``acting_user``."""

rights_changed = Signal()
"""Sent with ``person_ids: list[int]`` (at most 5,000) whose ``right_from`` or ``right_until`` changed."""

primary_address_changed = Signal()
"""Sent with ``person: Person``, ``old: EmailAddress`` and ``new: EmailAddress`` when a name changed: the old one stays an alias."""

assignments_changed = Signal()
"""Sent with ``person_ids: list[int]`` (at most 5,000) who gained, lost or saw changed an assignment; their rights are up to date."""
