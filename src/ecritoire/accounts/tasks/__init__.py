"""Jobs of the accounts room. The worker finds every task through this package."""

from . import alerts, applications, contributors, factors, lifecycle, privacy, relaunch
from .mail import (
    lockouts_purge,
    send_address_changed,
    send_password_again,
    send_password_changed,
    send_renewal_reminder,
    send_reset_code,
    send_temporary_password,
    send_verification_code,
)

__all__ = [
    "alerts",
    "applications",
    "contributors",
    "factors",
    "lifecycle",
    "lockouts_purge",
    "privacy",
    "relaunch",
    "send_address_changed",
    "send_password_again",
    "send_password_changed",
    "send_renewal_reminder",
    "send_reset_code",
    "send_temporary_password",
    "send_verification_code",
]
