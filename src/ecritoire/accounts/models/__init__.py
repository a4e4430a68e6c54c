"""Accounts and everything that opens one."""

from .account import Account, AccountManager, RoleGrant
from .alert import AlertLink, NetworkUse, SignInAlert, SignInProfile, SprayEpisode
from .api_client import ApiClient, ApiScope
from .app_password import AppFamily, AppPassword, MailProtocol
from .application import ApplicationRequest, TrustedFamily
from .factor import Passkey, RecoveryCode, TotpFactor, TrustedDevice, Vouching
from .intrusion import Intrusion, RecoveryChange
from .lifecycle import AccountTransition, EndPolicy, LegalHold
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
    "AccountTransition",
    "AlertLink",
    "ApiClient",
    "ApiScope",
    "AppFamily",
    "AppPassword",
    "ApplicationRequest",
    "CorrectionRequest",
    "EndPolicy",
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
