"""Reads of the store that several rooms need."""

from __future__ import annotations

from django.core.cache import cache

from .jmap import JmapClient

HOUR = 3600


def role_ids(client: JmapClient) -> dict[str, str]:
    """Special-use folder (RFC 6154) -> id. They never change, so they are asked for once an hour, not once a page."""
    key = f"roles:{client.account_id}"
    known: dict[str, str] | None = cache.get(key)
    if known is None:
        answer = client.call(("Mailbox/get", {"properties": ["role"]}, "m"))["m"]["list"]
        known = {row["role"]: row["id"] for row in answer if row["role"]}
        cache.set(key, known, HOUR)
    return known
