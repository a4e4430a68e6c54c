"""What is to change: the differences between what is wanted and what is there, each with its words."""

from __future__ import annotations

from ecritoire.directory.feed.report import SAMPLE, FeedReport

from .working import Working

STRUCTURES = """
CREATE TEMP TABLE feed_structure ON COMMIT DROP AS
SELECT DISTINCT ON (uai) * FROM (
    SELECT s.id, s.uai, coalesce(t.said ->> 'name', s.name) AS name, coalesce(t.said ->> 'kind', s.kind) AS kind,
        coalesce(t.said ->> 'city', s.city) AS city, coalesce(t.said ->> 'search', s.search_name) AS search,
        CASE WHEN t.seq IS NOT NULL AND (t.said ->> 'name', t.said ->> 'kind', coalesce(t.said ->> 'city', '')) <> (s.name, s.kind, s.city) THEN 'changed' END AS op,
        t.seq, t.said ->> 'key' AS key
    FROM directory_structure s
    LEFT JOIN directory_stagedentry t ON t.token = %(token)s AND t.kind = 's' AND t.external_id = s.uai
    WHERE s.organisation_id = %(organisation)s
    UNION ALL
    SELECT nextval(pg_get_serial_sequence('directory_structure', 'id')), t.external_id, t.said ->> 'name', t.said ->> 'kind',
        t.said ->> 'city', t.said ->> 'search', 'created', t.seq, t.said ->> 'key'
    FROM directory_stagedentry t WHERE t.token = %(token)s AND t.kind = 's'
        AND NOT EXISTS (SELECT 1 FROM directory_structure s WHERE s.uai = t.external_id)
) AS every ORDER BY uai, seq DESC;
CREATE UNIQUE INDEX ON feed_structure (uai);
ANALYZE feed_structure;
"""


def _work(name: str, wanted: str, table: str, key: str, values: str) -> str:
    """The differences of one of the three tables of work; what a source no longer says ends yesterday, or never was."""
    columns = ", ".join(f"f.{column}" for column in (*key.split(), *values.split()))
    there = ", ".join(f"d.{column}" for column in (*key.split(), *values.split()))
    same = " AND ".join(f"d.{column} = f.{column}" for column in key.split())
    differ = f"({', '.join(f'd.{v}' for v in values.split())}) IS DISTINCT FROM ({', '.join(f'f.{v}' for v in values.split())})"
    return f"""
CREATE TEMP TABLE {name} ON COMMIT DROP AS
SELECT CASE WHEN d.id IS NULL THEN 'created' WHEN {differ} THEN 'changed' ELSE 'adopted' END AS op,
    d.id, f.person_id, f.source_id, {columns}, d.ends_on AS old_ends_on
FROM {wanted} f LEFT JOIN {table} d ON d.person_id = f.person_id AND {same}
WHERE d.id IS NULL OR {differ} OR d.source_id IS DISTINCT FROM f.source_id
UNION ALL
SELECT CASE WHEN d.starts_on >= %(today)s THEN 'cancelled' ELSE 'ended' END, d.id, d.person_id, d.source_id, {there}, d.ends_on
FROM feed_affected a JOIN {table} d USING (person_id)
WHERE d.source_id IS NOT NULL AND coalesce(d.ends_on >= %(today)s, true)
    AND NOT EXISTS (SELECT 1 FROM {wanted} f WHERE f.person_id = d.person_id AND {same});
"""


WORK = (
    _work(
        "feed_assignment",
        "feed_posting",
        "directory_assignment",
        "structure_id function starts_on",
        "function_code ends_on",
    )
    + _work("feed_contract", "feed_term", "directory_contract", "number", "starts_on ends_on")
    + _work("feed_leave", "feed_absence", "directory_leave", "starts_on", "kind ends_on")
)

PEOPLE = """
CREATE TEMP TABLE feed_change ON COMMIT DROP AS
SELECT 'structures_' || op AS kind, name || ' (' || uai || ')' AS label, '' AS before, '' AS after, NULL::bigint AS person_id, seq
FROM feed_structure WHERE op IS NOT NULL
UNION ALL
SELECT 'people_created', concat(given_name, ' ', family_name, ' (', employee_number, ')'), '', '', person_id, seq
FROM feed_wanted WHERE is_new
UNION ALL
SELECT 'people_changed', concat(w.given_name, ' ', w.family_name),
    concat_ws(', ', CASE WHEN names THEN concat(p.given_name, ' ', p.family_name) END,
        CASE WHEN birth THEN p.birth_date::text END, CASE WHEN number THEN p.employee_number END,
        CASE WHEN other_birth_name THEN nullif(p.birth_name, '') END),
    concat_ws(', ', CASE WHEN names THEN concat(w.given_name, ' ', w.family_name) END,
        CASE WHEN birth THEN w.birth_date::text END, CASE WHEN number THEN w.employee_number END,
        CASE WHEN other_birth_name THEN nullif(w.birth_name, '') END),
    w.person_id, w.seq
FROM feed_wanted w JOIN directory_person p ON p.id = w.person_id, LATERAL (SELECT
    (p.given_name, p.family_name) <> (w.given_name, w.family_name) AS names,
    p.birth_date IS DISTINCT FROM w.birth_date AS birth, p.employee_number <> w.employee_number AS number,
    p.birth_name <> w.birth_name AS other_birth_name, (p.title, p.private_email) <> (w.title, w.private_email) AS rest) AS differs
WHERE names OR birth OR number OR other_birth_name OR rest
UNION ALL
SELECT 'categories_changed', concat(w.given_name, ' ', w.family_name), p.category, w.category, w.person_id, w.seq
FROM feed_wanted w JOIN directory_person p ON p.id = w.person_id WHERE p.category <> w.category
UNION ALL
SELECT 'deaths', concat(w.given_name, ' ', w.family_name), coalesce(p.deceased_on::text, ''), coalesce(w.deceased_on::text, ''),
    w.person_id, w.seq
FROM feed_wanted w JOIN directory_person p ON p.id = w.person_id WHERE p.deceased_on IS DISTINCT FROM w.deceased_on
UNION ALL
SELECT 'people_ended', concat(w.given_name, ' ', w.family_name, ' (', w.employee_number, ')'), '', '', w.person_id, NULL
FROM feed_gone g JOIN feed_wanted w USING (person_id)
WHERE NOT EXISTS (SELECT 1 FROM feed_said t WHERE t.person_id = g.person_id) GROUP BY w.person_id, 2
UNION ALL
SELECT 'addresses_changed', concat(w.given_name, ' ', w.family_name), a.current_address, coalesce(a.own_address, n.address),
    a.person_id, a.seq
FROM feed_address a JOIN feed_wanted w USING (person_id) LEFT JOIN feed_address_new n USING (person_id)
WHERE a.current_id IS NOT NULL
UNION ALL
SELECT 'doubtful', concat(i.said ->> 'given_name', ' ', i.said ->> 'family_name', ' (', i.external_id, ')'), '', '', NULL, i.seq
FROM feed_incoming i WHERE i.match = 'doubt'
"""


def _changes_of_work(plural: str, table: str, what: str, join: str = "") -> str:
    yesterday = "greatest(f.starts_on, %(today)s::date - 1)::text"
    return f"""
UNION ALL
SELECT '{plural}_' || replace(f.op, 'cancelled', 'ended'), left(concat(w.given_name, ' ', w.family_name, ' : ', {what}), 300),
    CASE WHEN f.op = 'created' THEN '' ELSE coalesce(f.old_ends_on::text, '…') END,
    CASE f.op WHEN 'cancelled' THEN '' WHEN 'ended' THEN {yesterday} ELSE coalesce(f.ends_on::text, '…') END, w.person_id, w.seq
FROM {table} f JOIN feed_wanted w USING (person_id) {join} WHERE f.op <> 'adopted'"""


CHANGES = (
    PEOPLE
    + _changes_of_work(
        "assignments",
        "feed_assignment",
        "f.function, ', ', st.name",
        "LEFT JOIN feed_structure st ON st.id = f.structure_id",
    )
    + _changes_of_work("contracts", "feed_contract", "f.number")
    + _changes_of_work("leaves", "feed_leave", "f.starts_on")
    + ";CREATE INDEX ON feed_change (person_id); ANALYZE feed_change;"
)

SAMPLED = f"""
SELECT kind, label, before, after FROM (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY seq) AS place FROM feed_change) AS placed
WHERE place <= {SAMPLE} ORDER BY kind, place
"""

# What became of each person of the file, once: new, gone, changed in some way, doubtful, or none of these.
PERSONS = """
SELECT (SELECT count(*) FROM directory_stagedentry WHERE token = %(token)s AND kind = 'p'),
    count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new AND has_ended),
    count(*) FILTER (WHERE NOT is_new AND NOT has_ended), count(*) FILTER (WHERE NOT has_ended AND seq IS NOT NULL)
FROM (SELECT bool_or(kind = 'people_created') AS is_new, bool_or(kind = 'people_ended') AS has_ended, max(seq) AS seq
      FROM feed_change WHERE person_id IS NOT NULL GROUP BY person_id) AS each
"""
UNTOUCHED_STRUCTURES = """
SELECT count(*) FROM feed_structure WHERE seq IS NOT NULL AND op IS NULL
"""


def compare_structures(working: Working) -> None:
    """Fill ``feed_structure``: all of the académie's, with what becomes of them."""
    working.execute(STRUCTURES)


def compare(working: Working) -> None:
    """Fill ``feed_assignment``, ``feed_contract``, ``feed_leave`` and ``feed_change``."""
    working.execute(WORK)
    working.execute(CHANGES)


def tell(working: Working, report: FeedReport) -> None:
    """Count the differences in ``report``, with a few names of each kind."""
    report.counts = dict(working.rows("SELECT kind, count(*) FROM feed_change GROUP BY kind ORDER BY kind"))
    report.sample = {}
    for kind, label, before, after in working.rows(SAMPLED):
        told = f"{before} → {after}" if kind == "people_changed" and before else label
        report.sample.setdefault(kind, []).append(told)
    staged, created, ended, changed, touched = working.rows(PERSONS)[0]
    doubtful = report.counts.get("doubtful", 0)
    unchanged = staged - touched - doubtful
    counted = {"created": created, "changed": changed, "ended": ended, "doubtful": doubtful, "unchanged": unchanged}
    report.people = {name: count for name, count in counted.items() if count}
    if untouched := unchanged + working.value(UNTOUCHED_STRUCTURES):
        report.counts["unchanged"] = untouched
