"""Doors for views: a privileged view names the action it carries out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from .roles import Action

View = Callable[..., HttpResponseBase]


def action_required(*actions: Action) -> Callable[[View], View]:
    """Only for an account one of whose roles allows one of ``actions``; 403 for others, sign-in for strangers."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(request.user.may(action) for action in actions):  # type: ignore[union-attr]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
