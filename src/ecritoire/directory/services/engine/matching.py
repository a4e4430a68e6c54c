"""Who each changed record is about: somebody the source named before, somebody known by other means, or somebody new.

The same key of the same source; else the same employee number; else the same birth date, given name and family name (today's or
at birth, whatever the accents and hyphens). A name without a birth date, several candidates, or numbers that contradict each
other are doubtful: nothing is applied until somebody decides. A source never names one person twice: whoever it
names already is no candidate, unless it has just stopped to.
"""

from __future__ import annotations

from .working import Working

CHANGED = """
CREATE TEMP TABLE feed_incoming ON COMMIT DROP AS
SELECT s.seq, s.line, s.external_id, s.digest, s.said, r.id AS record_id, r.person_id, coalesce(r.is_distinct, false) AS is_distinct,
    nullif(s.said ->> 'employee_number', '') AS number, (s.said ->> 'birth_date')::date AS birth_date,
    CASE WHEN r.gone_on IS NULL THEN r.said END AS old_said,
    CASE WHEN r.person_id IS NOT NULL THEN 'known' END AS match, NULL::bigint[] AS candidates
FROM directory_stagedentry s
LEFT JOIN directory_sourcerecord r ON r.source_id = %(source)s AND r.external_id = s.external_id
WHERE s.token = %(token)s AND s.kind = 'p' AND (r.id IS NULL OR r.digest <> s.digest OR r.gone_on IS NOT NULL);
CREATE UNIQUE INDEX ON feed_incoming (seq);
CREATE INDEX ON feed_incoming (person_id);
CREATE TEMP TABLE feed_gone ON COMMIT DROP AS
SELECT r.id AS record_id, r.person_id, r.external_id, r.said FROM directory_sourcerecord r
WHERE r.source_id = %(source)s AND r.gone_on IS NULL AND (%(absent_are_gone)s OR EXISTS (
    SELECT 1 FROM directory_stagedentry s WHERE s.token = %(token)s AND s.kind = 'r' AND s.external_id = r.external_id))
AND NOT EXISTS (
    SELECT 1 FROM directory_stagedentry s WHERE s.token = %(token)s AND s.kind = 'p' AND s.external_id = r.external_id);
CREATE INDEX ON feed_gone (record_id);
ANALYZE feed_incoming; ANALYZE feed_gone;
"""

BY_NUMBER = """
UPDATE feed_incoming i SET person_id = p.id, match = 'number' FROM directory_person p
WHERE i.match IS NULL AND NOT i.is_distinct AND p.organisation_id = %(organisation)s AND p.employee_number = i.number
    AND (p.birth_date IS NULL OR i.birth_date IS NULL OR p.birth_date = i.birth_date
         OR directory_name_key(p.search_name) = directory_name_key(i.said ->> 'search'));
UPDATE feed_incoming i SET match = 'doubt', candidates = ARRAY[p.id] FROM directory_person p
WHERE i.match IS NULL AND NOT i.is_distinct AND p.organisation_id = %(organisation)s AND p.employee_number = i.number;
"""

# Numbers of our own making hold a colon ("source:key"): they contradict none.
BY_NAME = """
CREATE TEMP TABLE feed_candidate ON COMMIT DROP AS
WITH keys AS (
    SELECT seq, birth_date, number, directory_name_key(said ->> 'search') AS key FROM feed_incoming
    WHERE match IS NULL AND NOT is_distinct
    UNION SELECT seq, birth_date, number, directory_name_key(said ->> 'birth_search') FROM feed_incoming
    WHERE match IS NULL AND NOT is_distinct AND said ? 'birth_search'
), named AS (
    SELECT k.*, p.id AS person_id, p.birth_date AS known_birth, p.employee_number FROM keys k
    JOIN directory_person p ON p.organisation_id = %(organisation)s AND directory_name_key(p.search_name) = k.key
    UNION SELECT k.*, p.id, p.birth_date, p.employee_number FROM keys k
    JOIN directory_person p ON p.organisation_id = %(organisation)s AND p.search_birth_name <> ''
        AND directory_name_key(p.search_birth_name) = k.key
)
SELECT n.seq, n.person_id, bool_or(coalesce(n.birth_date = n.known_birth, false)
    AND NOT (n.number IS NOT NULL AND n.employee_number !~ ':' AND n.number <> n.employee_number)) AS is_sure
FROM named n
WHERE (n.birth_date IS NULL OR n.known_birth IS NULL OR n.birth_date = n.known_birth)
    AND NOT EXISTS (SELECT 1 FROM feed_incoming j WHERE j.person_id = n.person_id)
    AND NOT EXISTS (
        SELECT 1 FROM directory_sourcerecord r WHERE r.person_id = n.person_id AND r.source_id = %(source)s AND r.gone_on IS NULL
            AND NOT EXISTS (SELECT 1 FROM feed_gone g WHERE g.record_id = r.id))
GROUP BY n.seq, n.person_id;
WITH found AS (
    SELECT seq, count(*) FILTER (WHERE is_sure) AS sure, min(person_id) FILTER (WHERE is_sure) AS person_id,
        array_agg(person_id ORDER BY person_id) AS candidates
    FROM feed_candidate GROUP BY seq
), once AS (SELECT person_id FROM found WHERE sure = 1 GROUP BY person_id HAVING count(*) = 1)
UPDATE feed_incoming i SET
    match = CASE WHEN o.person_id IS NULL THEN 'doubt' ELSE 'name' END,
    person_id = o.person_id, candidates = f.candidates
FROM found f LEFT JOIN once o ON o.person_id = f.person_id AND f.sure = 1
WHERE f.seq = i.seq;
"""

NEW = """
UPDATE feed_incoming i SET match = 'new', person_id = made.id FROM (
    SELECT seq, nextval(pg_get_serial_sequence('directory_person', 'id')) AS id
    FROM (SELECT seq FROM feed_incoming WHERE match IS NULL ORDER BY seq) AS waiting
) AS made WHERE made.seq = i.seq;
ANALYZE feed_incoming;
"""


def match(working: Working) -> None:
    """Fill ``feed_incoming`` (records that changed, each with its person) and ``feed_gone`` (records no longer there)."""
    working.execute(CHANGED)
    if not working.value("SELECT EXISTS (SELECT 1 FROM feed_incoming WHERE match IS NULL)"):
        return
    if working.value("SELECT EXISTS (SELECT 1 FROM directory_person WHERE organisation_id = %(organisation)s)"):
        working.execute(BY_NUMBER)
        working.execute(BY_NAME)
    working.execute(NEW)
