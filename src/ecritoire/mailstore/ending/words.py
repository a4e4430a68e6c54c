"""The automatic answer of somebody whose right ends: its words, and its Sieve (RFC 5230)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors.lifecycle import policy_of

DAYS = 7
HANDLE = "fin-de-contrat"


def closing_day(account: Account) -> dt.date | None:
    """The account's last day: known once it is ending, foreseen while its right has an end."""
    until = account.person.right_until
    if account.closes_on or until is None:
        return account.closes_on
    return until + dt.timedelta(days=policy_of(account.person).delay_days)


def default_words(account: Account) -> str:
    with override("fr"):
        return _("Bonjour,\n\nMon contrat ou mon affectation se termine, et je ne lirai bientôt plus cette boîte.")


def absence_text(account: Account, *, words: str, contact: str) -> str:
    """The person's words, or the service's; then always until when the mailbox is valid, and whom to ask."""
    last = closing_day(account)
    with override("fr"):
        lines = [words.strip() or default_words(account), ""]
        if last:
            date = date_format(last, "j F Y")
            lines.append(
                _("La boîte %(address)s est valable jusqu'au %(date)s inclus ; elle refusera ensuite le courrier.")
                % {"address": account.login, "date": date}
            )
        lines.append(_("À qui écrire : %(contact)s") % {"contact": contact or default_contact(account)})
        lines += ["", str(account.person), "", _("Réponse automatique.")]
    return "\n".join(lines)


def default_contact(account: Account) -> str:
    """Where the person works or worked last; else the académie."""
    work = account.person.assignments.select_related("structure").order_by("-starts_on").first()
    return f"{work.structure.name}, {work.structure.city}" if work else account.person.organisation.name


def absence_sieve(*, text: str, subject: str, sender: str, addresses: Sequence[str]) -> str:
    """Answers people, once a week each; not what the filter holds for spam."""
    known = ", ".join(_string(address) for address in addresses)
    return (
        'require ["vacation"];\n'
        'if not header :matches "X-Spam-Status" "Yes*" {\n'
        f"  vacation :days {DAYS} :handle {_string(HANDLE)} :from {_string(sender)} :addresses [{known}] "
        f":subject {_string(subject)}\n{_string(text)};\n}}\n"
    )


def wrapper_sieve(*, absence: str, own: str) -> str:
    """The answer, then the person's own rules as they are."""
    return f'require ["include"];\ninclude :personal {_string(absence)};\ninclude :personal {_string(own)};\n'


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\r\n") + '"'
