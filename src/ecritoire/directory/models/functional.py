"""Mailboxes of a school, a service or an exam centre, which several people share by their functions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .organisation import Organisation, Structure
from .person import Person


class Access(models.TextChoices):
    """What a member may do, the most first. Only a reader sends nothing; only an owner decides who else comes in."""

    OWNER = "owner", _("responsable")
    DELEGATE = "delegate", _("délégué")
    ASSISTANT = "assistant", _("assistant")
    READER = "reader", _("lecteur")

    @property
    def rank(self) -> int:
        return list(Access).index(self)


class FunctionalMailbox(BaseModel):
    """One shared mailbox. ``store_id`` names it in the store for ever; no one signs in as it.

    A school's takes its structure's name while ``own_name`` is empty. ``follows_defaults`` adds the académie's
    rules to its own; ``closes_on`` is its last day once an end is decided.
    """

    class Kind(models.TextChoices):
        SCHOOL = "school", _("établissement")
        SERVICE = "service", _("service")
        EXAM = "exam", _("centre d'examen")
        PROJECT = "project", _("projet ou mission")

    class State(models.TextChoices):
        OPEN = "open", _("ouverte")
        CLOSED = "closed", _("fermée")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="functional_mailboxes")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="functional_mailboxes", null=True, blank=True
    )
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    store_id = models.CharField(max_length=80, unique=True)
    own_name = models.CharField(max_length=120, blank=True)
    search_name = models.CharField(max_length=120, blank=True, help_text="own_name folded, for look-ups")
    signature = models.TextField(max_length=2000, blank=True)
    follows_defaults = models.BooleanField(default=False)
    withdraw_on_leave = models.BooleanField(default=False)
    closes_on = models.DateField(null=True, blank=True, help_text="its last day")
    closed_words = models.CharField(max_length=120, blank=True, help_text="what senders are told once it is closed")
    emptied_on = models.DateField(null=True, blank=True, help_text="when its mail was erased, long after its end")
    made_at = models.DateTimeField(null=True, blank=True, help_text="since when the store has it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["structure"], condition=Q(kind="school"), name="functional_one_for_each_school"
            ),
            models.CheckConstraint(
                condition=~Q(kind="school") | Q(structure__isnull=False), name="functional_school_has_structure"
            ),
        ]

    @property
    def name(self) -> str:
        if self.own_name:
            return self.own_name
        return self.structure.name if self.structure else self.store_id

    @property
    def address(self) -> str:
        """From the addresses that came with it, as ``with_addresses`` fetches them."""
        return next((row.address for row in self.addresses.all() if row.retired_at is None), "")

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def __str__(self) -> str:
        return self.name


class FunctionalRule(BaseModel):
    """Whoever holds this function at the structure has this access; of the whole académie while ``mailbox`` is None.

    ``function_code`` is AAF's; ``label`` is how the function's name begins, whatever the capitals.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="functional_rules")
    mailbox = models.ForeignKey(FunctionalMailbox, on_delete=models.CASCADE, related_name="rules", null=True)
    function_code = models.CharField(max_length=8, blank=True)
    label = models.CharField(max_length=80, blank=True)
    access = models.CharField(max_length=9, choices=Access)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "mailbox", "function_code", "label"],
                name="functional_rule_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(function_code="", label__gt="") | Q(function_code__gt="", label=""),
                name="functional_rule_says_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function_code or self.label}: {self.access}"


class FunctionalGuest(BaseModel):
    """A person let in by hand, from ``starts_on`` to ``ends_on`` (inclusive; None = open)."""

    mailbox = models.ForeignKey(FunctionalMailbox, on_delete=models.CASCADE, related_name="guests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="functional_invitations")
    access = models.CharField(max_length=9, choices=Access)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    acting_login = models.CharField(max_length=254)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "person"], name="functional_guest_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="functional_guest_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.mailbox}"


class FunctionalMember(BaseModel):
    """Who is in, as rules and invitations say today: written by ``services.functional_members`` alone.

    ``function`` is the one they are there by, empty for an invitation; ``since`` is the first day of what lets them in.
    Whoever left keeps a row with ``left_on``.
    """

    mailbox = models.ForeignKey(FunctionalMailbox, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="functional_memberships")
    access = models.CharField(max_length=9, choices=Access)
    function = models.CharField(max_length=80, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    last_opened_on = models.DateField(null=True, blank=True, help_text="in the webmail")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailbox", "person"], condition=Q(left_on__isnull=True), name="functional_member_once"
            )
        ]

    @property
    def may_send(self) -> bool:
        return self.access != Access.READER

    @property
    def may_send_as(self) -> bool:
        """Under the mailbox's address alone, without naming themselves."""
        return self.access in {Access.OWNER, Access.DELEGATE}

    def __str__(self) -> str:
        return f"{self.person}: {self.mailbox}"
