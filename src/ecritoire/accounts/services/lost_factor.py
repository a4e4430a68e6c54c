"""A lost phone, for whoever still has the password: a code at the alternate address and a secret answer.

That mailbox and answer also replace a forgotten password. Used for both within a week they would be the only proof, so the
second use is refused; and they never open a privileged account. Then there is the appointment (``vouching``).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.factors import is_privileged
from ecritoire.accounts.models import Account, OneTimeCode
from ecritoire.common.selectors import audit_happened
from ecritoire.common.services import audit_record

from .codes import code_use
from .factors import factor_announce, factors_clear
from .recovery import answer_fold, code_allowed, question_shown

APART = dt.timedelta(days=7)


class Closed(StrEnum):
    """Why the way by the alternate address is closed to somebody."""

    PRIVILEGED = "privileged"
    NO_MEANS = "no_means"
    JUST_RESET = "just_reset"


def address_way_closed(account: Account) -> Closed | None:
    address = getattr(account, "recovery_address", None)
    if is_privileged(account):
        return Closed.PRIVILEGED
    if not address or not address.verified_at or not account.secret_questions.exists():
        return Closed.NO_MEANS
    since = timezone.now() - APART
    if audit_happened(action="password.reset", target=account.login, since=since):
        return Closed.JUST_RESET
    return None


def lost_code_request(*, account: Account) -> bool:
    """Send a code to the alternate address; False when too many were asked for today."""
    from ecritoire.accounts.tasks.factors import send_lost_factor_code

    if not code_allowed(login=account.login):
        return False
    send_lost_factor_code.defer(account_id=account.pk)
    return True


def lost_check(*, account: Account, code: str, answer: str) -> bool:
    """Whether code *and* answer are right; then the lost factors are gone and their owner is told."""
    label = question_shown(account.login)
    question = next((row for row in account.secret_questions.all() if row.get_question_display() == label), None)
    known = check_password(answer_fold(answer), question.answer_hash if question else make_password(None))
    valid = code_use(account=account, purpose=OneTimeCode.Purpose.LOST_FACTOR, code=code)
    if not (known and valid) or address_way_closed(account):
        return False
    with transaction.atomic():
        factors_clear(account=account)
        audit_record(acting_user=account, action="factor.lost", target=account.login, way="address")
        factor_announce(account=account, change="lost_address")
    return True
