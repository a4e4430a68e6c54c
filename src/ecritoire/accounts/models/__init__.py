"""Accounts and everything that opens one."""

from .account import Account, AccountManager, RoleGrant
from .app_password import AppPassword
from .factor import Passkey, RecoveryCode, TotpFactor, TrustedDevice, Vouching
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
    "Passkey",
    "PasswordHistory",
    "PasswordReminder",
    "Population",
    "RecoveryAddress",
    "RecoveryCode",
    "RoleGrant",
    "SecretQuestion",
    "SessionManager",
    "SignInEvent",
    "TotpFactor",
    "TrustedDevice",
    "Vouching",
]
