"""Who may open each page: the table ``test_permissions`` walks. A page that is missing here fails the tests.

A page is for ANYBODY, for whoever is SIGNED_IN, or for those who may carry out one of some actions. Whose things a
page shows once it is open (one's own, one's school's) is tested in the rooms.
"""

from __future__ import annotations

from ecritoire.common.roles import Action

ANYBODY = "anybody"
SIGNED_IN = "signed in"
INTERNAL = "another program, known by a secret"
Access = str | set[Action]

PAGES: dict[str, Access] = {
    "set_language": ANYBODY,
    "mail-auth": INTERNAL,
    # portal
    "portal:home": SIGNED_IN,
    "portal:favourite": SIGNED_IN,
    # accounts: the way in
    "accounts:sign-in": ANYBODY,
    "accounts:sign-out": ANYBODY,
    "accounts:forgotten": ANYBODY,
    "accounts:forgotten-check": ANYBODY,
    "accounts:forgotten-password": ANYBODY,
    "accounts:activation": SIGNED_IN,
    "accounts:activation-password": SIGNED_IN,
    "accounts:activation-details": SIGNED_IN,
    "accounts:activation-address": SIGNED_IN,
    "accounts:activation-address-again": SIGNED_IN,
    "accounts:activation-questions": SIGNED_IN,
    "accounts:activation-memo": SIGNED_IN,
    # accounts: one's own
    "accounts:password": SIGNED_IN,
    "accounts:recovery": SIGNED_IN,
    "accounts:sessions": SIGNED_IN,
    "accounts:sessions-end-others": SIGNED_IN,
    "accounts:session-end": SIGNED_IN,
    "accounts:history": SIGNED_IN,
    "accounts:app-passwords": SIGNED_IN,
    "accounts:app-password-revoke": SIGNED_IN,
    # accounts: the console
    "accounts:letters": {Action.LETTER_ISSUE},
    "accounts:letters-make": {Action.LETTER_ISSUE},
    "accounts:letter-reset": {Action.ACCOUNT_MANAGE},
    "accounts:person-history": {Action.PERSON_VIEW},
    "accounts:act": {Action.ACCOUNT_MANAGE},
    "accounts:role-grant": {Action.ROLE_GRANT},
    "accounts:role-revoke": {Action.ROLE_GRANT},
    "accounts:journal": {Action.AUDIT_VIEW},
    "accounts:journal-export": {Action.AUDIT_VIEW},
    "accounts:corrections": {Action.ACCOUNT_MANAGE},
    "accounts:school": {Action.SCHOOL_VIEW},
    "accounts:school-identifiers": {Action.SCHOOL_VIEW},
    "accounts:statistics-activation": {Action.STATISTICS_VIEW},
    # directory
    "directory:people": {Action.PERSON_VIEW, Action.SCHOOL_VIEW},
    "directory:people-export": {Action.PERSON_EXPORT},
    "directory:person": {Action.PERSON_VIEW, Action.SCHOOL_VIEW},
    "directory:structures": {Action.PERSON_VIEW},
    "directory:feed": {Action.FEED_IMPORT},
    "directory:feed-confirm": {Action.FEED_IMPORT},
    "directory:feed-template": {Action.FEED_IMPORT},
    # support
    "support:mine": SIGNED_IN,
    "support:ask": SIGNED_IN,
    "support:ticket": SIGNED_IN,
    "support:settle": SIGNED_IN,
    "support:queue": {Action.TICKET_HANDLE},
    "support:handle": {Action.TICKET_HANDLE},
    "support:take": {Action.TICKET_HANDLE},
    "support:school-queue": {Action.TICKET_RELAY},
    "support:school-ticket": {Action.TICKET_RELAY},
    "support:ask-for": {Action.TICKET_RELAY, Action.TICKET_HANDLE},
}
ROOMS_FOR_EVERYBODY = {"webmail": SIGNED_IN}
"""Rooms whose every page is one's own."""
