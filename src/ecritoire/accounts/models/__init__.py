"""Accounts and everything that opens one."""

from .account import Account, AccountManager, RoleGrant
from .app_password import AppPassword
from .policy import AccessPolicy, Population
from .recovery import CorrectionRequest, OneTimeCode, RecoveryAddress, SecretQuestion
from .session import AccountSession, SessionManager
from .sign_in import SignInEvent

__all__ = [
    "AccessPolicy",
    "Account",
    "AccountManager",
    "AccountSession",
    "AppPassword",
    "CorrectionRequest",
    "OneTimeCode",
    "Population",
    "RecoveryAddress",
    "RoleGrant",
    "SecretQuestion",
    "SessionManager",
    "SignInEvent",
]
