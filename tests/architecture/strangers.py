"""An académie seen from outside: one row of every model there is, all with the same key and the same mark, so that whatever
page shows one of them to somebody of another académie is caught, pages of tomorrow too."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from ecritoire.directory.models import Organisation

KEY = 900_001
MARK, WORD, PLACE = "zzmarque", "zzquete", "203.0.113.77"
UAI = "0990777K"
SKIPPED = {"common.AuditEvent", "directory.Organisation"}
"""Those the fixture makes by itself."""

OVERRIDES: dict[str, dict[str, Any]] = {
    "directory.Structure": {"uai": UAI, "search_name": WORD},
    "directory.Person": {"search_name": WORD, "employee_number": f"{WORD}{MARK}"},
    "directory.EmailAddress": {"is_primary": True, "retired_at": None, "functional": None},
    "directory.FunctionalRule": {"function_code": "DIR", "label": ""},
    "knowledge.Article": {"live": None, "slug": MARK},
    "knowledge.Choice": {"to_crossroad": None, "to_article": None, "page": "support:ask"},
    "forum.Topic": {"accepted": None},
    "forum.Follow": {"tag": ""},
    "accounts.Account": {"state": "activated"},
    "accounts.AppPassword": {"revoked_at": None},
    "accounts.ApplicationRequest": {"state": "waiting", "app_password": None},
    "accounts.TrustedFamily": {"family": "gmail"},
    "accounts.Vouching": {"state": "asked", "vouched_by": None, "closed_by": None},
    "portal.CasClient": {"addresses": [f"https://{MARK}.test/"]},
    "support.OpeningHours": {"opens": dt.time(8), "closes": dt.time(9)},
    "support.Ticket": {"state": "new", "priority": 1, "search_name": WORD, "number": "9999-900001"},
}
"""What a model asks for beyond the types of its fields, or what makes its rows appear in most lists."""


@dataclass
class Strangers:
    """``rows`` by model label; ``unmade`` are those whose rules the values broke."""

    organisation: Organisation
    rows: dict[str, models.Model] = field(default_factory=dict)
    unmade: dict[str, str] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)

    def make_all(self) -> Strangers:
        for room in settings.ROOMS:
            for model in apps.get_app_config(room).get_models():
                if model._meta.label not in SKIPPED and model._meta.managed:
                    self.make(model)
        return self

    def make(self, model: type[models.Model]) -> models.Model | None:
        label = model._meta.label
        if model is Organisation:
            return self.organisation
        if label in self.rows or label in self.under_way or label in self.unmade:
            return self.rows.get(label)
        self.under_way.add(label)
        given = OVERRIDES.get(label, {})
        values = {f.name: self._value(f) for f in model._meta.concrete_fields if f.name not in given} | given
        try:
            with transaction.atomic():
                row = model(**{name: value for name, value in values.items() if value is not NOTHING})
                row.save(force_insert=True)
        except (IntegrityError, ValueError) as error:
            self.unmade[label] = str(error).splitlines()[0]
            return None
        self.rows[label] = row
        return row

    def _value(self, column: Any) -> Any:
        if isinstance(column, models.ForeignKey):
            other = self.make(column.related_model)
            return other if other is not None else NOTHING
        if column.primary_key:
            return KEY
        if column.choices:
            return column.default if column.has_default() else column.choices[0][0]
        return _of_type(column, self.organisation.mail_domain)

    def snapshot(self) -> dict[str, Any]:
        """Every value of the rows, and how many rows of each model hang on each of them."""
        seen: dict[str, Any] = {}
        for label, row in self.rows.items():
            model = type(row)
            fresh = model._default_manager.filter(pk=row.pk).values().first()
            seen[label] = fresh
            for relation in model._meta.related_objects:
                name = f"{label} < {relation.related_model.__name__}.{relation.field.name}"
                seen[name] = relation.related_model._default_manager.filter(**{relation.field.name: row.pk}).count()
        return seen


NOTHING = object()


def _of_type(column: Any, domain: str) -> Any:  # noqa: PLR0911, C901 - one line a type
    now = timezone.now()
    if isinstance(column, models.EmailField) or column.name in {"login", "acting_login"}:
        return f"{MARK}.{WORD}@{domain}"
    if isinstance(column, models.GenericIPAddressField):
        return PLACE
    if isinstance(column, models.CharField | models.TextField):
        return f"{MARK}{WORD}"[: column.max_length or 100]
    if isinstance(column, models.DateTimeField):
        return NOTHING if column.null or column.auto_now or column.auto_now_add else now + dt.timedelta(days=1)
    if isinstance(column, models.DateField):
        return NOTHING if column.null else timezone.localdate()
    if isinstance(column, models.UUIDField):
        return uuid.UUID(int=KEY)
    if isinstance(column, models.BinaryField):
        return MARK.encode()
    if column.has_default() or column.null or isinstance(column, ArrayField):
        return NOTHING
    return {"BooleanField": False, "JSONField": {}, "FloatField": 1.0}.get(column.get_internal_type(), 1)
