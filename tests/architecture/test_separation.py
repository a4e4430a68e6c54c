"""Two académies in one installation: nobody of one, whatever their role, sees or changes anything of the other.

Every address of the project is asked for with the keys of the other académie's rows, and each page read for its mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.urls.converters import IntConverter, UUIDConverter

from ecritoire.accounts.services import role_grant
from ecritoire.common.roles import Action, Role, actions_of
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Structure
from ecritoire.directory.services import organisation_ensure
from tests.architecture.pages import ANYBODY, PROTOCOL
from tests.architecture.strangers import KEY, MARK, PLACE, UAI, WORD, Strangers
from tests.architecture.test_permissions import WALKED, access

NOT_FOUND = {
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.FOUND,
    HTTPStatus.GONE,
}
TEXTS = {"number": ["9999-900001"], "uai": [UAI], "name": ["suspend", "revoke"], "protocol": ["oidc"], "key": [MARK]}
QUERY = {"q": WORD, "uai": UAI, "structure": UAI, "state": "all", "school": WORD, "person": KEY, "account": KEY}
FORM: dict[str, Any] = {
    "pk": KEY,
    "account": [KEY],
    "person": KEY,
    "structure": UAI,
    "role": "support",
    "reason": "x",
    "text": "x",
    "kind": "passwords",
    "decision": "approve",
    "enabled": "no",
    "confirm": "yes",
    "login": f"{MARK}.{WORD}",
    "proof": "card",
    "seen": "on",
    "do": "note",
    "note-text": "x",
    "email": f"{MARK}.{WORD}",
}
TYPED = f'value="{FORM["login"]}"'
"""What a form gives back of what was typed into it."""

LEFT_OUT = {"accounts:sign-out", "set_language", "accounts:session-end", "accounts:sessions-end-others"}
"""What would end the session of who walks."""
WEBMAIL = {"webmail:recipients"}
"""The other pages of the webmail open the store as the person, who has one mailbox there."""

ROLES = [
    Role.ADMINISTRATOR,
    Role.SECURITY,
    Role.SUPPORT,
    Role.LOCAL_CONTACT,
    Role.COMMUNICATION,
    Role.SPECIALIST,
    Role.PLATFORM,
]


@pytest.fixture
def strangers(db):
    """Builds the other académie's rows, its journal among them."""

    def make(organisation):
        made = Strangers(organisation).make_all()
        login = f"{MARK}.{WORD}@{organisation.mail_domain}"
        audit_record(acting_user=None, action="test.mark", target=login, reason=MARK)
        return made

    return make


def addresses() -> Iterator[tuple[str, str]]:
    """Each page a signed-in person may come to, with the other académie's keys in its address."""
    for name, pattern in WALKED.items():
        asked = access(name)
        if asked in (ANYBODY, PROTOCOL) or name in LEFT_OUT or (name.startswith("webmail:") and name not in WEBMAIL):
            continue
        for texts in range(2):
            values = {}
            for key, kind in pattern.pattern.converters.items():
                known = TEXTS.get(key, [MARK])
                keys = {IntConverter: KEY, UUIDConverter: f"00000000-0000-0000-0000-{KEY:012x}"}
                values[key] = keys.get(type(kind), known[texts % len(known)])
            try:
                yield name, reverse(name, kwargs=values)
            except NoReverseMatch:
                continue
            if not any(len(TEXTS.get(key, [])) > 1 for key in values):
                break


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace").lower()


def keyed(name: str) -> bool:
    """The address names a row."""
    kinds = WALKED[name].pattern.converters
    return any(
        isinstance(kind, IntConverter | UUIDConverter) or key in {"number", "uai"} for key, kind in kinds.items()
    )


def walk(browser: Any, hidden: list[str]) -> list[str]:
    """What is wrong, one line each. The form is sent last: what it might change must not help the page."""
    wrong = []
    browser.raise_request_exception = False
    for name, url in addresses():
        for method, data in (("get", QUERY), ("post", FORM)):
            answer = getattr(browser, method)(url, data)
            text = body(answer).replace(TYPED, "").replace(url.lower(), "")
            found = [word for word in hidden if word.lower() in text]
            if found:
                wrong.append(f"{method} {name} {url} ({answer.status_code}) shows {found}")
            elif answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                wrong.append(f"{method} {name} {url}: {answer.status_code}")
            elif keyed(name) and answer.status_code not in NOT_FOUND:
                wrong.append(f"{method} {name} {url} answers {answer.status_code} for a row of the other académie")
    return wrong


def see_nothing(browser: Any, others: Strangers, hidden: list[str]) -> None:
    before = others.snapshot()
    wrong = walk(browser, hidden)
    after = others.snapshot()
    wrong += [f"{name}: {before[name]} became {after[name]}" for name in before if before[name] != after[name]]
    assert not wrong, "\n".join(wrong)


def test_it_works(strangers, rivemont):
    """The walk would notice: the mark is in the pages of who belongs there."""
    made = strangers(rivemont)
    assert not made.unmade, f"give tests/architecture/strangers.py what these models ask for: {made.unmade}"
    assert made.rows["support.Ticket"].organisation == rivemont
    assert made.rows["accounts.Account"].person.organisation == rivemont


def test_the_walk_notices(strangers, sign_in, admin):
    strangers(organisation_ensure())
    assert len(walk(sign_in(admin), [MARK])) > 10, "an administrator sees their own académie's people"


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_the_installation_s_own_academie(strangers, sign_in, make_account, rivemont, role):
    others = strangers(organisation_ensure())
    viewer = _viewer(make_account, rivemont, role)
    see_nothing(sign_in(viewer), others, [MARK, PLACE, *([] if role == Role.PLATFORM else [settings.SITE_NAME])])


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SUPPORT])
def test_nothing_of_another_academie(strangers, sign_in, make_account, rivemont, role):
    others = strangers(rivemont)
    viewer = _viewer(make_account, organisation_ensure(), role)
    see_nothing(sign_in(viewer), others, [MARK, PLACE, rivemont.name])


def test_every_role_walks():
    """A role that sees more than its own things, added one day, is walked too."""
    seeing = {role for role in Role if actions_of({role}) - {Action.JOB_VIEW}}
    assert seeing == set(ROLES)


def _viewer(make_account, organisation, role):
    viewer = make_account("Olga", "Voisine", *([] if role == Role.LOCAL_CONTACT else [role]), organisation=organisation)
    if role == Role.LOCAL_CONTACT:
        here = Structure.objects.create(
            organisation=organisation, uai="0980011X", name="Collège voisin", kind="middle", city="Rivemont"
        )
        role_grant(account=viewer, role=role, structure=here, acting_user=None)
        from conftest import enrol_totp

        enrol_totp(viewer)
    return viewer
