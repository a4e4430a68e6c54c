"""Functional mailboxes: made with the schools or by hand, changed, closed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.addresses import LIGATURES, fold, slug
from ecritoire.directory.models import (
    Access,
    EmailAddress,
    FunctionalGuest,
    FunctionalMailbox,
    FunctionalRule,
    Organisation,
    Person,
    Structure,
)
from ecritoire.directory.signals import functional_members_changed

from .addresses import ALLOCATION_LOCK
from .functional_members import functional_members_follow

END_DAYS = 30
LOCAL_PART = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
DEFAULT_RULES: Sequence[tuple[str, str, Access]] = (
    ("DIR", "", Access.OWNER),
    ("", "Principal", Access.OWNER),
    ("", "Proviseur", Access.OWNER),
    ("", "Directeur", Access.OWNER),
    ("", "Directrice", Access.OWNER),
    ("ADM", "", Access.DELEGATE),
    ("", "Secrétaire", Access.DELEGATE),
    ("", "Gestionnaire", Access.DELEGATE),
)

# A school that has none, and whose address nobody was ever given.
ENSURE = """
WITH made AS (
    INSERT INTO directory_functionalmailbox
        (organisation_id, structure_id, kind, state, store_id, own_name, search_name, signature, follows_defaults, withdraw_on_leave,
         closed_words, created_at, updated_at)
    SELECT s.organisation_id, s.id, 'school', 'open', 'ce-' || lower(s.uai) || CASE WHEN EXISTS (
            SELECT 1 FROM directory_structure t WHERE t.uai = s.uai AND t.id < s.id) THEN '-' || s.id ELSE '' END, '', '', '', true, false, '', now(), now()
    FROM directory_structure s JOIN directory_organisation o ON o.id = s.organisation_id
    WHERE s.kind <> 'service'
        AND NOT EXISTS (SELECT 1 FROM directory_functionalmailbox m WHERE m.structure_id = s.id AND m.kind = 'school')
        AND NOT EXISTS (
            SELECT 1 FROM directory_emailaddress e WHERE e.address = 'ce.' || lower(s.uai) || '@' || o.mail_domain)
    ORDER BY s.id
    RETURNING id, structure_id
), given AS (
    INSERT INTO directory_emailaddress (address, functional_id, is_primary, created_at, updated_at)
    SELECT 'ce.' || lower(s.uai) || '@' || o.mail_domain, made.id, true, now(), now()
    FROM made JOIN directory_structure s ON s.id = made.structure_id
    JOIN directory_organisation o ON o.id = s.organisation_id
)
SELECT id FROM made ORDER BY id
"""


class FunctionalRefused(Exception):
    """The change cannot be made; ``field`` names what is wrong, the message says why."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def functional_ensure() -> list[int]:
    """Give its mailbox to every school without one, and its rules to every académie without any; returns the new ones.

    One statement, however many schools. The store makes them when somebody comes in or mail arrives.
    """
    with transaction.atomic():
        _lock()
        bare = Organisation.objects.filter(functional_rules__isnull=True)
        FunctionalRule.objects.bulk_create(
            FunctionalRule(organisation=organisation, function_code=code, label=label, access=access)
            for organisation in bare
            for code, label, access in DEFAULT_RULES
        )
        with connection.cursor() as cursor:
            cursor.execute(ENSURE)
            made = [row[0] for row in cursor.fetchall()]
        if made:
            audit_record(acting_user=None, action="functional.ensure", target=f"{len(made)}")
            functional_members_follow(mailbox_ids=made)
    return made


def functional_create(
    *,
    organisation: Organisation,
    local_part: str,
    name: str,
    kind: FunctionalMailbox.Kind,
    structure: Structure | None,
    acting_user: Actor,
) -> FunctionalMailbox:
    """A mailbox made by hand. Raises FunctionalRefused when the address cannot be, or was ever given to anybody."""
    local_part = local_part.strip().lower()
    if not LOCAL_PART.fullmatch(local_part):
        raise FunctionalRefused(
            "local_part", _("Lettres sans accent, chiffres, points et tirets seulement : secretariat.dsi par exemple.")
        )
    if local_part in settings.SERVICE_ADDRESSES:
        raise FunctionalRefused("local_part", _("Cette adresse est celle du service lui-même."))
    address = f"{local_part}@{organisation.mail_domain}"
    with transaction.atomic():
        _lock()
        if EmailAddress.objects.filter(address=address).exists():
            raise FunctionalRefused("local_part", _("L'adresse %(address)s a déjà été donnée.") % {"address": address})
        mailbox = FunctionalMailbox.objects.create(
            organisation=organisation,
            structure=structure,
            kind=kind,
            own_name=name,
            search_name=fold(name),
            store_id=address,
        )
        mailbox.store_id = f"f-{slug(local_part)[:60]}-{mailbox.pk}"
        mailbox.save(update_fields=["store_id"])
        EmailAddress.objects.create(address=address, functional=mailbox)
        audit_record(acting_user=acting_user, action="functional.create", target=address, name=name, kind=kind)
    return mailbox


def functional_change(*, mailbox: FunctionalMailbox, acting_user: Actor, **values: Any) -> None:
    """``values``: own_name, signature, withdraw_on_leave, follows_defaults."""
    changed = {name: value for name, value in values.items() if getattr(mailbox, name) != value}
    if not changed:
        return
    with transaction.atomic():
        for name, value in changed.items():
            setattr(mailbox, name, value)
        mailbox.search_name = fold(mailbox.own_name)
        mailbox.save(update_fields=[*changed, "search_name", "updated_at"])
        audit_record(acting_user=acting_user, action="functional.change", target=mailbox.address, **changed)
        functional_members_follow(mailbox_ids=[mailbox.pk])


def functional_rule_add(
    *,
    organisation: Organisation,
    mailbox: FunctionalMailbox | None,
    function_code: str,
    label: str,
    access: Access,
    acting_user: Actor,
) -> FunctionalRule:
    """For one mailbox, or the académie's schools (None). Raises FunctionalRefused."""
    function_code, label = function_code.strip().upper(), " ".join(label.split())
    if bool(function_code) == bool(label):
        raise FunctionalRefused("label", _("Donnez un code de fonction, ou le début du nom de la fonction."))
    with transaction.atomic():
        rule, made = FunctionalRule.objects.update_or_create(
            organisation=organisation,
            mailbox=mailbox,
            function_code=function_code,
            label=label,
            defaults={"access": access},
        )
        _rule_record(rule, "functional.rule_add" if made else "functional.rule_change", acting_user)
    return rule


def functional_rule_remove(*, rule: FunctionalRule, acting_user: Actor) -> None:
    with transaction.atomic():
        kept = FunctionalRule(**{name: getattr(rule, name) for name in RULE_FIELDS})
        rule.delete()
        _rule_record(kept, "functional.rule_remove", acting_user)


RULE_FIELDS = ("organisation", "mailbox", "function_code", "label", "access")


def _rule_record(rule: FunctionalRule, action: str, acting_user: Actor) -> None:
    target = rule.mailbox.address if rule.mailbox else rule.organisation.mail_domain
    whom = rule.function_code or rule.label
    audit_record(acting_user=acting_user, action=action, target=target, function=whom, access=rule.access)
    functional_members_follow(mailbox_ids=[rule.mailbox_id] if rule.mailbox_id else None)


def functional_guest_add(
    *,
    mailbox: FunctionalMailbox,
    person: Person,
    access: Access,
    starts_on: dt.date,
    ends_on: dt.date | None,
    acting_user: Actor,
) -> FunctionalGuest:
    """Let somebody of the same académie in, or change what they were let in for. Raises FunctionalRefused."""
    if person.organisation_id != mailbox.organisation_id:
        raise FunctionalRefused("person", _("Cette personne n'est pas de cette académie."))
    if ends_on and ends_on < starts_on:
        raise FunctionalRefused("ends_on", _("La fin précède le début."))
    with transaction.atomic():
        guest, _made = FunctionalGuest.objects.update_or_create(
            mailbox=mailbox,
            person=person,
            defaults={
                "access": access,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "acting_login": acting_user.login,
            },
        )
        audit_record(
            acting_user=acting_user,
            action="functional.guest_add",
            target=mailbox.address,
            person=str(person),
            number=person.employee_number,
            access=access,
            until=ends_on.isoformat() if ends_on else "",
        )
        functional_members_follow(mailbox_ids=[mailbox.pk])
    return guest


def functional_guest_remove(*, guest: FunctionalGuest, acting_user: Actor) -> None:
    with transaction.atomic():
        person, mailbox = guest.person, guest.mailbox
        guest.delete()
        audit_record(
            acting_user=acting_user,
            action="functional.guest_remove",
            target=mailbox.address,
            person=str(person),
            number=person.employee_number,
        )
        functional_members_follow(mailbox_ids=[mailbox.pk])


def functional_close(*, mailbox: FunctionalMailbox, on: dt.date, words: str, acting_user: Actor | None) -> None:
    """``on`` is the last day; from the next, mail is refused with ``words``. At once when it is past."""
    with transaction.atomic():
        mailbox.closes_on, mailbox.closed_words = on, _plain(words)
        mailbox.save(update_fields=["closes_on", "closed_words", "updated_at"])
        audit_record(
            acting_user=acting_user,
            action="functional.close",
            target=mailbox.address,
            on=on.isoformat(),
            words=mailbox.closed_words,
        )
        functional_close_due(today=timezone.localdate())
        mailbox.refresh_from_db(fields=["state"])


def functional_reopen(*, mailbox: FunctionalMailbox, acting_user: Actor) -> None:
    """Take an end back, decided or come."""
    with transaction.atomic():
        mailbox.state, mailbox.closes_on, mailbox.closed_words = FunctionalMailbox.State.OPEN, None, ""
        mailbox.emptied_on = None
        mailbox.save(update_fields=["state", "closes_on", "closed_words", "emptied_on", "updated_at"])
        audit_record(acting_user=acting_user, action="functional.reopen", target=mailbox.address)
        functional_members_follow(mailbox_ids=[mailbox.pk])


def functional_close_due(*, today: dt.date) -> int:
    """Daily: those past their last day close, and their members leave; returns how many."""
    with transaction.atomic():
        due = FunctionalMailbox.objects.filter(state=FunctionalMailbox.State.OPEN, closes_on__lt=today)
        ids = list(due.select_for_update().values_list("pk", flat=True))
        FunctionalMailbox.objects.filter(pk__in=ids).update(state=FunctionalMailbox.State.CLOSED)
        if ids:
            functional_members_follow(mailbox_ids=ids, today=today)
            functional_members_changed.send(sender=FunctionalMailbox, mailbox_ids=ids)
    return len(ids)


def functional_structures_end(*, structure_ids: Sequence[int], on: dt.date) -> int:
    """These schools are no more from ``on``: their mailboxes end like a person's, after a delay; returns how many."""
    ending = FunctionalMailbox.objects.filter(
        structure__in=structure_ids, state=FunctionalMailbox.State.OPEN, closes_on__isnull=True
    )
    rows = list(ending.select_related("structure").prefetch_related("addresses"))
    for mailbox in rows:
        words = _("L'établissement a fermé.")
        functional_close(mailbox=mailbox, on=on + dt.timedelta(days=END_DAYS), words=words, acting_user=None)
    return len(rows)


def functional_roll(*, today: dt.date) -> list[int]:
    """Daily: mailboxes of new schools, ends that have come, members who come and go; returns the mailboxes changed."""
    functional_ensure()
    functional_close_due(today=today)
    return functional_members_follow(today=today)


def _plain(words: str) -> str:
    """On one line, and in what an SMTP answer may hold (RFC 5321 4.2)."""
    flat = unicodedata.normalize("NFKD", " ".join(words.split()).translate(LIGATURES).replace("’", "'"))
    return "".join(sign for sign in flat if sign.isascii() and sign.isprintable())[:120]


def _lock() -> None:
    """Addresses are given one at a time, people's and mailboxes' alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ALLOCATION_LOCK])
