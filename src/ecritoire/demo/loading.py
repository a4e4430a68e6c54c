"""The demonstration, loaded once: the HR feed, accounts in every state, mailboxes."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account, RecoveryAddress
from ecritoire.accounts.services import app_password_create, role_grant
from ecritoire.accounts.services.letters import temporary_password_set
from ecritoire.accounts.services.recovery import secret_questions_set
from ecritoire.common.roles import Role
from ecritoire.directory.services import feed_apply, structures_apply
from ecritoire.mailstore.services import mailbox_create
from launcher.site import PARTNER_DOMAIN

from .applications import applications_make
from .contributors import contributors_make
from .factors import NONE, factors_complete, factors_make
from .filling import mailbox_fill
from .forum import forum_make
from .lines import lines_make
from .messages import Correspondent, generate
from .past import past_make
from .people import SCHOOLS, SECRETARY, SEED, Someone, T, everyone, staff_csv, structures_csv
from .printed import people_add, people_file, people_print
from .rivemont import OTHERS, rivemont_make
from .services import services_make
from .shared import examinations_make, shared_fill
from .tickets import tickets_open

Say = Callable[[str], object]
ANSWERS = {"first_street": "rue des Lilas", "dream_trade": "astronaute"}


def demo_load(*, say: Say) -> None:
    """Does each part that is not there yet; a second run finds everything and is quick."""
    if people_file().exists():
        factors_complete()
        people_add(_rivemont(say))
        return
    say("people, schools, accounts")
    with transaction.atomic():
        structures_apply(content=structures_csv(), file_name="structures.csv", dry_run=False, acting_user=None)
        report = feed_apply(
            content=staff_csv(timezone.localdate()), file_name="rh.csv", dry_run=False, acting_user=None
        )
        if report.faults:
            raise ValueError(f"the demonstration's feed is at fault: {report.faults[0]}")
        numbers = [person.number for person in everyone()]
        known = Account.objects.filter(person__employee_number__in=numbers).select_related("person")
        accounts = {account.person.employee_number: account for account in known}
        services_make()
        printed = [_settle(person, accounts[person.number]) for person in everyone()]
        applications_make(accounts=accounts, asker="V0015", sleeper="V0014")
        lines_make(accounts)
        past_make(accounts)
        tickets_open(accounts)
        forum_make(accounts)
        examinations_make(accounts=accounts)
        contributors_make(sponsor=accounts["V0007"], decider=accounts["V0001"])
    say("mailboxes")
    _fill_all([(person, accounts[person.number]) for person in everyone()], say)
    shared_fill(accounts=accounts, say=say)
    people_print([entry for entry in printed if entry])
    people_add(_rivemont(say))


def _rivemont(say: Say) -> list[dict[str, Any]]:
    """The second académie, and who looks after the installation."""
    made = rivemont_make()
    with transaction.atomic():
        printed = [_settle(someone, account) for someone, account in made]
    _fill_all([pair for pair in made if pair[0] not in OTHERS], say)
    return [entry for (someone, _account), entry in zip(made, printed, strict=True) if entry and someone not in OTHERS]


def _settle(person: Someone, account: Account) -> dict[str, Any] | None:
    """Bring one account to its state; what is printed of it, for the people one may play."""
    if person.role and person.role != Role.AGENT:
        school = account.person.assignments.get().structure if person.role == Role.LOCAL_CONTACT else None
        role_grant(account=account, role=person.role, structure=school, acting_user=None)
    entry = {
        "role": person.role.value if person.role else "agent",
        "name": str(account.person),
        "sign_in": account.login,
        "state": person.state,
        "url": f"{account.person.organisation.base_url}/",
        "password": "",
        "app_password": "",
        **NONE,
    }
    if person.state in {"newcomer", "expired"}:
        entry["password"] = temporary_password_set(account=account)
        if person.state == "expired":
            account.temporary_password_expires_at = timezone.now() - dt.timedelta(days=3)
            account.save(update_fields=["temporary_password_expires_at"])
    elif person.state != "waiting":
        entry["password"] = f"Valmont-{secrets.token_urlsafe(9)}-1"
        _activate(account, entry["password"], suspended=person.state == "suspended")
        if person.state == "activated":
            entry["app_password"] = app_password_create(account=account, name="Démonstration")[1]
            entry |= factors_make(account=account)
    return entry if person.role or person.number < "V0014" or person.number == SECRETARY else None


def _activate(account: Account, password: str, *, suspended: bool) -> None:
    now = timezone.now()
    account.set_password(password)
    account.details_confirmed_at = account.memo_read_at = account.activated_at = now
    account.state = Account.State.SUSPENDED if suspended else Account.State.ACTIVATED
    account.save()
    RecoveryAddress.objects.create(account=account, address=account.person.private_email, verified_at=now)
    secret_questions_set(account=account, answers=ANSWERS)


def _fill_all(accounts: list[tuple[Someone, Account]], say: Say) -> None:
    now = timezone.localtime()
    known = [Correspondent(str(account.person), account.login) for _someone, account in accounts]
    for person, account in accounts:
        if not person.mail:
            continue
        owner = Correspondent(str(account.person), account.login)
        others = [colleague for colleague in known if colleague != owner]
        messages = generate(
            seed=SEED + account.pk,
            now=now,
            count=person.mail,
            owner=owner,
            colleagues=others,
            domain=account.login.rpartition("@")[2],
        )
        say(f"{owner.name}: {mailbox_fill(store_id=account.store_id, messages=messages)} messages")


def agent_make(
    *, number: str, school: int, given_name: str = "Colette", family_name: str = "", newcomer: bool = False
) -> dict[str, Any]:
    """An activated agent of that school, who answers ANSWERS to the secret questions; or one who still has to activate."""
    surname = family_name or "".join(chr(ord("A") + int(digit)) for digit in number[1:]).title()
    someone = Someone(number, "mme", given_name, surname, T, school, "Professeure de lettres")
    with transaction.atomic():
        content = staff_csv(timezone.localdate(), [someone])
        feed_apply(content=content, file_name="agent.csv", dry_run=False, acting_user=None)
        account = Account.objects.select_related("person").get(person__employee_number=number)
        account.person.private_email = f"sonde@{PARTNER_DOMAIN}"
        app_password = ""
        if newcomer:
            password = temporary_password_set(account=account)
        else:
            password = f"Valmont-{secrets.token_urlsafe(9)}-1"
            _activate(account, password, suspended=False)
            app_password = app_password_create(account=account, name="Téléphone")[1]
    mailbox_create(account=account)
    return {
        "number": number,
        "name": str(account.person),
        "sign_in": account.login,
        "password": password,
        "app_password": app_password,
        "school": SCHOOLS[school].name,
        "answers": ANSWERS,
    }
