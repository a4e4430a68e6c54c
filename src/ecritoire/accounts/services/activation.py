"""The activation path, in order. Each step says by itself whether it is done, so that one may stop and come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.lifecycle import Event
from ecritoire.accounts.models import Account, AccountTransition, PrivacyRequest
from ecritoire.accounts.signals import account_activated

from .lifecycle import account_move
from .privacy import privacy_ask

QUESTIONS = 2


@dataclass(frozen=True)
class Step:
    name: str
    label: Promise
    done: Callable[[Account], bool]

    @property
    def url_name(self) -> str:
        return f"accounts:activation-{self.name}"


def _has_address(account: Account) -> bool:
    address = getattr(account, "recovery_address", None)
    return bool(address and address.verified_at)


STEPS = (
    Step("password", _("Mot de passe"), lambda account: not account.must_change_password),
    Step("details", _("Vos informations"), lambda account: account.details_confirmed_at is not None),
    Step("address", _("Adresse de secours"), _has_address),
    Step("questions", _("Questions secrètes"), lambda account: account.secret_questions.count() >= QUESTIONS),
    Step("memo", _("Mémo de sécurité"), lambda account: account.memo_read_at is not None),
)


def step_next(account: Account) -> Step | None:
    """The first step still to do; None when all are done."""
    return next((step for step in STEPS if not step.done(account)), None)


def details_confirm(*, account: Account) -> None:
    account.details_confirmed_at = timezone.now()
    account.save(update_fields=["details_confirmed_at"])


def details_dispute(*, account: Account, text: str) -> None:
    """The person goes on; the DSI is told what is wrong."""
    with transaction.atomic():
        privacy_ask(account=account, kind=PrivacyRequest.Kind.RECTIFICATION, text=text, acting_user=account)
        details_confirm(account=account)


def memo_acknowledge(*, account: Account) -> None:
    """The last step: the account becomes active and the rooms above are told. Again: nothing more happens."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        if account.memo_read_at is None:
            account.memo_read_at = timezone.now()
            account.save(update_fields=["memo_read_at"])
        if account.is_activated or step_next(account) is not None:
            return
        account.activated_at = timezone.now()
        account.save(update_fields=["activated_at"])
        reason = AccountTransition.Reason.ACTIVATION
        account_move(account=account, event=Event.ACTIVATE, reason=reason, acting_user=account)
        account_activated.send(sender=Account, account=account)
