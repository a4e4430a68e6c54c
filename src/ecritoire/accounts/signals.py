"""What the rooms above are told, inside the transaction of the change."""

from django.dispatch import Signal

account_activated = Signal()
"""Sent with ``account: Account`` once a person has gone through the whole activation path."""
