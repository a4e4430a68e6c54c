"""Where in the webmail a page stands: one's own mailbox, or a shared one whose number its addresses carry.

Every link of a page leads within the same mailbox. Like Django's script prefix, that is set for the length of a request
(``views.doors``) rather than handed through everything that writes an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from urllib.parse import quote

from asgiref.local import Local
from django.urls import reverse

_here = Local()


def mailbox_here() -> int | None:
    found: int | None = getattr(_here, "mailbox_id", None)
    return found


def others_here() -> Sequence[str]:
    """Store ids of the mailboxes beside the one where one stands."""
    found: Sequence[str] = getattr(_here, "others", ())
    return found


@contextmanager
def standing_in(mailbox_id: int | None, others: Sequence[str]) -> Iterator[None]:
    former = mailbox_here(), others_here()
    _here.mailbox_id, _here.others = mailbox_id, others
    try:
        yield
    finally:
        _here.mailbox_id, _here.others = former


def mail_url(name: str, *args: str) -> str:
    """The address of the webmail's page ``name``, in the mailbox where one stands."""
    return mail_url_in(mailbox_here(), name, *args)


def mail_url_in(mailbox_id: int | None, name: str, *args: str) -> str:
    """The same in one's own mailbox (None) or another. Looked up once: a list writes two hundred of them."""
    pattern = _pattern(name, len(args), mailbox_id is not None)
    for number, arg in enumerate(args):
        pattern = pattern.replace(f"/-{number}-/", f"/{quote(arg, safe='')}/")
    return pattern if mailbox_id is None else pattern.replace("/0/", f"/{mailbox_id}/", 1)


@cache
def _pattern(name: str, count: int, shared: bool) -> str:
    places: list[object] = [0] if shared else []
    return reverse(f"webmail:{name}", args=[*places, *(f"-{number}-" for number in range(count))])
