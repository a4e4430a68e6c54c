"""Who is to have another address, and which: set-based, in the file's order, nobody's address given to anybody else.

``prenom.nom``, then ``prenom.nom2``…: the first free number of that name, whatever became of those who had the others. Who
had an address under that name before gets it back.
"""

from __future__ import annotations

from .working import Working

ALLOCATION_LOCK = 0x61647265  # an advisory lock of ours: two feeds must not give the same number

# Whoever has work, or a new person even if it is over, is to have one. Somebody keeps their address while nothing changes in their name but accents and spelling that an address does not show.
WHO = """
CREATE TEMP TABLE feed_address ON COMMIT DROP AS
WITH work AS (
    SELECT person_id, bool_or(coalesce(ends_on >= %(today)s, true)) AS goes_on
    FROM (SELECT person_id, ends_on FROM feed_posting UNION ALL SELECT person_id, ends_on FROM feed_term) AS every
    GROUP BY person_id
)
SELECT w.person_id, w.seq, w.local || '@' || %(domain)s AS base, current.id AS current_id, current.address AS current_address,
    own.id AS own_id, own.address AS own_address
FROM feed_wanted w LEFT JOIN work USING (person_id) LEFT JOIN directory_person p ON p.id = w.person_id
LEFT JOIN directory_emailaddress current ON current.person_id = w.person_id AND current.is_primary AND current.retired_at IS NULL
LEFT JOIN LATERAL (
    SELECT id, address FROM directory_emailaddress e
    WHERE e.person_id = w.person_id AND regexp_replace(e.address, '[0-9]*@', '@') = w.local || '@' || %(domain)s
    ORDER BY length(e.address), e.address LIMIT 1
) AS own ON true
WHERE w.local IS NOT NULL AND CASE WHEN current.id IS NULL THEN (w.is_new AND work.goes_on IS NOT NULL) OR work.goes_on
    ELSE (p.given_name, p.family_name) <> (w.given_name, w.family_name)
        AND regexp_replace(current.address, '[0-9]*@', '@') <> w.local || '@' || %(domain)s END;
"""

NEW = """
CREATE TEMP TABLE feed_address_new ON COMMIT DROP AS
WITH needing AS (
    SELECT person_id, base, row_number() OVER (PARTITION BY base ORDER BY seq, person_id) AS place
    FROM feed_address WHERE own_id IS NULL
), bases AS (SELECT base, count(*) AS wanted FROM needing GROUP BY base),
taken AS (
    SELECT b.base, coalesce(nullif(substring(e.address FROM '([0-9]{0,6})@'), ''), '1')::int AS rank
    FROM bases b JOIN directory_emailaddress e ON regexp_replace(e.address, '[0-9]*@', '@') = b.base
), counted AS (SELECT base, count(*) AS taken FROM taken GROUP BY base),
free AS (
    SELECT b.base, rank, row_number() OVER (PARTITION BY b.base ORDER BY rank) AS place
    FROM bases b LEFT JOIN counted c USING (base)
    CROSS JOIN LATERAL generate_series(1, b.wanted + coalesce(c.taken, 0)) AS rank
    WHERE NOT EXISTS (SELECT 1 FROM taken t WHERE t.base = b.base AND t.rank = rank.rank)
)
SELECT n.person_id, replace(n.base, '@', CASE f.rank WHEN 1 THEN '' ELSE f.rank::text END || '@') AS address
FROM needing n JOIN free f USING (base, place);
"""

WRITE = """
UPDATE directory_emailaddress e SET is_primary = false, kept_until = %(kept_until)s, updated_at = now()
FROM feed_address a WHERE a.current_id = e.id;
UPDATE directory_emailaddress e SET is_primary = true, kept_until = NULL, retired_at = NULL, updated_at = now()
FROM feed_address a WHERE a.own_id = e.id;
INSERT INTO directory_emailaddress (created_at, updated_at, address, person_id, is_primary)
SELECT now(), now(), n.address, n.person_id, true FROM feed_address_new n JOIN feed_address a USING (person_id) ORDER BY a.seq;
"""


def choose(working: Working) -> None:
    working.execute(WHO)
    working.execute(NEW)


def write(working: Working) -> None:
    working.execute(WRITE)
