"""Accounts and everything that opens one."""

from .account import Account, AccountManager, RoleGrant
from .alert import AlertLink, NetworkUse, SignInAlert, SignInProfile, SprayEpisode
from .api_client import ApiClient, ApiScope
from .app_password import AppFamily, AppPassword, MailProtocol
from .application import ApplicationRequest, TrustedFamily
from .factor import Passkey, RecoveryCode, TotpFactor, TrustedDevice, Vouching
from .intrusion import Intrusion, RecoveryChange
from .lifecycle import (
    AbsenceMessage,
    AccountTransition,
    EndPolicy,
    EndReminder,
    FamilyContact,
    LegalHold,
    PurgeProof,
)
from .lockout import Lockout
from .password import IdentityProof, PasswordHistory, PasswordReminder
from .policy import AccessPolicy, Population
from .recovery import CorrectionRequest, OneTimeCode, RecoveryAddress, SecretQuestion
from .session import AccountSession, SessionManager
from .sign_in import SignInEvent

__all__ = [
    "AbsenceMessage",
    "AccessPolicy",
    "Account",
    "AccountManager",
    "AccountSession",
    "AccountTransition",
    "AlertLink",
    "ApiClient",
    "ApiScope",
    "AppFamily",
    "AppPassword",
    "ApplicationRequest",
    "CorrectionRequest",
    "EndPolicy",
    "EndReminder",
    "FamilyContact",
    "IdentityProof",
    "Intrusion",
    "LegalHold",
    "Lockout",
    "MailProtocol",
    "NetworkUse",
    "OneTimeCode",
    "Passkey",
    "PasswordHistory",
    "PasswordReminder",
    "Population",
    "PurgeProof",
    "RecoveryAddress",
    "RecoveryChange",
    "RecoveryCode",
    "RoleGrant",
    "SecretQuestion",
    "SessionManager",
    "SignInAlert",
    "SignInEvent",
    "SignInProfile",
    "SprayEpisode",
    "TotpFactor",
    "TrustedDevice",
    "TrustedFamily",
    "Vouching",
]
