"""Accounts and everything that opens one."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.common.roles import Action, Role, actions_of
from ecritoire.directory.models import Person, Structure


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """The sign-in and mailbox of a person. ``login`` is the person's identifier, their primary address."""

    class State(models.TextChoices):
        PROVISIONED = "provisioned", _("à activer")
        ACTIVATED = "activated", _("actif")
        SUSPENDED = "suspended", _("suspendu")
        DEACTIVATED = "deactivated", _("désactivé")

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    login = models.EmailField(unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.PROVISIONED)
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

    def __str__(self) -> str:
        return self.login

    @property
    def store_id(self) -> str:
        """The mailbox's name in the store: it outlives a change of name or address."""
        return f"u{self.pk}"

    @property
    def display_name(self) -> str:
        return str(self.person)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.state in {self.State.PROVISIONED, self.State.ACTIVATED}

    @property
    def is_activated(self) -> bool:
        return self.state == self.State.ACTIVATED

    @cached_property
    def roles(self) -> set[Role]:
        return {Role.AGENT} | {Role(grant.role) for grant in self.role_grants.all()}

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


class RecoveryAddress(BaseModel):
    """The alternate address. ``pending`` is one given but not yet verified; it replaces ``address`` once it is."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="recovery_address")
    address = models.EmailField(blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    pending = models.EmailField(blank=True)


class OneTimeCode(BaseModel):
    """A six-digit code sent to an alternate address; kept hashed, one for each purpose, used once."""

    class Purpose(models.TextChoices):
        VERIFY_ADDRESS = "verify_address", _("vérification de l'adresse de secours")
        RESET_PASSWORD = "reset_password", _("mot de passe oublié")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=14, choices=Purpose)
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "purpose"], name="code_one_per_purpose")]


class CorrectionRequest(BaseModel):
    """What a person says is wrong in their details; the DSI or HR corrects it at the source."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="correction_requests")
    text = models.TextField(max_length=2000)
    handled_at = models.DateTimeField(null=True, blank=True)


class SecretQuestion(BaseModel):
    """A further check in recovery, never sufficient alone. The case-folded answer is hashed like a password."""

    class Question(models.TextChoices):
        FIRST_STREET = "first_street", _("Dans quelle rue avez-vous habité en premier ?")
        CHILDHOOD_FRIEND = "childhood_friend", _("Quel est le prénom de votre meilleur ami d'enfance ?")
        FIRST_CONCERT = "first_concert", _("Quel est le premier concert auquel vous avez assisté ?")
        DREAM_TRADE = "dream_trade", _("Quel métier vouliez-vous faire à dix ans ?")
        FIRST_JOB_CITY = "first_job_city", _("Dans quelle ville avez-vous exercé votre premier emploi ?")
        FAVOURITE_BOOK = "favourite_book", _("Quel livre avez-vous relu le plus souvent ?")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="secret_questions")
    question = models.CharField(max_length=20, choices=Question)
    answer_hash = models.CharField(max_length=128)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "question"], name="secret_question_once")]


class SessionManager(BaseSessionManager["AccountSession"]):
    use_in_migrations = True


class AccountSession(AbstractBaseSession):
    """A web session, with what its owner needs to recognise it and revoke it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(auto_now=True)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)

    objects: ClassVar = SessionManager()

    @classmethod
    def get_session_store_class(cls) -> type:
        from .sessions import SessionStore

        return SessionStore


class AppPassword(BaseModel):
    """A secret for one mail application. Random and long, so a keyed hash (HMAC-SHA-256) is enough."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="app_passwords")
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_address = models.GenericIPAddressField(null=True, blank=True)
    last_used_protocol = models.CharField(max_length=8, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class SignInEvent(models.Model):
    """One attempt to sign in, on any protocol."""

    class Protocol(models.TextChoices):
        WEB = "web", _("site web")
        IMAP = "imap", "IMAP"
        POP3 = "pop3", "POP3"
        SMTP = "smtp", "SMTP"

    class Result(models.TextChoices):
        SUCCESS = "success", _("réussie")
        WRONG_PASSWORD = "wrong_password", _("mot de passe incorrect")
        UNKNOWN_LOGIN = "unknown_login", _("identifiant inconnu")
        EXPIRED = "expired", _("mot de passe temporaire expiré")
        LOCKED = "locked", _("trop de tentatives")
        INACTIVE = "inactive", _("compte fermé")
        FORGIVEN = "forgiven", _("échec effacé par l'assistance")
        NOT_ACTIVATED = "not_activated", _("compte à activer")

    at = models.DateTimeField(auto_now_add=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="sign_ins")
    login = models.CharField(max_length=254)
    protocol = models.CharField(max_length=4, choices=Protocol)
    result = models.CharField(max_length=14, choices=Result)
    address = models.GenericIPAddressField(null=True)
    application = models.CharField(max_length=300, blank=True, help_text="user agent, or the app password's name")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["account", "-at"]), models.Index(fields=["login", "address", "-at"])]
