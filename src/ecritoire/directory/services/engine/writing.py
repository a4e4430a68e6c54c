"""The differences made true. Nothing here touches a row that is as it should be."""

from __future__ import annotations

from ecritoire.directory.services.rights import CHOSEN

from . import addressing
from .working import Working

STRUCTURES = """
INSERT INTO directory_structure (id, created_at, updated_at, organisation_id, uai, name, kind, city, search_name)
SELECT id, now(), now(), %(organisation)s, uai, name, kind, coalesce(city, ''), search FROM feed_structure WHERE op = 'created' ORDER BY seq;
UPDATE directory_structure s SET name = f.name, kind = f.kind, city = f.city, search_name = f.search, updated_at = now()
FROM feed_structure f WHERE f.id = s.id AND f.op = 'changed';
INSERT INTO directory_sourcestructure (created_at, updated_at, source_id, external_id, structure_id)
SELECT DISTINCT ON (key) now(), now(), %(source)s, key, id FROM feed_structure WHERE key IS NOT NULL ORDER BY key, seq
ON CONFLICT (source_id, external_id) DO UPDATE SET structure_id = EXCLUDED.structure_id, updated_at = now()
WHERE directory_sourcestructure.structure_id <> EXCLUDED.structure_id;
"""

# New people have their right at once: written a second later, it would cost each of them all their index entries again.
PEOPLE = f"""
WITH periods AS (
    SELECT t.person_id, t.starts_on, t.ends_on FROM feed_term t JOIN feed_wanted w USING (person_id) WHERE w.is_new
    UNION ALL
    SELECT a.person_id, a.starts_on, a.ends_on FROM feed_posting a JOIN feed_wanted w USING (person_id)
    WHERE w.is_new AND NOT EXISTS (SELECT 1 FROM feed_term t WHERE t.person_id = a.person_id)
), {CHOSEN}
INSERT INTO directory_person (id, created_at, updated_at, organisation_id, employee_number, title, given_name, family_name, birth_name,
    birth_date, category, search_name, search_birth_name, deceased_on, private_email, right_from, right_until)
SELECT w.person_id, now(), now(), %(organisation)s, employee_number, title, given_name, family_name, birth_name,
    birth_date, category, search_name, search_birth_name, deceased_on, private_email, c.starts_on, c.ends_on
FROM feed_wanted w LEFT JOIN chosen c USING (person_id) WHERE w.is_new ORDER BY w.seq;
UPDATE directory_person p SET employee_number = w.employee_number, title = w.title, given_name = w.given_name,
    family_name = w.family_name, birth_name = w.birth_name, birth_date = w.birth_date, category = w.category,
    search_name = w.search_name, search_birth_name = w.search_birth_name, deceased_on = w.deceased_on,
    private_email = w.private_email, updated_at = now()
FROM feed_wanted w WHERE w.person_id = p.id AND NOT w.is_new AND
    (p.employee_number, p.title, p.given_name, p.family_name, p.birth_name, p.birth_date, p.category, p.search_name,
     p.search_birth_name, p.deceased_on, p.private_email) IS DISTINCT FROM
    (w.employee_number, w.title, w.given_name, w.family_name, w.birth_name, w.birth_date, w.category, w.search_name,
     w.search_birth_name, w.deceased_on, w.private_email);
"""

RECORDS = """
INSERT INTO directory_sourcerecord (created_at, updated_at, source_id, external_id, person_id, digest, said, is_distinct)
SELECT now(), now(), %(source)s, external_id, person_id, digest, said, false FROM feed_incoming WHERE record_id IS NULL ORDER BY seq;
UPDATE directory_sourcerecord r SET person_id = i.person_id, digest = i.digest, said = i.said, gone_on = NULL, updated_at = now()
FROM feed_incoming i WHERE i.record_id = r.id;
UPDATE directory_sourcerecord r SET gone_on = %(today)s, digest = '', updated_at = now() FROM feed_gone g WHERE g.record_id = r.id;
"""

DOUBTS = """
UPDATE directory_doubtfulmatch d SET decision = 'void', decided_at = now(), updated_at = now()
FROM directory_sourcerecord r WHERE d.decision = 'pending' AND r.id = d.record_id AND r.source_id = %(source)s
    AND (r.person_id IS NOT NULL OR r.gone_on IS NOT NULL);
INSERT INTO directory_doubtfulmatch (created_at, updated_at, record_id, decision, acting_login)
SELECT now(), now(), r.id, 'pending', '' FROM feed_incoming i
JOIN directory_sourcerecord r ON r.source_id = %(source)s AND r.external_id = i.external_id
WHERE i.match = 'doubt' ON CONFLICT DO NOTHING;
INSERT INTO directory_doubtfulmatch_candidates (doubtfulmatch_id, person_id)
SELECT d.id, unnest(i.candidates) FROM feed_incoming i
JOIN directory_sourcerecord r ON r.source_id = %(source)s AND r.external_id = i.external_id
JOIN directory_doubtfulmatch d ON d.record_id = r.id AND d.decision = 'pending'
WHERE i.match = 'doubt' ON CONFLICT DO NOTHING;
"""


def _work(name: str, table: str, columns: str, values: str) -> str:
    every = f"person_id, source_id, {columns}, {values}"
    chosen = ", ".join(f"f.{column.strip()}" for column in every.split(","))
    update = ", ".join(f"{column.strip()} = f.{column.strip()}" for column in values.split(","))
    return f"""
DELETE FROM {table} d USING {name} f WHERE f.id = d.id AND f.op = 'cancelled';
UPDATE {table} d SET ends_on = %(today)s::date - 1, updated_at = now() FROM {name} f WHERE f.id = d.id AND f.op = 'ended';
UPDATE {table} d SET {update}, source_id = f.source_id, updated_at = now() FROM {name} f
WHERE f.id = d.id AND f.op IN ('changed', 'adopted');
INSERT INTO {table} (created_at, updated_at, {every})
SELECT now(), now(), {chosen} FROM {name} f LEFT JOIN feed_wanted w USING (person_id) WHERE f.op = 'created' ORDER BY w.seq;
"""


WORK = (
    _work("feed_assignment", "directory_assignment", "structure_id, function, starts_on", "function_code, ends_on")
    + _work("feed_contract", "directory_contract", "number", "starts_on, ends_on")
    + _work("feed_leave", "directory_leave", "starts_on", "kind, ends_on")
)


# The planner believes what it counted last: an empty table, after a first import.
COUNT_ANEW = """
ANALYZE directory_person; ANALYZE directory_assignment; ANALYZE directory_contract; ANALYZE directory_emailaddress
"""
MANY = 5_000


def write(working: Working) -> None:
    is_large = working.value("SELECT count(*) FROM feed_wanted") > MANY
    working.execute(STRUCTURES + PEOPLE)
    working.execute(RECORDS)
    if is_large:
        working.execute("ANALYZE directory_sourcerecord")
    working.execute(DOUBTS)
    working.execute(WORK)
    addressing.write(working)
    if is_large:
        working.execute(COUNT_ANEW)


CHANGES = """
DELETE FROM directory_feedchange WHERE run_id = %(run)s;
INSERT INTO directory_feedchange (run_id, kind, label, before, after, person_id)
SELECT %(run)s, kind, left(label, 300), left(before, 300), left(after, 300), p.id
FROM feed_change c LEFT JOIN directory_person p ON p.id = c.person_id ORDER BY kind, seq;
"""


def note_changes(working: Working) -> None:
    """Keep the differences with the run. In a simulation new people have no row to point to yet."""
    working.execute(CHANGES)
