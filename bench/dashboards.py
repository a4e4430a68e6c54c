"""The dashboards of 35,000 accounts, 1,100 structures and three years of movements, beside the bare SQL of each figure.

Made within a transaction, measured, undone.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from django.test import Client

from ecritoire.accounts.dashboards import activation, ends, life
from ecritoire.accounts.dashboards import pending as waiting
from ecritoire.accounts.dashboards.scope import Scope
from ecritoire.accounts.models import Account
from ecritoire.directory.services import organisation_ensure
from launcher.site import Site

from .common import in_turn, person, show

PEOPLE, SCHOOLS, ROUNDS = 35_000, 1_100, 7
SEED = """
INSERT INTO directory_structure (created_at, updated_at, organisation_id, uai, name, kind, city, search_name)
SELECT now(), now(), %(organisation)s, '097' || lpad(n::text, 4, '0') || 'X', 'Lycée n° ' || n, 'high', 'Ville', 'lycee ' || n
FROM generate_series(1, %(schools)s) n;
INSERT INTO directory_person (created_at, updated_at, organisation_id, employee_number, title, given_name, family_name, birth_name,
    search_birth_name, category, search_name, private_email, right_from, right_until)
SELECT now(), now(), %(organisation)s, 'BENCH' || n, '', 'Prénom' || n, 'Nom' || n, '', '',
    (ARRAY['teacher', 'administrative', 'contract', 'external'])[1 + n %% 4], 'prenom' || n || ' nom' || n,
    CASE WHEN n %% 5 < 4 THEN 'p' || n || '@ailleurs.test' ELSE '' END, current_date - 900 + n %% 900,
    CASE WHEN n %% 4 > 1 THEN current_date + n %% 400 END
FROM generate_series(1, %(people)s) n;
INSERT INTO accounts_account (password, person_id, login, state, generation, created_at, activated_at, closes_on)
SELECT '', p.id, 'bench' || p.id || '@bench.test',
    CASE WHEN r < 3 THEN 'provisioned' WHEN r = 3 THEN 'ending' WHEN r = 4 THEN 'deactivated' ELSE 'activated' END, 1, p.arrived,
    CASE WHEN r >= 3 THEN p.arrived + make_interval(days => CASE WHEN r = 99 THEN 120 ELSE 1 + r %% 60 END) END,
    CASE WHEN r = 3 THEN current_date + p.id::int %% 30 END
FROM (SELECT id, (id * 7919 %% 100)::int AS r, now() - make_interval(days => (id * 104729 %% 1000)::int) AS arrived
    FROM directory_person WHERE employee_number LIKE 'BENCH%%') p;
INSERT INTO directory_assignment (created_at, updated_at, person_id, structure_id, function, function_code, starts_on)
SELECT now(), now(), p.id, s.id, 'Professeur', 'ENS', current_date - 900
FROM (SELECT id, row_number() OVER () AS n FROM directory_person WHERE employee_number LIKE 'BENCH%%') p
JOIN (SELECT id, row_number() OVER () - 1 AS n FROM directory_structure WHERE uai LIKE '097%%X') s ON s.n = p.n %% %(schools)s
    OR (p.n %% 10 = 0 AND s.n = (p.n + 7) %% %(schools)s);
INSERT INTO accounts_accounttransition (created_at, updated_at, account_id, generation, event, from_state, to_state, "on", reason,
    words, acting_login)
SELECT now(), now(), a.id, 1, e.event, '', 'activated', (a.created_at + make_interval(days => e.after))::date, 'decision', '', ''
FROM accounts_account a CROSS JOIN (VALUES ('provision', 0), ('activate', 9), ('end', 300), ('renew', 310)) AS e (event, after)
WHERE a.login LIKE 'bench%%' AND a.created_at + make_interval(days => e.after) < now();
ANALYZE directory_person, directory_structure, directory_assignment, accounts_account, accounts_accounttransition;
"""
BARE = {
    "activation": """SELECT date_trunc('month', a.created_at AT TIME ZONE 'Europe/Paris'), count(*), count(*) FILTER (
        WHERE activated_at <= a.created_at + interval '3 months') FROM accounts_account a JOIN directory_person p
        ON p.id = a.person_id WHERE p.organisation_id = %(organisation)s GROUP BY 1""",
    "schools": """SELECT s.structure_id, count(*), count(*) FILTER (WHERE activated_at <= a.created_at + interval '3 months')
        FROM accounts_account a JOIN directory_person p ON p.id = a.person_id JOIN directory_assignment s ON s.person_id = p.id
        WHERE p.organisation_id = %(organisation)s AND a.created_at > now() - interval '1 year' GROUP BY 1""",
    "states": """SELECT a.state, count(*) FROM accounts_account a JOIN directory_person p ON p.id = a.person_id
        WHERE p.organisation_id = %(organisation)s GROUP BY 1""",
    "states by school": """SELECT s.structure_id, a.state, count(DISTINCT p.id) FROM accounts_account a JOIN directory_person p
        ON p.id = a.person_id JOIN directory_assignment s ON s.person_id = p.id
        WHERE p.organisation_id = %(organisation)s GROUP BY 1, 2""",
    "flows": """SELECT date_trunc('week', t.on), t.event, count(*) FROM accounts_accounttransition t JOIN accounts_account a
        ON a.id = t.account_id JOIN directory_person p ON p.id = a.person_id
        WHERE p.organisation_id = %(organisation)s AND t.on > current_date - 84 GROUP BY 1, 2""",
    "pending": """SELECT s.structure_id, count(*) FROM accounts_account a JOIN directory_assignment s USING (person_id)
        WHERE a.state = 'provisioned' GROUP BY 1""",
    "ends": """SELECT count(*) FROM accounts_account a JOIN directory_person p ON p.id = a.person_id WHERE
        p.organisation_id = %(organisation)s AND (right_until BETWEEN current_date AND current_date + 30
        OR closes_on BETWEEN current_date AND current_date + 30)""",
}
PAGES = {
    "overview": "/compte/tableaux/",
    "activation": "/compte/statistiques/activation/",
    "activation, two periods": "/compte/statistiques/activation/?compare=year",
    "people of a figure": "/compte/statistiques/activation/personnes/?outcome=waiting",
    "to activate": "/compte/tableaux/a-activer/",
    "ends": "/compte/tableaux/fins/",
    "states": "/compte/tableaux/etats/",
    "feeds": "/compte/tableaux/flux/",
}


def run(site: Site) -> None:
    who = Account.objects.get(login=person(site, "Nadia")["sign_in"])
    with transaction.atomic():
        values = {"organisation": organisation_ensure().pk, "people": PEOPLE, "schools": SCHOOLS}
        with connection.cursor() as cursor:
            cursor.execute(SEED, values)
        scope = Scope(values["organisation"])
        _figures(scope, values)
        _pages(who)
        transaction.set_rollback(True)


def _figures(scope: Scope, values: dict[str, int]) -> None:
    period = activation.last_months()
    measured: dict[str, Callable[[], object]] = {
        "activation": lambda: activation.by_month(scope, period),
        "schools": lambda: activation.by_school(scope, period),
        "states": lambda: life.states(scope),
        "states by school": lambda: life.by_school(scope),
        "flows": lambda: life.by_week(scope),
        "pending": lambda: waiting.schools_pending(scope),
        "ends": lambda: ends.windows(scope),
    }
    for what, work in measured.items():
        found = in_turn(work, lambda query=BARE[what]: _bare(query, values), ROUNDS)  # type: ignore[misc]
        show(f"figure: {what}", *found, "ms", "under 3 times; control: the bare SQL")


def _bare(query: str, values: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        cursor.fetchall()


def _pages(who: Account) -> None:
    browser = Client(HTTP_HOST="localhost", HTTP_X_REAL_IP="127.0.0.1")
    browser.force_login(who)

    def fetch(address: str) -> None:
        assert browser.get(address, secure=True).status_code == 200

    for what, address in PAGES.items():
        found = in_turn(lambda a=address: fetch(a), lambda: fetch("/compte/sessions/"), ROUNDS)  # type: ignore[misc]
        show(f"page: {what}", *found, "ms", "under 1,000 ms; control: a page without figures")
