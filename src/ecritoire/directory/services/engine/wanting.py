"""What the directory should hold for those concerned: a pure function of the last word of all their sources.

People's attributes come from the source that precedes the others for that attribute and says something of it; postings, contracts
and leaves are the union of what the sources say.
"""

from __future__ import annotations

from .working import Working

AFFECTED = """
CREATE TEMP TABLE feed_affected ON COMMIT DROP AS
SELECT person_id, min(seq) AS seq, bool_or(is_new) AS is_new FROM (
    SELECT person_id, seq, match = 'new' AS is_new FROM feed_incoming WHERE match <> 'doubt'
    UNION ALL SELECT person_id, NULL, false FROM feed_gone WHERE person_id IS NOT NULL
) AS concerned GROUP BY person_id;
CREATE UNIQUE INDEX ON feed_affected (person_id);
ANALYZE feed_affected;
"""

# A posting without a first day keeps the one it was given when it was first seen.
FIRST_SEEN = """
UPDATE feed_incoming i SET said = jsonb_set(i.said, '{postings}', (
    SELECT jsonb_agg(CASE WHEN new ? 'starts_on' THEN new ELSE new || jsonb_build_object('starts_on', coalesce(
        (SELECT old ->> 'starts_on' FROM jsonb_array_elements(i.old_said -> 'postings') AS old
         WHERE old ->> 'uai' = new ->> 'uai' AND old ->> 'function' = new ->> 'function' LIMIT 1),
        least(%(today)s::date, (new ->> 'ends_on')::date)::text)) END)
    FROM jsonb_array_elements(i.said -> 'postings') AS new))
WHERE i.said @? '$.postings[*] ? (!exists(@.starts_on))';
"""

SAID = """
CREATE TEMP TABLE feed_said ON COMMIT DROP AS
SELECT person_id, %(source)s::bigint AS source_id, said FROM feed_incoming WHERE match <> 'doubt'
UNION ALL
SELECT r.person_id, r.source_id, r.said FROM feed_affected a JOIN directory_sourcerecord r ON r.person_id = a.person_id
WHERE NOT a.is_new AND r.gone_on IS NULL
    AND NOT EXISTS (SELECT 1 FROM feed_incoming i WHERE i.record_id = r.id)
    AND NOT EXISTS (SELECT 1 FROM feed_gone g WHERE g.record_id = r.id);
ANALYZE feed_said;
"""


def _rank(attribute: str) -> str:
    return f"coalesce((s.precedence ->> '{attribute}')::int, 5), s.id"


def _first(column: str, attribute: str) -> str:
    """The value of the first source, in the order of precedence, that says something."""
    condition = f"coalesce(t.said ->> '{column}', '') <> ''"
    return f"(array_agg(t.said ->> '{column}' ORDER BY {_rank(attribute)}) FILTER (WHERE {condition}))[1]"


# Who stops being said to be dead is alive again; a death that was entered here stays.
PEOPLE = f"""
CREATE TEMP TABLE feed_wanted ON COMMIT DROP AS
WITH heard AS (
    SELECT t.person_id,
        (array_agg(t.said ORDER BY {_rank("names")}) FILTER (WHERE t.said ? 'family_name'))[1] AS names,
        {_first("birth_date", "birth_date")} AS birth_date, {_first("employee_number", "employee_number")} AS employee_number,
        {_first("category", "category")} AS category, {_first("private_email", "private_email")} AS private_email,
        min(t.said ->> 'deceased_on') AS deceased_on
    FROM feed_said t JOIN directory_feedsource s ON s.id = t.source_id GROUP BY t.person_id
), took_back AS (
    SELECT i.person_id, (i.old_said ->> 'deceased_on')::date AS deceased_on FROM feed_incoming i WHERE i.old_said ? 'deceased_on'
)
SELECT a.person_id, a.seq, a.is_new,
    coalesce(h.names ->> 'title', p.title, '') AS title,
    coalesce(h.names ->> 'given_name', p.given_name, '') AS given_name,
    coalesce(h.names ->> 'family_name', p.family_name) AS family_name,
    coalesce(h.names ->> 'birth_name', p.birth_name, '') AS birth_name,
    coalesce(h.names ->> 'birth_search', p.search_birth_name, '') AS search_birth_name,
    coalesce(h.names ->> 'search', p.search_name) AS search_name,
    h.names ->> 'local' AS local,
    coalesce(h.birth_date::date, p.birth_date) AS birth_date,
    coalesce(h.employee_number, p.employee_number) AS employee_number,
    coalesce(h.category, p.category, 'administrative') AS category,
    coalesce(h.private_email, p.private_email, '') AS private_email,
    coalesce(h.deceased_on::date, CASE WHEN NOT EXISTS (
        SELECT 1 FROM took_back b WHERE b.person_id = a.person_id AND b.deceased_on = p.deceased_on) THEN p.deceased_on END
    ) AS deceased_on
FROM feed_affected a LEFT JOIN heard h USING (person_id) LEFT JOIN directory_person p ON p.id = a.person_id;
CREATE UNIQUE INDEX ON feed_wanted (person_id);
UPDATE feed_wanted w SET employee_number = CASE WHEN length(i.external_id) <= 31 - length(%(slug)s)
    THEN %(slug)s || ':' || i.external_id ELSE ':' || substr(md5(%(slug)s || ':' || i.external_id), 1, 31) END
FROM feed_incoming i WHERE i.person_id = w.person_id AND w.employee_number IS NULL;
ANALYZE feed_wanted;
"""

WORK = f"""
CREATE TEMP TABLE feed_posting ON COMMIT DROP AS
SELECT DISTINCT ON (t.person_id, st.id, item ->> 'function', (item ->> 'starts_on')::date)
    t.person_id, st.id AS structure_id, st.name AS structure, item ->> 'function' AS function,
    coalesce(item ->> 'function_code', '') AS function_code, (item ->> 'starts_on')::date AS starts_on,
    (item ->> 'ends_on')::date AS ends_on, t.source_id
FROM feed_said t JOIN directory_feedsource s ON s.id = t.source_id
CROSS JOIN jsonb_array_elements(t.said -> 'postings') AS item JOIN feed_structure st ON st.uai = item ->> 'uai'
ORDER BY 1, 2, 4, 6, {_rank("postings")};
CREATE TEMP TABLE feed_term ON COMMIT DROP AS
SELECT DISTINCT ON (t.person_id, item ->> 'number')
    t.person_id, item ->> 'number' AS number, (item ->> 'starts_on')::date AS starts_on,
    (item ->> 'ends_on')::date AS ends_on, t.source_id
FROM feed_said t JOIN directory_feedsource s ON s.id = t.source_id
CROSS JOIN jsonb_array_elements(t.said -> 'terms') AS item ORDER BY 1, 2, {_rank("terms")};
CREATE TEMP TABLE feed_absence ON COMMIT DROP AS
SELECT DISTINCT ON (t.person_id, (item ->> 'starts_on')::date)
    t.person_id, item ->> 'kind' AS kind, (item ->> 'starts_on')::date AS starts_on,
    (item ->> 'ends_on')::date AS ends_on, t.source_id
FROM feed_said t JOIN directory_feedsource s ON s.id = t.source_id
CROSS JOIN jsonb_array_elements(t.said -> 'absences') AS item ORDER BY 1, 3, {_rank("absences")};
ANALYZE feed_posting; ANALYZE feed_term; ANALYZE feed_absence;
"""


def want(working: Working) -> None:
    """Fill ``feed_wanted``, ``feed_posting``, ``feed_term`` and ``feed_absence``."""
    working.execute(AFFECTED + FIRST_SEEN + SAID)
    working.execute(PEOPLE)
    working.execute(WORK)
