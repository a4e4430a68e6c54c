"""Where each attribute of a user and of a group is in the database."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from ecritoire.accounts.lifecycle import State
from ecritoire.api.models import ScimUser, ScimValue
from ecritoire.directory.models import Assignment, EmailAddress, FeedSource
from ecritoire.directory.selectors import not_over

from .filters import Columns, Values
from .schemas import ABSENCES, CONTRACTS, ENTERPRISE, POSTINGS, STAFF, STRUCTURE, FullGroup, FullUser

BLOCKED = (State.SUSPENDED, State.DEACTIVATED, State.PURGED)
ACCOUNT, PERSON = "record__person__account", "record__person"
POSTING = ("value", "function", "functionCode", "startsOn", "endsOn")
CONTRACT, ABSENCE = ("number", "startsOn", "endsOn"), ("kind", "startsOn", "endsOn")


def text(*path: str) -> Any:
    """A text of what the client said."""
    inside: Any = "said"
    for key in path[:-1]:
        inside = KeyTransform(key, inside)
    return KeyTextTransform(path[-1], inside)


def day(field: str) -> Any:
    return Cast(Cast(F(field), DateField()), TextField())


def active() -> Any:
    """False while the account is stopped, otherwise what the client said, if anything."""
    said = Cast(text("active"), BooleanField())
    stopped = When(Q(**{f"{ACCOUNT}__state__in": BLOCKED}) & Q(said__has_key="active"), then=Value(False))
    return Case(stopped, default=said, output_field=BooleanField())


def said_values(attribute: str, *names: str) -> Values:
    rows = partial(_said_rows, attribute)
    return Values(rows, {name: KeyTextTransform(name, "data") for name in names}, ("rank",))


def _said_rows(attribute: str) -> QuerySet[ScimValue]:
    return ScimValue.objects.filter(user=OuterRef("pk"), attribute=attribute)


def addresses() -> QuerySet[EmailAddress]:
    return EmailAddress.objects.filter(person=OuterRef(PERSON), retired_at__isnull=True)


def current(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return assignments.filter(not_over(), starts_on__lte=timezone.localdate())


def workplaces() -> QuerySet[Assignment]:
    return current(Assignment.objects.filter(person=OuterRef(PERSON)))


def user_columns() -> Columns:
    word = partial(Value, output_field=CharField())
    return Columns(
        model=FullUser,
        single={
            "id": Cast(F("uid"), TextField()),
            "externalId": F("external_id"),
            "userName": Coalesce(F(f"{ACCOUNT}__login"), F("key")),
            "name.familyName": text("name", "familyName"),
            "name.givenName": text("name", "givenName"),
            "name.honorificPrefix": text("name", "honorificPrefix"),
            "displayName": Concat(
                text("name", "givenName"), Value(" "), text("name", "familyName"), output_field=TextField()
            ),
            "userType": text("userType"),
            "active": active(),
            "meta.created": F("created_at"),
            "meta.lastModified": F("updated_at"),
            "meta.resourceType": word("User"),
            f"{ENTERPRISE}:employeeNumber": text(ENTERPRISE, "employeeNumber"),
            f"{ENTERPRISE}:organization": F("source__organisation__name"),
            f"{STAFF}:birthName": text(STAFF, "birthName"),
            f"{STAFF}:birthDate": text(STAFF, "birthDate"),
            f"{STAFF}:privateEmail.value": text(STAFF, "privateEmail", "value"),
            f"{STAFF}:accountState": F(f"{ACCOUNT}__state"),
            f"{STAFF}:rightFrom": day(f"{PERSON}__right_from"),
            f"{STAFF}:rightUntil": day(f"{PERSON}__right_until"),
        },
        several={
            "emails": Values(
                addresses,
                {"value": F("address"), "type": word("work"), "primary": F("is_primary")},
                ("-is_primary", "pk"),
            ),
            "groups": Values(
                workplaces,
                {"value": F("structure__uai"), "display": F("structure__name")},
                ("-starts_on", "pk"),
            ),
            f"{POSTINGS}:postings": said_values("postings", *POSTING),
            f"{CONTRACTS}:contracts": said_values("contracts", *CONTRACT),
            f"{ABSENCES}:absences": said_values("absences", *ABSENCE),
        },
    )


def text_or_null(field: str) -> Any:
    """An empty text is no value."""
    return Case(When(~Q(**{field: ""}), then=F(field)), default=None, output_field=CharField(null=True))


def member_rows(source: FeedSource) -> QuerySet[ScimValue]:
    """The users of ``source`` posted to the structure of the row outside."""
    code = KeyTextTransform("value", "data")
    posted = ScimValue.objects.filter(attribute="postings", user__source=source)
    return posted.annotate(code=code).filter(code=OuterRef("uai"))


def group_columns(source: FeedSource) -> Columns:
    word = partial(Value, output_field=CharField())
    return Columns(
        model=FullGroup,
        single={
            "id": F("uai"),
            "externalId": text_or_null("scim_group__external_id"),
            "displayName": F("name"),
            "meta.created": F("created_at"),
            "meta.lastModified": F("updated_at"),
            "meta.resourceType": word("Group"),
            f"{STRUCTURE}:kind": F("kind"),
            f"{STRUCTURE}:city": text_or_null("city"),
        },
        several={
            "members": Values(
                partial(member_rows, source),
                {"value": Cast(F("user__uid"), TextField()), "type": word("User")},
                ("user", "rank"),
            )
        },
    )


def users_of(source: FeedSource) -> QuerySet[ScimUser]:
    """What ``source`` said, with what a resource shows of the account."""
    return ScimUser.objects.filter(source=source).select_related(ACCOUNT, "source__organisation")


def is_blocked(state: str | None) -> bool:
    return state in BLOCKED
