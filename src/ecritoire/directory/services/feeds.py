"""A feed is applied whole or not at all; unchanged, it writes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory import uai
from ecritoire.directory.addresses import fold
from ecritoire.directory.feed import staff, table
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.feed.staff import StaffRow
from ecritoire.directory.models import Assignment, FeedRun, Organisation, Person, Structure
from ecritoire.directory.signals import people_assigned

from .addresses import addresses_allocate
from .people import organisation_ensure
from .rights import rights_recompute

STRUCTURE_COLUMNS = ("uai", "nom", "type", "ville")
KINDS = {
    "ecole": Structure.Kind.PRIMARY,
    "college": Structure.Kind.MIDDLE,
    "lycee": Structure.Kind.HIGH,
    "lycee professionnel": Structure.Kind.VOCATIONAL,
    "service": Structure.Kind.SERVICE,
}
PERSON_FIELDS = ("title", "given_name", "family_name", "birth_date", "category", "private_email", "search_name")
BATCH = 1000
Work = Callable[[bytes, FeedReport, bool, "Actor | None", Organisation], None]


def feed_apply(
    *,
    content: bytes,
    file_name: str,
    dry_run: bool,
    acting_user: Actor | None,
    organisation: Organisation | None = None,
) -> FeedReport:
    """Read a staff file of ``organisation`` (the installation's own when None) and, unless ``dry_run`` or at fault, apply it.
    Faults never leave anything half-applied."""
    return _run(_apply_staff, content, file_name, dry_run, acting_user, organisation)


def structures_apply(
    *,
    content: bytes,
    file_name: str,
    dry_run: bool,
    acting_user: Actor | None,
    organisation: Organisation | None = None,
) -> FeedReport:
    """The same for a file of structures: uai;nom;type;ville."""
    return _run(_apply_structures, content, file_name, dry_run, acting_user, organisation)


def _run(
    work: Work,
    content: bytes,
    file_name: str,
    dry_run: bool,
    acting_user: Actor | None,
    organisation: Organisation | None,
) -> FeedReport:
    start, report = time.monotonic(), FeedReport()
    organisation = organisation or organisation_ensure()
    with transaction.atomic():
        try:
            work(content, report, dry_run, acting_user, organisation)
        except table.Unreadable as error:
            report.faults.append(error.fault)
        report.faults.sort(key=lambda fault: (fault.line, fault.column))
        report.seconds = time.monotonic() - start
        if report.ok and not report.changes and not dry_run:
            return report
        _record(report, file_name, dry_run, acting_user, organisation)
    return report


def _record(
    report: FeedReport, file_name: str, dry_run: bool, acting_user: Actor | None, organisation: Organisation
) -> None:
    state = FeedRun.State.DRY_RUN if dry_run else FeedRun.State.APPLIED
    login = acting_user.login if acting_user else "system"
    run = FeedRun.objects.create(
        organisation=organisation,
        file_name=file_name[:200],
        state=state if report.ok else FeedRun.State.REFUSED,
        acting_login=login,
        rows=report.rows,
        counts=report.counts,
        faults=report.faults_json()[:500],
        seconds=report.seconds,
    )
    if run.state == FeedRun.State.APPLIED:
        audit_record(
            acting_user=acting_user,
            action="feed.apply",
            target=run.file_name,
            within=organisation.mail_domain,
            **report.counts,
        )


def _apply_structures(
    content: bytes, report: FeedReport, dry_run: bool, acting_user: Actor | None, organisation: Organisation
) -> None:
    rows, report.faults = table.read(content, STRUCTURE_COLUMNS)
    report.rows = len(rows)
    existing = {structure.uai: structure for structure in Structure.objects.filter(organisation=organisation)}
    wanted: dict[str, Structure] = {}
    for row in rows:
        code, kind = row.cells["uai"].upper(), KINDS.get(fold(row.cells["type"]))
        if not uai.is_valid(code):
            report.faults.append(
                table.Fault(
                    row.line, "uai", code, _("Un UAI compte sept chiffres et la lettre de contrôle qui leur répond.")
                )
            )
        elif code in wanted:
            report.faults.append(table.Fault(row.line, "uai", code, _("Cet UAI figure deux fois dans le fichier.")))
        if kind is None:
            report.faults.append(
                table.Fault(
                    row.line,
                    "type",
                    row.cells["type"],
                    _("Type inconnu ; attendus : %(kinds)s.") % {"kinds": ", ".join(KINDS)},
                )
            )
        if not row.cells["nom"]:
            report.faults.append(table.Fault(row.line, "nom", "", _("Le nom manque.")))
        wanted[code] = Structure(
            organisation=organisation,
            uai=code,
            name=row.cells["nom"],
            kind=kind or "",
            city=row.cells["ville"],
            search_name=fold(f"{row.cells['nom']} {row.cells['ville']} {code}"),
        )
    if not report.faults:
        _write_structures(existing, wanted, report, dry_run)


def _write_structures(
    existing: dict[str, Structure], wanted: dict[str, Structure], report: FeedReport, dry_run: bool
) -> None:
    created, changed = [], []
    for code, structure in wanted.items():
        before = existing.get(code)
        if before is None:
            created.append(structure)
            report.note("created", str(structure))
        elif (before.name, before.kind, before.city) != (structure.name, structure.kind, structure.city):
            structure.pk = before.pk
            changed.append(structure)
            report.note("changed", str(structure))
        else:
            report.note("unchanged", str(structure))
    if not dry_run:
        Structure.objects.bulk_create(created, batch_size=BATCH)
        Structure.objects.bulk_update(changed, ["name", "kind", "city", "search_name"], batch_size=BATCH)


def _apply_staff(
    content: bytes, report: FeedReport, dry_run: bool, acting_user: Actor | None, organisation: Organisation
) -> None:
    rows, faults = table.read(content, staff.COLUMNS)
    parsed, row_faults = staff.parse_all(rows)
    report.rows, report.faults = len(rows) + len(faults), faults + row_faults
    structures = {structure.uai: structure for structure in Structure.objects.filter(organisation=organisation)}
    for row in parsed:
        if row.uai not in structures:
            report.faults.append(
                table.Fault(
                    row.line,
                    "uai",
                    row.uai,
                    _("Cet UAI est bien formé mais n'est pas dans l'annuaire : importez d'abord les structures."),
                )
            )
    if not report.faults:
        _write_staff(parsed, structures, report, dry_run, acting_user, organisation)


def _write_staff(
    rows: list[StaffRow],
    structures: dict[str, Structure],
    report: FeedReport,
    dry_run: bool,
    acting_user: Actor | None,
    organisation: Organisation,
) -> None:
    people = _people(organisation, rows)
    created, changed = _compare_people(organisation, people, rows, report)
    if not dry_run:
        Person.objects.bulk_create(created, batch_size=BATCH)
        Person.objects.bulk_update(changed, PERSON_FIELDS, batch_size=BATCH)
    assigned = _write_assignments(people, rows, structures, report, dry_run)
    if not dry_run and assigned:
        addresses_allocate(people=assigned)
        rights_recompute(person_ids=[person.pk for person in assigned])
        people_assigned.send(sender=FeedRun, people=assigned, acting_user=acting_user)
    elif not dry_run:
        rights_recompute(person_ids=[person.pk for person in people.values()])


def _people(organisation: Organisation, rows: list[StaffRow]) -> dict[str, Person]:
    numbers = {row.employee_number for row in rows}
    known = Person.objects.filter(organisation=organisation, employee_number__in=numbers).select_related("organisation")
    return {person.employee_number: person for person in known}


def _compare_people(
    organisation: Organisation, people: dict[str, Person], rows: list[StaffRow], report: FeedReport
) -> tuple[list[Person], list[Person]]:
    """The people to create and to change; ``people`` gains the new ones."""
    created, changed, seen = [], [], set()
    for row in rows:
        if row.employee_number in seen:
            continue
        seen.add(row.employee_number)
        values = {name: getattr(row, name) for name in PERSON_FIELDS if name != "search_name"}
        values["search_name"] = fold(f"{row.given_name} {row.family_name}")
        person = people.get(row.employee_number)
        if person is None:
            person = Person(organisation=organisation, employee_number=row.employee_number, **values)
            people[row.employee_number] = person
            created.append(person)
            report.note("people_created", f"{person} ({row.employee_number})")
        elif any(getattr(person, name) != value for name, value in values.items()):
            before = str(person)
            for name, value in values.items():
                setattr(person, name, value)
            changed.append(person)
            report.note("people_changed", f"{before} → {person}" if before != str(person) else before)
        else:
            report.note("unchanged", str(person))
    return created, changed


def _write_assignments(
    people: dict[str, Person], rows: list[StaffRow], structures: dict[str, Structure], report: FeedReport, dry_run: bool
) -> list[Person]:
    """Create and change assignments; returns the people newly assigned, in the file's order."""
    ids = [person.pk for person in people.values() if person.pk]
    known = {
        (a.person_id, a.structure_id, a.function, a.starts_on): a for a in Assignment.objects.filter(person__in=ids)
    }
    created, changed = [], []
    for row in rows:
        person, structure = people[row.employee_number], structures[row.uai]
        before = known.get((person.pk, structure.pk, row.function, row.starts_on)) if person.pk else None
        if before is None:
            values = {"function": row.function, "starts_on": row.starts_on, "ends_on": row.ends_on}
            created.append((person, structure, values))
            report.note("assignments_created", f"{person} : {row.function}, {structure.name}")
        elif before.ends_on != row.ends_on:
            before.ends_on = row.ends_on
            changed.append(before)
            report.note("assignments_changed", f"{person} : {row.function}, fin {row.ends_on or 'ouverte'}")
    if not dry_run:
        fresh = [Assignment(person=person, structure=structure, **values) for person, structure, values in created]
        Assignment.objects.bulk_create(fresh, batch_size=BATCH)
        Assignment.objects.bulk_update(changed, ["ends_on"], batch_size=BATCH)
    return list({person.employee_number: person for person, _, _ in created}.values())
