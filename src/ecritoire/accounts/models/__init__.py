"""Accounts and everything that opens one."""

from .account import Account, AccountManager, RoleGrant
from .app_password import AppFamily, AppPassword, MailProtocol
from .application import ApplicationRequest, TrustedFamily
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
    "AppFamily",
    "AppPassword",
    "ApplicationRequest",
    "CorrectionRequest",
    "IdentityProof",
    "Lockout",
    "MailProtocol",
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
    "TrustedFamily",
    "Vouching",
]
