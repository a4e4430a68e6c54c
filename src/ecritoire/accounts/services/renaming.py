"""A change of name: the login follows the new address; the old one opens the same account for as long as it is kept."""

from __future__ import annotations

from django.db import transaction

from ecritoire.accounts.models import Account, Lockout, SignInEvent
from ecritoire.common.services import audit_record
from ecritoire.directory.models import EmailAddress, Person


def login_follow(*, person: Person, old: str, new: str) -> None:
    """The tries and lockouts counted under the old login go on counting under the new one; sessions, applications, passkeys and what
    services know somebody by hang on the account itself and stay."""
    from ecritoire.accounts.tasks.lifecycle import send_name_changed

    with transaction.atomic():
        account = Account.objects.select_for_update(of=("self",)).filter(person=person).first()
        if account is None or account.login == new:
            return
        former, account.login = account.login, new
        account.save(update_fields=["login"])
        SignInEvent.objects.filter(login=former).update(login=new)
        Lockout.objects.filter(login=former).update(login=new)
        audit_record(acting_user=None, action="account.rename", target=new, former=former)
        if account.is_activated:
            kept = EmailAddress.objects.filter(address=old).values_list("kept_until", flat=True).first()
            send_name_changed.defer(account_id=account.pk, old=old, kept_until=kept.isoformat() if kept else "")
