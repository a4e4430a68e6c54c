"""A mailbox's rules (Sieve scripts) and its open connections."""

from __future__ import annotations

import datetime as dt
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from .jmap import SIEVE, JmapClient, StoreUnavailable
from .services import store_open
from .sieve_words import forwards_to, readable_name, script_words

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

SECONDS = 15.0
SCRIPT = "application/sieve"


class RuleGone(Exception):
    """The script is not there any more."""


@dataclass(frozen=True)
class Rule:
    """A script. ``stored_name`` is what other scripts include it by. ``changed_at`` is the later of its writing and, for the active one, of its activation."""

    pk: str
    name: str
    is_active: bool
    changed_at: dt.datetime | None
    words: list[str]
    forwards: list[str]
    text: str
    stored_name: str


def steward_socket() -> Path:
    return Path(settings.CONFIG.data_dir / "run" / "steward" / "steward.sock")


def steward_ask(errand: str, store_id: str) -> Any:
    """Send the store's steward on an errand. Raises StoreUnavailable."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(SECONDS)
            connection.connect(str(steward_socket()))
            connection.sendall(f"{errand} {store_id}\n".encode())
            with connection.makefile("rb") as told:
                return json.loads(told.readline())
    except (OSError, ValueError) as error:
        raise StoreUnavailable("unavailable", str(error)) from error


def connections_cut(*, store_id: str) -> int:
    """End every open connection to a mailbox; returns how many there were. Raises StoreUnavailable."""
    return int(steward_ask("cut", store_id) or 0)


def rules_list(*, account: Account) -> list[Rule]:
    """The mailbox's scripts, the active one first. Raises StoreUnavailable."""
    times: dict[str, float] = steward_ask("rules", account.store_id) or {}
    with store_open(account=account) as client:
        listed = client.call(("SieveScript/get", {"ids": None}, "s"), using=[SIEVE])["s"]["list"]
        rules = [_rule(client, row, times) for row in listed]
    return sorted(rules, key=lambda rule: (not rule.is_active, rule.name))


def _rule(client: JmapClient, row: dict[str, Any], times: dict[str, float]) -> Rule:
    """The store writes names as in a header (RFC 2047), in its answers as in its files."""
    text = b"".join(client.download(row["blobId"], SCRIPT).chunks).decode(errors="replace")
    known = [times.get(row["name"], 0.0), times.get("", 0.0) if row["isActive"] else 0.0]
    changed_at = dt.datetime.fromtimestamp(max(known), dt.UTC) if any(known) else None
    return Rule(
        pk=row["id"],
        name=readable_name(row["name"]),
        is_active=bool(row["isActive"]),
        changed_at=changed_at,
        words=script_words(text),
        forwards=forwards_to(text),
        text=text,
        stored_name=row["name"],
    )


def rule_write(*, account: Account, name: str, text: str, active: bool = True) -> str:
    """Store a script and make it the active one; returns its id. Raises SetError when the store does not accept it."""
    with store_open(account=account) as client:
        blob = client.upload(text.encode(), SCRIPT)["blobId"]
        arguments: dict[str, Any] = {"create": {"new": {"name": name, "blobId": blob}}}
        if active:
            arguments["onSuccessActivateScript"] = "#new"
        return str(client.set("SieveScript", using=[SIEVE], **arguments)["created"]["new"]["id"])


def rule_remove(*, account: Account, pk: str) -> Rule:
    """Stop a script and delete it; returns what it was. Raises RuleGone, StoreUnavailable."""
    rule = next((rule for rule in rules_list(account=account) if rule.pk == pk), None)
    if rule is None:
        raise RuleGone(pk)
    with store_open(account=account) as client:
        if rule.is_active:
            client.set("SieveScript", using=[SIEVE], onSuccessActivateScript=None)
        client.set("SieveScript", using=[SIEVE], destroy=[pk])
    return rule
