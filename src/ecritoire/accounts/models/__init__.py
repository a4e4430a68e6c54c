"""Accounts and everything that opens one."""

from .account import Account, AccountManager, RoleGrant
from .app_password import AppPassword
from .lockout import Lockout
from .password import IdentityProof, PasswordHistory, PasswordReminder
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
    "IdentityProof",
    "Lockout",
    "OneTimeCode",
    "PasswordHistory",
    "PasswordReminder",
    "Population",
    "RecoveryAddress",
    "RoleGrant",
    "SecretQuestion",
    "SessionManager",
    "SignInEvent",
]
