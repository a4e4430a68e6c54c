"""Web sessions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone

from .account import Account


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
        from ecritoire.accounts.sessions import SessionStore

        return SessionStore
