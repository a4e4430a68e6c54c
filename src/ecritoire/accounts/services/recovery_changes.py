"""What the means of recovery were, so that a thief's change can be undone."""

from __future__ import annotations

from ecritoire.accounts.models import Account, RecoveryChange


def recovery_note(*, account: Account, former_address: str = "", questions: bool = False) -> None:
    """Keep what the means of recovery are about to stop being. Call it before the change, in its transaction."""
    if questions:
        held = dict(account.secret_questions.values_list("question", "answer_hash"))
        if held:
            RecoveryChange.objects.create(account=account, kind=RecoveryChange.Kind.QUESTIONS, former_questions=held)
    elif former_address:
        RecoveryChange.objects.create(account=account, kind=RecoveryChange.Kind.ADDRESS, former_address=former_address)
