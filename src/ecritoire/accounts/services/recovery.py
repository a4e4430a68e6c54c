"""Recovery means and the forgotten password."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from functools import cache as remember

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account, OneTimeCode, RecoveryAddress, SecretQuestion
from ecritoire.common.services import audit_record
from ecritoire.directory.organisations import is_ours

from .access import sessions_end
from .codes import code_use
from .limits import HOUR, count
from .passwords import password_set
from .recovery_changes import recovery_note

CODES_A_DAY = 6
ANSWERS_A_DAY = 10
PLACE_AN_HOUR = 100
DAY = 86_400


def address_is_outside(address: str) -> bool:
    """A code must never go to the mailbox that is locked."""
    domain = address.rpartition("@")[2].lower()
    return not is_ours(domain)


def code_allowed(*, login: str) -> bool:
    """At most six codes a day for one identifier, known or not."""
    return _counted("codes", login, DAY) <= CODES_A_DAY


def mailbox_allowed(*, address: str) -> bool:
    """At most six codes a day into one mailbox, whoever they are for."""
    return _counted("mailbox", address.lower(), DAY) <= CODES_A_DAY


def place_allowed(*, address: str, what: str) -> bool:
    """At most a hundred an hour from one address: a school has one, and its people forget passwords in September."""
    return _counted(what, address, HOUR) <= PLACE_AN_HOUR


def _key(what: str, value: str) -> str:
    return f"{what}:{hashlib.sha256(value.encode()).hexdigest()}"


def _counted(what: str, value: str, seconds: int) -> int:
    return count(_key(what, value), seconds)


def recovery_address_propose(*, account: Account, address: str) -> None:
    """Keep ``address`` aside and send it a code; the address in force stays until the new one is verified."""
    from ecritoire.accounts.tasks import send_verification_code

    with transaction.atomic():
        RecoveryAddress.objects.update_or_create(account=account, defaults={"pending": address})
        send_verification_code.defer(account_id=account.pk)


def recovery_address_verify(*, account: Account, code: str) -> bool:
    """Put the pending address in force when ``code`` is right; the address it replaces is told."""
    from ecritoire.accounts.tasks import send_address_changed

    if not code_use(account=account, purpose=OneTimeCode.Purpose.VERIFY_ADDRESS, code=code):
        return False
    with transaction.atomic():
        row = RecoveryAddress.objects.select_for_update().get(account=account)
        if row.address and row.address != row.pending:
            recovery_note(account=account, former_address=row.address)
        former, row.address, row.pending, row.verified_at = row.address, row.pending, "", timezone.now()
        row.save()
        audit_record(acting_user=account, action="recovery.address", target=account.login)
        if former and former != row.address:
            send_address_changed.defer(address=former, account_id=account.pk)
    return True


def answer_fold(answer: str) -> str:
    """Case, accents and spaces do not count in an answer."""
    plain = unicodedata.normalize("NFKD", answer).encode("ascii", "ignore").decode()
    return re.sub(r"\W+", "", plain).lower()


def secret_questions_set(*, account: Account, answers: dict[str, str]) -> None:
    """Replace the questions by ``answers`` (question -> answer in clear)."""
    with transaction.atomic():
        recovery_note(account=account, questions=True)
        account.secret_questions.all().delete()
        for question, answer in answers.items():
            hashed = make_password(answer_fold(answer))
            SecretQuestion.objects.create(account=account, question=question, answer_hash=hashed)
        audit_record(acting_user=account, action="recovery.questions", target=account.login)


def _question(login: str) -> tuple[str, str]:
    """The question a login is asked, the same each time, and its answer's hash; plausible ones for a name nobody has."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY}{login}".encode()).digest()[0]
    own = SecretQuestion.objects.filter(account__login=login).order_by("id").values_list("question", "answer_hash")
    questions = list(own) or [(question, _nobody()) for question in SecretQuestion.Question.values]
    return questions[digest % len(questions)]


@remember
def _nobody() -> str:
    return make_password(secrets.token_urlsafe())


def question_shown(login: str) -> str:
    return str(SecretQuestion.Question(_question(login)[0]).label)


def answer_check(*, login: str, answer: str) -> bool:
    """Whether the secret answer is right; ten wrong ones in a day, and no answer is. One hash, whoever it is."""
    _nobody()  # made before the first answer, not by the first unknown name
    if cache.get(_key("answers", login), 0) >= ANSWERS_A_DAY:
        return False
    right = check_password(answer_fold(answer), _question(login)[1])
    if not right:
        _counted("answers", login, DAY)
    return right


def reset_request(*, login: str, address: str = "") -> bool:
    """Start a reset: a job finds out whether there is anybody to write to, so the reply takes the same time.

    False when too many were asked for from this address.
    """
    from ecritoire.accounts.tasks import send_reset_code

    if not place_allowed(address=address, what="resets"):
        return False
    if code_allowed(login=login):
        send_reset_code.defer(login=login)
    return True


def reset_check(*, login: str, code: str, answer: str) -> Account | None:
    """The account, when code *and* answer are right. The code is used up; the work is the same for unknown names."""
    account = Account.objects.filter(login=login, state__in=OPEN).select_related("person").first()
    known = answer_check(login=login, answer=answer)
    valid = code_use(account=account, purpose=OneTimeCode.Purpose.RESET_PASSWORD, code=code)
    return account if valid and known else None


def reset_finish(*, account: Account, password: str) -> None:
    """Set the password, end every session, tell the alternate address."""
    from ecritoire.accounts.tasks import send_password_changed

    with transaction.atomic():
        password_set(account=account, password=password)
        sessions_end(account=account)
        audit_record(acting_user=account, action="password.reset", target=account.login)
        send_password_changed.defer(account_id=account.pk)
