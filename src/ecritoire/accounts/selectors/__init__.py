"""Reads of the accounts room."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from ecritoire.accounts.models import (
    Account,
    AccountSession,
    AppPassword,
    CorrectionRequest,
    Lockout,
    RoleGrant,
    SignInEvent,
    Vouching,
)
from ecritoire.accounts.services.probe import EMPLOYEE_NUMBER
from ecritoire.common.roles import Action, Role
from ecritoire.directory.models import Assignment, EmailAddress, Person, Structure


def account_by_store_id(store_id: str) -> Account:
    """Raises Account.DoesNotExist, also for a mailbox of before a purge."""
    key, _, generation = store_id.removeprefix("u").partition("-")
    return Account.objects.get(pk=int(key), generation=int(generation or 1))


def account_by_login(login: str) -> Account:
    """Raises Account.DoesNotExist."""
    return Account.objects.select_related("person").get(login=login.lower())


def account_of(person: Person) -> Account | None:
    return Account.objects.select_related("person").filter(person=person).first()


def probe_account() -> Account:
    return Account.objects.get(person__employee_number=EMPLOYEE_NUMBER)


def sender_addresses(*, account: Account) -> list[str]:
    """The addresses a person may write under, the primary one first."""
    rows = EmailAddress.objects.filter(person_id=account.person_id, retired_at__isnull=True)
    return list(rows.order_by("-is_primary", "address").values_list("address", flat=True))


def logins_of(account: Account) -> list[str]:
    """The login in force and those before changes of name: the journal knows an act by the login of its day."""
    return [account.login, *EmailAddress.objects.filter(person=account.person_id).values_list("address", flat=True)]


def session_list(*, account: Account) -> QuerySet[AccountSession]:
    return account.sessions.filter(expire_date__gt=timezone.now()).order_by("-last_seen_at")


def app_password_list(*, account: Account) -> QuerySet[AppPassword]:
    return account.app_passwords.filter(revoked_at__isnull=True)


def sign_in_list(*, account: Account) -> QuerySet[SignInEvent]:
    return account.sign_ins.all()


def lockout_list(*, account: Account) -> QuerySet[Lockout]:
    """The lockouts of a person, those that last included, the newest first."""
    return account.lockouts.all()


def correction_list() -> QuerySet[CorrectionRequest]:
    return CorrectionRequest.objects.filter(handled_at__isnull=True).select_related("account__person").order_by("id")


def activation_pending(*, structure: Structure | None = None) -> QuerySet[Account]:
    """Accounts still to activate, of one structure or all, with what letters need."""
    assignments = Assignment.objects.select_related("structure").order_by("-starts_on")
    rows = Account.objects.filter(state=Account.State.PROVISIONED).select_related("person__organisation")
    if structure is not None:
        rows = rows.filter(person__assignments__structure=structure).distinct()
    return rows.prefetch_related(Prefetch("person__assignments", assignments)).order_by("person__family_name", "login")


def accounts_by_id(ids: Sequence[int]) -> QuerySet[Account]:
    return activation_pending().filter(pk__in=ids)


def local_contacts_of(person: Person) -> QuerySet[Account]:
    """The local IT contacts of the structures where ``person`` works."""
    structures = person.assignments.values("structure")
    grants = RoleGrant.objects.filter(role=Role.LOCAL_CONTACT, structure__in=structures)
    return Account.objects.filter(role_grants__in=grants).exclude(person=person).select_related("person").distinct()


def structures_of_contact(account: Account) -> QuerySet[Structure]:
    """The structures for which ``account`` is the local IT contact."""
    return Structure.objects.filter(rolegrant__account=account, rolegrant__role=Role.LOCAL_CONTACT)


def is_contact_of(account: Account, person: Person) -> bool:
    """Whether ``account`` is the local IT contact of a structure where ``person`` works today."""
    here = person.assignments.filter(structure__in=structures_of_contact(account))
    return here.exclude(ends_on__lt=timezone.localdate()).exists()


def vouching_list(*, acting_user: Account) -> QuerySet[Vouching]:
    """The open appointments this person may deal with: all for the help desk, a local contact's schools' otherwise."""
    rows = Vouching.objects.filter(state__in=Vouching.OPEN).exclude(account=acting_user)
    if not acting_user.may(Action.ACCOUNT_MANAGE):
        theirs = structures_of_contact(acting_user)
        today = Assignment.objects.filter(structure__in=theirs).exclude(ends_on__lt=timezone.localdate())
        rows = rows.filter(account__person__in=today.values("person"))
    return rows.select_related("account__person", "vouched_by__person").prefetch_related("account__role_grants")
