"""What the rooms above are told, inside the transaction of the change."""

from django.dispatch import Signal

account_activated = Signal()
"""Sent with ``account: Account`` once a person has gone through the whole activation path."""

access_revoked = Signal()
"""Sent with ``account: Account`` and ``reason: str`` when every open door of an account must close at once: sessions and
app passwords are already revoked; open mail connections, tokens given to services and the like are the receivers'."""

app_password_revoked = Signal()
"""Sent with ``account: Account`` when one mail application loses its secret: what it has open must close."""

sessions_ended = Signal()
"""Sent with ``account: Account`` and ``session_keys: list[str]`` when web sessions end, so that services are signed out too."""

help_requested = Signal()
"""Sent with ``account: Account | None``, ``login: str``, ``contact: str`` (how to reach the person), ``kind: HelpKind``, ``text: str``,
``urgent: bool`` and ``facts: dict[str, str]`` when somebody cannot get out alone: the help desk opens a ticket."""

account_moved = Signal()
"""Sent with ``account: Account`` and ``transition: AccountTransition`` at each step of an account's life (``lifecycle.Event``),
but for those provisioned in bulk by a feed."""
