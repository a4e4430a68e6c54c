"""Writes of the accounts room, as the rooms above may call them."""

from .access import HelpKind, access_revoke, help_request, sessions_end
from .app_passwords import app_password_create, app_password_revoke
from .letters import LetterKind, letters_make
from .probe import probe_ensure
from .provisioning import accounts_provision
from .roles import role_grant, role_revoke
from .tokens import mail_token_issue

__all__ = [
    "HelpKind",
    "LetterKind",
    "access_revoke",
    "accounts_provision",
    "app_password_create",
    "app_password_revoke",
    "help_request",
    "letters_make",
    "mail_token_issue",
    "probe_ensure",
    "role_grant",
    "role_revoke",
    "sessions_end",
]
