"""The self-check: sign in, send, receive, list, through the front door, as the probe account."""

from .runner import run, show

__all__ = ["run", "show"]
