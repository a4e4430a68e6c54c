"""Which passwords are accepted, and why one is not."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import check_password
from django.utils import timezone
from django.utils.translation import gettext as _
from zxcvbn_rs_py import zxcvbn

from ecritoire.accounts.models import Account

CLASSES = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"\d"), re.compile(r"[^A-Za-z\d]"))
WORD = re.compile(r"[^\W\d_]{3,}")
CNIL_LENGTHS = {4: 12, 3: 14}
CNIL_WORDS = 7
GUESSES_LOG10 = 12  # a trillion tries: what zxcvbn reckons an offline attack of hours makes
LONGEST = 200
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


def password_faults(*, password: str, account: Account) -> list[str]:
    """What is wrong with ``password`` for ``account``, each in a sentence that quotes its rule; empty when fine."""
    if len(password) > LONGEST:
        return [_("Le mot de passe dépasse %(limit)s caractères.") % {"limit": LONGEST}]
    faults = []
    if not _strong(password):
        faults.append(
            _(
                "Trop court : 12 caractères avec minuscules, majuscules, chiffres et signes, ou 14 caractères de trois de ces sortes, "
                "ou une phrase de 7 mots (CNIL, délibération 2022-100)."
            )
        )
    personal = personal_words(account)
    if any(word in _fold(password) for word in personal):
        faults.append(_("Il contient votre nom, votre identifiant ou votre date de naissance (ANSSI, R27)."))
    if not faults and zxcvbn(password, [*personal, *FRENCH]).guesses_log10 < GUESSES_LOG10:
        faults.append(_("Il figure parmi les mots de passe courants ou se devine vite (ANSSI, R27)."))
    if account.has_usable_password() and check_password(password, account.password):
        faults.append(_("C'est votre mot de passe actuel : choisissez-en un autre."))
    return faults


def _strong(password: str) -> bool:
    classes = sum(bool(known.search(password)) for known in CLASSES)
    enough = len(password) >= CNIL_LENGTHS.get(classes, LONGEST)
    return enough or len(set(WORD.findall(password))) >= CNIL_WORDS


def personal_words(account: Account) -> list[str]:
    """The person's own words, folded: names, identifier, birth date in the ways people write it."""
    person = account.person
    words = [*re.split(r"\W+", f"{person.given_name} {person.family_name}"), account.login.partition("@")[0]]
    if person.birth_date:
        words += [f"{person.birth_date:%d%m%Y}", f"{person.birth_date:%Y%m%d}", f"{person.birth_date:%d/%m/%Y}"]
    return [_fold(word) for word in words if len(word) > 2]  # noqa: PLR2004 - two letters are in every password


def _fold(text: str) -> str:
    from ecritoire.directory.addresses import fold

    return fold(text)


def password_set(*, account: Account, password: str) -> None:
    """Give ``account`` a password of its owner's choosing, already checked."""
    account.set_password(password)
    account.password_changed_at = timezone.now()
    account.temporary_password_expires_at = None
    account.save(update_fields=["password", "password_changed_at", "temporary_password_expires_at"])
    account.trusted_devices.all().delete()
