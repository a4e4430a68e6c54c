"""Accounts and everything that opens one."""

from .account import Account, AccountManager, RoleGrant
from .alert import AlertLink, NetworkUse, SignInAlert, SignInProfile, SprayEpisode
from .app_password import AppPassword
from .intrusion import Intrusion, RecoveryChange
from .policy import AccessPolicy, Population
from .recovery import CorrectionRequest, OneTimeCode, RecoveryAddress, SecretQuestion
from .session import AccountSession, SessionManager
from .sign_in import SignInEvent

__all__ = [
    "AccessPolicy",
    "Account",
    "AccountManager",
    "AccountSession",
    "AlertLink",
    "AppPassword",
    "CorrectionRequest",
    "Intrusion",
    "NetworkUse",
    "OneTimeCode",
    "Population",
    "RecoveryAddress",
    "RecoveryChange",
    "RoleGrant",
    "SecretQuestion",
    "SessionManager",
    "SignInAlert",
    "SignInEvent",
    "SignInProfile",
    "SprayEpisode",
]
