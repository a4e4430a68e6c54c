"""The account and its roles."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property

from ecritoire.accounts.lifecycle import OPEN, State
from ecritoire.common.models import BaseModel
from ecritoire.common.roles import Action, Role, actions_of
from ecritoire.directory.models import Person, Structure


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """The sign-in and mailbox of a person. ``login`` is the person's identifier, their primary address."""

    State = State

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    login = models.EmailField(unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.PROVISIONED)
    generation = models.PositiveSmallIntegerField(default=1, help_text="grows when somebody returns after a purge")
    closes_on = models.DateField(null=True, blank=True, help_text="the last day of an account that is ending")
    purge_on = models.DateField(null=True, blank=True, help_text="the day from which a closed account is purged")
    suspended_on = models.DateField(null=True, blank=True, help_text="since when; a closing does not forget it")
    denied_on = models.DateField(null=True, blank=True, help_text="the day a decision set the right aside")
    denied_until = models.DateField(null=True, blank=True, help_text="the last day of the right set aside; None = open")
    temporary_password_issued_at = models.DateTimeField(null=True, blank=True)
    temporary_password_expires_at = models.DateTimeField(null=True, blank=True)
    details_confirmed_at = models.DateTimeField(null=True, blank=True)
    memo_read_at = models.DateTimeField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar = []
    objects = AccountManager()
    on_public_computer = False  # of the session in which it is loaded; see middleware

    def __str__(self) -> str:
        return self.login

    @property
    def store_id(self) -> str:
        """The mailbox's name in the store: it outlives a change of name or address. After a purge comes another."""
        return f"u{self.pk}" if self.generation == 1 else f"u{self.pk}-{self.generation}"

    @property
    def organisation_id(self) -> int:
        """The académie whose people this account may deal with, whatever its roles."""
        return self.person.organisation_id

    @property
    def display_name(self) -> str:
        return str(self.person)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.state in {State.PROVISIONED, *OPEN}

    @property
    def is_activated(self) -> bool:
        """The person has gone through the activation path and may use everything."""
        return self.state in OPEN

    def writes_from(self, address: str) -> bool:
        """An address of their own here, past ones left out: a private mailbox, verified or not, speaks for nobody."""
        return address == self.login or self.person.addresses.filter(address=address, retired_at=None).exists()

    @property
    def verified_address(self) -> str:
        """The alternate address, once verified; empty without one."""
        row = getattr(self, "recovery_address", None)
        return row.address if row and row.verified_at else ""

    @cached_property
    def _grants(self) -> list[RoleGrant]:
        return list(self.role_grants.all())

    @property
    def is_external(self) -> bool:
        """Of an outside contributor, as long as they are one: HR may engage them some day."""
        return self.person.category == Person.Category.EXTERNAL

    @property
    def roles(self) -> set[Role]:
        base = Role.EXTERNAL if self.is_external else Role.AGENT
        return {base} | {Role(grant.role) for grant in self._grants}

    @property
    def contact_structures(self) -> list[int]:
        """Keys of the structures whose local IT contact this is."""
        found = {grant.structure_id for grant in self._grants if grant.role == Role.LOCAL_CONTACT}
        return sorted(pk for pk in found if pk is not None)

    @property
    def must_change_password(self) -> bool:
        """The password is a temporary one."""
        return self.temporary_password_expires_at is not None

    def may(self, action: Action) -> bool:
        return action in actions_of(self.roles)


class RoleGrant(BaseModel):
    """A role beyond that of agent; a local contact's holds for one structure."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=14, choices=Role)
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "role", "structure"], name="role_once", nulls_distinct=False)
        ]
