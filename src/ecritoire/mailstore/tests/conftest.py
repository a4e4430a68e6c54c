from __future__ import annotations

import uuid

import pytest

from ecritoire.accounts.models import Account
from ecritoire.mailstore import services


@pytest.fixture
def newcomer(anne: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Anne under a store id that no mailbox has yet."""
    name = f"n{uuid.uuid4().hex[:12]}"
    monkeypatch.setattr(Account, "store_id", property(lambda self: name))
    monkeypatch.setattr(services, "OTHER_SIGN_IN_SECONDS", 0.5)
    return anne
