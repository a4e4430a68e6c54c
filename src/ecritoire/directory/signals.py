"""What the rooms above are told, inside the transaction of the change."""

from django.dispatch import Signal

people_assigned = Signal()
"""Sent once per feed with ``people: list[Person]`` newly assigned, their addresses allocated, and ``acting_user``."""
