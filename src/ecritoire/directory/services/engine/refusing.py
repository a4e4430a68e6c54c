"""Faults that only show when records are put side by side, or beside the directory. What is refused is taken out of the run."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.feed.table import Fault

from .working import Working

# Several records of one key are one person's several lines, as long as they agree on who that is.
TWICE = """
SELECT EXISTS (SELECT 1 FROM directory_stagedentry WHERE token = %(token)s AND kind = 'p' GROUP BY external_id HAVING count(*) > 1)
"""
DISAGREEING = """
WITH lines AS (
    SELECT external_id, line, said - 'postings' - 'terms' - 'absences' AS who,
        first_value(said - 'postings' - 'terms' - 'absences') OVER w AS first_who, first_value(line) OVER w AS first_line
    FROM directory_stagedentry WHERE token = %(token)s AND kind = 'p' WINDOW w AS (PARTITION BY external_id ORDER BY seq)
)
SELECT line, external_id, first_line FROM lines WHERE who <> first_who ORDER BY line
"""
DROP_DISAGREEING = """
DELETE FROM directory_stagedentry s USING directory_stagedentry t
WHERE s.token = %(token)s AND t.token = s.token AND s.kind = 'p' AND t.kind = 'p' AND s.external_id = t.external_id AND s.seq > t.seq
    AND s.said - 'postings' - 'terms' - 'absences' <> t.said - 'postings' - 'terms' - 'absences';
"""
JOIN_LINES = """
WITH several AS (
    SELECT external_id, min(seq) AS seq, md5(string_agg(digest, '' ORDER BY digest)) AS digest
    FROM directory_stagedentry WHERE token = %(token)s AND kind = 'p' GROUP BY external_id HAVING count(*) > 1
), items AS (
    SELECT s.external_id, l.name, jsonb_agg(DISTINCT item) AS list
    FROM directory_stagedentry s JOIN several USING (external_id)
    CROSS JOIN (VALUES ('postings'), ('terms'), ('absences')) AS l(name)
    CROSS JOIN jsonb_array_elements(s.said -> l.name) AS item
    WHERE s.token = %(token)s AND s.kind = 'p' GROUP BY s.external_id, l.name
), lists AS (SELECT external_id, jsonb_object_agg(name, list) AS said FROM items GROUP BY external_id),
joined AS (
    UPDATE directory_stagedentry s SET digest = v.digest, said = s.said || coalesce(l.said, '{}')
    FROM several v LEFT JOIN lists l USING (external_id)
    WHERE s.token = %(token)s AND s.kind = 'p' AND s.external_id = v.external_id AND s.seq = v.seq
)
DELETE FROM directory_stagedentry s USING several v
WHERE s.token = %(token)s AND s.kind = 'p' AND s.external_id = v.external_id AND s.seq > v.seq;
"""

NUMBERS = """
WITH said AS (
    SELECT seq, line, said ->> 'employee_number' AS number, first_value(line) OVER w AS first_line, row_number() OVER w AS rank
    FROM directory_stagedentry WHERE token = %(token)s AND kind = 'p' AND said ? 'employee_number'
    WINDOW w AS (PARTITION BY said ->> 'employee_number' ORDER BY seq)
)
SELECT line, number, first_line, seq FROM said WHERE rank > 1 ORDER BY line
"""

STRUCTURES = """
SELECT i.line, posting ->> 'uai', i.seq FROM feed_incoming i CROSS JOIN jsonb_array_elements(i.said -> 'postings') AS posting
WHERE NOT EXISTS (
        SELECT 1 FROM directory_structure s WHERE s.uai = posting ->> 'uai' AND s.organisation_id = %(organisation)s)
    AND NOT EXISTS (
        SELECT 1 FROM directory_stagedentry t
        WHERE t.token = %(token)s AND t.kind = 's' AND t.external_id = posting ->> 'uai')
ORDER BY i.line
"""
TAKEN = """
SELECT i.line, i.number, i.seq FROM feed_incoming i
JOIN directory_person p ON p.organisation_id = %(organisation)s AND p.employee_number = i.number
WHERE i.person_id <> p.id AND i.match <> 'doubt' ORDER BY i.line
"""


def refuse_lines(working: Working, report: FeedReport) -> None:
    """Right after staging: records that contradict each other."""
    if working.value(TWICE):
        other = _("Cet identifiant désigne une autre personne à la ligne %(line)s.")
        for line, key, first in working.rows(DISAGREEING):
            report.refuse(Fault(line, "external_id", key, other % {"line": first}))
        working.execute(DROP_DISAGREEING + JOIN_LINES)
    twice = _("Ce matricule est déjà celui d'une autre personne, à la ligne %(line)s.")
    found = working.rows(NUMBERS)
    for line, number, first, _seq in found:
        report.refuse(Fault(line, "employee_number", number, twice % {"line": first}))
    _unstage(working, [row[3] for row in found])


def refuse_records(working: Working, report: FeedReport) -> None:
    """Once it is known who they are about: records that contradict the directory."""
    unknown = _("Cet UAI est bien formé mais n'est pas dans l'annuaire : importez d'abord les structures.")
    places = working.rows(STRUCTURES)
    for line, uai, _seq in places:
        report.refuse(Fault(line, "uai", uai, unknown))
    taken = working.rows(TAKEN)
    for line, number, _seq in taken:
        report.refuse(Fault(line, "employee_number", number, _("Ce matricule est déjà celui d'une autre personne.")))
    if places or taken:
        working.values["seqs"] = [row[2] for row in places + taken]
        working.execute("DELETE FROM feed_incoming WHERE seq = ANY(%(seqs)s)")


def _unstage(working: Working, seqs: list[int]) -> None:
    if seqs:
        working.values["seqs"] = seqs
        working.execute("DELETE FROM directory_stagedentry WHERE token = %(token)s AND seq = ANY(%(seqs)s)")
