"""What stands between a request and its view: the mail proxy's short way in; until an account is activated, the activation
path alone; once its password is out of date, the renewal page; then, where one must enrol a second factor, that page."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ecritoire.common.requests import client_address

from .models import Account, SignInEvent
from .renewal import REMINDERS, days_left, due_on
from .services.history import sign_in_record

OPEN = {
    "accounts:sign-out",
    "accounts:sign-in",
    "set_language",
    "accounts:password-strength",
    "accounts:alert-link",
    "accounts:alert-prove",
}
MAIL_AUTH = "/interne/mail-auth"


class MailAuthMiddleware:
    """Answers nginx's mail proxy at once: sessions, languages and browser headers would cost more than the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from .views.mail_auth import mail_auth

        return mail_auth(request) if request.path_info == MAIL_AUTH else self._get_response(request)


class ActivationMiddleware:
    """Until an account is activated, only the activation path is open to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.session.get("public") and request.user.is_authenticated:
            request.user.on_public_computer = True
        if name in OPEN or name.startswith("accounts:activation"):
            return None
        account = request.user
        if not account.is_authenticated:
            return None
        if not account.is_activated or account.must_change_password:
            return redirect("accounts:activation")
        return None


class RenewalMiddleware:
    """Reads the date when somebody signs in, once an hour and whenever the password changes; in between, it costs nothing."""

    RENEWAL, EVERY_SECONDS = "accounts:renewal", 3600

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        account = request.user
        if isinstance(account, Account) and "renewal" not in request.session:  # just signed in
            self._due_on(request, account)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        account = request.user
        if name in OPEN or not isinstance(account, Account) or not account.is_activated:
            return None
        due = self._due_on(request, account)
        if due is None or days_left(due) > max(REMINDERS):
            return None
        request.renewal_due_on = due  # type: ignore[attr-defined]
        if days_left(due) >= 0 or name == self.RENEWAL:
            return None
        self._record_once(request, account)
        return redirect(self.RENEWAL)

    def _due_on(self, request: HttpRequest, account: Account) -> dt.date | None:
        changed = account.password_changed_at.isoformat() if account.password_changed_at else ""
        known = request.session.get("renewal")
        if not known or known["changed"] != changed or time.time() - known["at"] > self.EVERY_SECONDS:
            due = due_on(account)
            known = {"due": due.isoformat() if due else "", "changed": changed, "at": time.time()}
            request.session["renewal"] = known
        return dt.date.fromisoformat(known["due"]) if known["due"] else None

    def _record_once(self, request: HttpRequest, account: Account) -> None:
        """The reason the person does not get in, in their history; not a failure, so nothing locks."""
        if request.session.get("renewal_recorded"):
            return
        request.session["renewal_recorded"] = True
        sign_in_record(
            login=account.login,
            account=account,
            protocol=SignInEvent.Protocol.WEB,
            result=SignInEvent.Result.PASSWORD_EXPIRED,
            address=client_address(request),
            application=request.headers.get("User-Agent", ""),
        )


class FactorMiddleware:
    """A person who must enrol a second factor goes there first. Stands after ActivationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.session.get("must_enrol"):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN or name.startswith(("accounts:factor", "accounts:activation", "accounts:renewal")):
            return None
        account = request.user
        if not account.is_authenticated or not account.is_activated or account.must_change_password:
            return None
        return redirect("accounts:factors")
