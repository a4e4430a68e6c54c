"""Scopes are the names of claims, and ``openid``, ``profile``, ``email``."""

from __future__ import annotations

from typing import Any

from oauth2_provider.scopes import BaseScopes

from ecritoire.portal.sso.claims import SCOPES


class ClaimScopes(BaseScopes):  # type: ignore[misc]
    """Any of ours may be asked; what is released is what the service is registered for."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope: scope for scope in SCOPES}

    def get_available_scopes(self, *args: Any, **kwargs: Any) -> list[str]:
        return list(SCOPES)

    def get_default_scopes(self, *args: Any, **kwargs: Any) -> list[str]:
        return ["openid"]
