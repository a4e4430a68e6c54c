"""What the help desk tells the rooms above and its own targets, statistics and webhooks."""

from django.dispatch import Signal

ticket_stepped = Signal()
"""``ticket``, ``event`` (TicketEvent): sent in the transaction of the change."""
