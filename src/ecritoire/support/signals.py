"""What the help desk tells the rooms above and its own targets, statistics and webhooks."""

from django.dispatch import Signal

incident_changed = Signal()
"""``incident``, ``event`` (``declared``, ``updated``, ``resolved``): sent in the transaction of the change."""

critical_raised = Signal()
"""``ticket``, ``accounts``: a critical request is told to these people; in the transaction of the change."""

ticket_stepped = Signal()
"""``ticket``, ``event`` (TicketEvent): sent in the transaction of the change."""
