"""Which passwords are accepted, and why one is not."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from zxcvbn_rs_py import zxcvbn

from ecritoire.accounts.breached import is_breached
from ecritoire.accounts.models import Account, Lockout, PasswordHistory
from ecritoire.accounts.password_rules import LONGEST, Rules, strictest
from ecritoire.accounts.policies import policies_for
from ecritoire.directory.addresses import fold

from .lockouts import lockouts_end

ESTIMATED = 100  # zxcvbn's work grows with the square of the length; what follows the first hundred signs only adds
WHOLE_WORD = 3  # « Luc » is in « reluctant »: a name so short counts as a word of its own only
FRENCH = (
    "ecole",
    "college",
    "lycee",
    "academie",
    "rectorat",
    "professeur",
    "bonjour",
    "soleil",
    "azerty",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "motdepasse",
)


def rules_for(account: Account) -> Rules:
    """The strictest preset of the person's populations."""
    return strictest([policy.password_preset for policy in policies_for(account)])


def password_faults(*, password: str, account: Account, rules: Rules | None = None) -> list[str]:
    """What is wrong with ``password`` for ``account``, each in a sentence that quotes its rule; empty when fine.

    Neither hashes nor compares with former passwords, so that it may answer each keystroke: see ``reuse_faults``.
    """
    if len(password) > LONGEST:
        return [_("Le mot de passe dépasse %(limit)s caractères.") % {"limit": LONGEST}]
    rules = rules or rules_for(account)
    faults = []
    if not rules.met(password):
        ways = _(", ou ").join(str(rule.text) for rule in rules.rules)
        faults.append(
            _("Trop court ou trop simple : il faut %(ways)s (%(source)s).") % {"ways": ways, "source": rules.source}
        )
    personal = personal_words(account)
    if _holds(password, personal):
        faults.append(_("Il contient votre nom, votre identifiant ou votre date de naissance (ANSSI, R27)."))
    if faults:
        return faults
    if is_breached(password):
        return [_("Il figure dans une fuite de mots de passe connue : un attaquant l'essaiera (ANSSI, R27).")]
    if guesses_log10(password, personal) < rules.guesses_log10:
        return [_("Il est courant ou se devine vite : mots, suites ou dates trop attendus (ANSSI, R27).")]
    return []


def reuse_faults(*, password: str, account: Account) -> list[str]:
    """Whether it is the current password or one of the last ones: as many Argon2 checks as the policy remembers."""
    if account.has_usable_password() and check_password(password, account.password):
        return [_("C'est votre mot de passe actuel : choisissez-en un autre.")]
    remembered = history_length(account)
    for former in account.former_passwords.all()[: max(remembered - 1, 0)]:
        if check_password(password, former.password):
            return [
                _("Vous l'avez déjà utilisé : il doit différer des %(count)s derniers (règle d'accès de l'académie).")
                % {"count": remembered}
            ]
    return []


def guesses_log10(password: str, personal: list[str]) -> float:
    return float(zxcvbn(password[:ESTIMATED], [*personal, *FRENCH]).guesses_log10)


def history_length(account: Account) -> int:
    return max(policy.password_history for policy in policies_for(account))


def personal_words(account: Account) -> list[str]:
    """The person's own words, folded: names, identifier, numbers, birth date in the ways people write it."""
    person = account.person
    words = [*re.split(r"\W+", f"{person.given_name} {person.family_name}"), account.login.partition("@")[0]]
    words.append(person.employee_number)
    if person.birth_date:
        words += [f"{person.birth_date:{form}}" for form in ("%d%m%Y", "%Y%m%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")]
    return [fold(word) for word in words if len(word) >= WHOLE_WORD]


def _holds(password: str, personal: list[str]) -> bool:
    folded = fold(password)
    tokens = set(re.findall(r"[^\W\d_]+", folded))
    return any(word in folded if len(word) > WHOLE_WORD else word in tokens for word in personal)


def password_set(*, account: Account, password: str) -> None:
    """Give ``account`` a password of its owner's choosing, already checked; the former one is remembered."""
    own = account.has_usable_password() and not account.must_change_password
    with transaction.atomic():
        if own:
            PasswordHistory.objects.create(account=account, password=account.password)
        kept = account.former_passwords.values_list("pk", flat=True)[: max(history_length(account) - 1, 0)]
        account.former_passwords.exclude(pk__in=list(kept)).delete()
        account.set_password(password)
        account.password_changed_at = timezone.now()
        account.temporary_password_expires_at = None
        account.save(update_fields=["password", "password_changed_at", "temporary_password_expires_at"])
        account.trusted_devices.all().delete()
        lockouts_end(login=account.login, end=Lockout.End.RESET)
