"""What the rooms above are told, inside the transaction of the change."""

from django.dispatch import Signal

people_assigned = Signal()
"""Sent once per feed with ``people: list[Person]`` newly assigned, their addresses allocated, and ``acting_user``."""

rights_changed = Signal()
"""Sent with ``person_ids: list[int]`` (at most 5,000) whose ``right_from`` or ``right_until`` changed."""

primary_address_changed = Signal()
"""Sent with ``person: Person``, ``old: EmailAddress`` and ``new: EmailAddress`` when a name changed: the old one stays an alias."""

organisation_opened = Signal()
"""Sent with ``organisation`` when the installation serves one more académie."""
