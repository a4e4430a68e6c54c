"""All that a mail sign-in must know, in one hand-written query: the ORM would spend ten times as long on composing it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from ecritoire.accounts.models import Account, AppPassword, SignInEvent

# A login is the person's primary address; one they had before a change of name opens the same account for as long as it is kept.
QUERY = """
SELECT %(address)s::inet IS NULL OR EXISTS (
        SELECT FROM accounts_signinevent WHERE login = coalesce(a.login, %(login)s) AND address = %(address)s::inet
        AND at > %(yesterday)s AND result <> 'success') AS failed,
       a.login, a.id, a.state, a.generation, p.id, p.name, p.revoked_at,
       p.protocols @> to_jsonb(%(protocol)s::text) AS in_scope,
       p.last_used_at > %(lately)s AND p.last_used_protocol = %(protocol)s AND p.last_used_address = %(address)s::inet
       AS noted
FROM (SELECT 1) AS one
     LEFT JOIN accounts_account a ON a.id = coalesce(
        (SELECT id FROM accounts_account WHERE login = %(login)s),
        (SELECT old.id FROM accounts_account old JOIN directory_emailaddress e ON e.person_id = old.person_id
         WHERE e.address = %(login)s AND NOT e.is_primary AND e.retired_at IS NULL))
     LEFT JOIN accounts_apppassword p ON p.account_id = a.id AND p.secret_hash = %(hash)s
"""
ACCOUNT, APP_PASSWORD = ("id", "state", "generation"), ("id", "name", "revoked_at")


@dataclass(frozen=True)
class MailFacts:
    """``login`` is the account's own, whatever address was typed; ``noted`` says that this very use was recorded lately; ``failed`` that some try of the pair failed since yesterday."""

    login: str
    account: Account | None
    app_password: AppPassword | None
    in_scope: bool
    noted: bool
    failed: bool


def mail_facts(
    *, login: str, secret_hash: str, protocol: SignInEvent.Protocol, address: str, quiet: dt.timedelta
) -> MailFacts:
    """Who ``login`` is, and what the secret of that hash opens there. One query, for known and unknown names."""
    now = timezone.now()
    values = {
        "login": login,
        "hash": secret_hash,
        "protocol": str(protocol),
        "address": address or None,
        "lately": now - quiet,
        "yesterday": now - dt.timedelta(days=1),
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, values)
        failed, known_as, account_id, state, generation, *rest = cursor.fetchone()
    if account_id is None:
        return MailFacts(login, None, None, in_scope=False, noted=False, failed=failed)
    account = Account.from_db("default", ACCOUNT, (account_id, state, generation))
    pk, name, revoked_at, in_scope, noted = rest
    row = AppPassword.from_db("default", APP_PASSWORD, (pk, name, revoked_at)) if pk else None
    return MailFacts(known_as, account, row, in_scope=bool(in_scope), noted=bool(noted), failed=failed)
