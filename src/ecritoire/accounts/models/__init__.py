"""Accounts and everything that opens one."""

from .account import Account, AccountManager, RoleGrant
from .alert import AlertLink, NetworkUse, SignInAlert, SignInProfile, SprayEpisode
from .api_client import FEEDING, ApiClient, ApiScope
from .app_password import AppFamily, AppPassword, MailProtocol
from .application import ApplicationRequest, TrustedFamily
from .contributor import (
    ContributorDelegation,
    ContributorKind,
    ContributorPolicy,
    ContributorReminder,
    ContributorRequest,
    ContributorStep,
)
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
from .privacy import PrivacyRequest
from .recovery import OneTimeCode, RecoveryAddress, SecretQuestion
from .relaunch import Relaunch, RelaunchBatch
from .session import AccountSession, SessionManager
from .sign_in import SignInEvent

__all__ = [
    "FEEDING",
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
    "ContributorDelegation",
    "ContributorKind",
    "ContributorPolicy",
    "ContributorReminder",
    "ContributorRequest",
    "ContributorStep",
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
    "PrivacyRequest",
    "PurgeProof",
    "RecoveryAddress",
    "RecoveryChange",
    "RecoveryCode",
    "Relaunch",
    "RelaunchBatch",
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
