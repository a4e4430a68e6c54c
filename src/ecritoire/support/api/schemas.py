"""What other programs say and are told, in JSON: published as it is in ``/api/openapi.json``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from ecritoire.api.rest.records import Strict, written
from ecritoire.support.models import Incident, IncidentUpdate, Ticket, TicketMessage

SOMETHING = r"^[^\x00]*[^\s\x00][^\x00]*$"
LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
NUMBER = r"^[0-9]{4}-[0-9]{6,7}$"
Said = Annotated[str, StringConstraints(min_length=1, max_length=5000, pattern=SOMETHING)]
Update = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=SOMETHING)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=160, pattern=LINE)]
Contact = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^\x00-\x1f\x7f]*$")]
Who = Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=LINE)]
Uai = Annotated[str, StringConstraints(pattern=r"^[0-9]{7}[A-Za-z]$")]
Moment = Annotated[AwareDatetime, Field(strict=False), written(r"\d{4}-\d{2}-\d{2}[Tt ]")]
Priority = Literal["critical", "high", "normal"]
Kind = Literal[tuple(Ticket.Kind.values)]  # type: ignore[valid-type]
State = Literal[tuple(Ticket.State.values)]  # type: ignore[valid-type]
Wanted = Literal[("open", *Ticket.State.values)]  # type: ignore[valid-type]
Answered = Literal["in_progress", "waiting", "resolved"]
Severity = Literal[tuple(Incident.Severity.values)]  # type: ignore[valid-type]
IncidentState = Literal[tuple(Incident.State.values)]  # type: ignore[valid-type]
Current = Literal[("current", *Incident.State.values)]  # type: ignore[valid-type]
Told = Literal["open", "identified", "watched", "resolved"]


def priority_of(word: str) -> Ticket.Priority:
    return Ticket.Priority[word.upper()]


def _at_least_one(schema: dict[str, Any]) -> None:
    schema["minProperties"] = 1


class TicketIn(Strict):
    """A request for help, for a person of the académie."""

    person: Annotated[
        Who, Field(description="the person's login or employee number", examples=["zoe.martin@ac-valmont.test"])
    ]
    kind: Annotated[Kind, Field(examples=["mail"])]
    subject: Annotated[Line, Field(examples=["Messages qui ne partent plus"])]
    text: Annotated[Said, Field(examples=["Depuis ce matin, rien ne part."])]
    contact: Annotated[Contact, Field(description="where the person can be reached: an address, a telephone")] = ""
    priority: Annotated[Priority | None, Field(description="without it, what the kind asks for")] = None


class TicketChange(Strict):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_at_least_one)

    state: State = Field(default="new", json_schema_extra=lambda schema: schema.pop("default"))
    priority: Priority = Field(default="normal", json_schema_extra=lambda schema: schema.pop("default"))
    kind: Kind = Field(default="other", json_schema_extra=lambda schema: schema.pop("default"))
    assignee: Annotated[Who | None, Field(description="the login of somebody who handles requests; null: nobody")] = (
        Field(default=None, json_schema_extra=lambda schema: schema.pop("default"))
    )


class MessageIn(Strict):
    """An answer goes to the person, by mail and in their list; a note stays among support."""

    text: Annotated[Said, Field(examples=["C'est réparé : pouvez-vous essayer ?"])]
    audience: Literal["public", "note"] = "public"
    state: Annotated[Answered, Field(description="after an answer, the request is")] = "waiting"


class PersonOut(BaseModel):
    """``login`` may be only what was typed, when nobody could be recognised."""

    login: str
    name: str
    is_known: bool


class TicketOut(BaseModel):
    number: str
    subject: str
    text: str
    kind: Kind
    channel: str
    state: State
    priority: Priority
    person: PersonOut
    contact: str
    structure: Annotated[str | None, Field(description="the UAI of where the person worked")]
    queue: str | None
    assignee: Annotated[str | None, Field(description="a login")]
    incident: int | None
    created_at: dt.datetime
    updated_at: dt.datetime
    first_answered_at: dt.datetime | None
    resolved_at: dt.datetime | None

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        same = ("number", "subject", "text", "kind", "channel", "state", "contact")
        moments = ("created_at", "updated_at", "first_answered_at", "resolved_at")
        return cls(
            **{name: getattr(ticket, name) for name in (*same, *moments)},
            priority=Ticket.Priority(ticket.priority).name.lower(),  # type: ignore[arg-type]
            person=PersonOut(login=ticket.login, name=ticket.name, is_known=ticket.account_id is not None),
            structure=ticket.structure.uai if ticket.structure else None,
            queue=ticket.queue.name if ticket.queue else None,
            assignee=ticket.assignee.login if ticket.assignee else None,
            incident=ticket.incident_id,
        )


class MessageOut(BaseModel):
    id: int
    at: dt.datetime
    side: Literal["person", "support", "contact", "system"]
    audience: Literal["public", "note"]
    program: Annotated[str, Field(description="the client that wrote it, by name; empty when it was a person")]
    text: str

    @classmethod
    def of(cls, said: TicketMessage) -> Self:
        audience = "public" if said.audience == TicketMessage.Audience.PUBLIC else "note"
        return cls(
            id=said.pk,
            at=said.created_at,
            side=said.side,  # type: ignore[arg-type]
            audience=audience,  # type: ignore[arg-type]
            program=said.program,
            text=said.text,
        )


class IncidentIn(Strict):
    """Declared at once, banner and status page included; one that begins later is announced."""

    title: Annotated[Line, Field(examples=["Le webmail ne s'ouvre pas"])]
    text: Annotated[Update, Field(description="what is known, what is done", examples=["Nous cherchons la cause."])]
    severity: Annotated[Severity, Field(examples=["major"])]
    starts_at: Annotated[Moment | None, Field(description="without it, now")] = None
    ends_at: Annotated[Moment | None, Field(description="when it should be over; a maintenance must have it")] = None
    is_public: Annotated[bool, Field(description="also before sign-in and on the status page")] = True
    structures: Annotated[list[Uai], Field(max_length=200, description="empty: the whole académie")] = []  # noqa: RUF012 - pydantic copies it


class UpdateIn(Strict):
    """``resolved`` ends it: each request attached to it is answered once, with this text."""

    state: Annotated[Told, Field(examples=["identified"])]
    text: Annotated[Update, Field(examples=["Un disque est remplacé."])]


class UpdateOut(BaseModel):
    id: int
    at: dt.datetime
    state: IncidentState
    text: str

    @classmethod
    def of(cls, row: IncidentUpdate) -> Self:
        return cls(id=row.pk, at=row.created_at, state=row.state, text=row.text)


class IncidentOut(BaseModel):
    id: int
    title: str
    severity: Severity
    state: IncidentState
    is_public: bool
    structures: list[str]
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    resolved_at: dt.datetime | None
    updated_at: dt.datetime
    updates: Annotated[list[UpdateOut], Field(description="the newest first")]

    @classmethod
    def of(cls, row: Incident) -> Self:
        same = ("title", "severity", "state", "is_public", "starts_at", "ends_at", "resolved_at", "updated_at")
        return cls(
            id=row.pk,
            **{name: getattr(row, name) for name in same},
            structures=[structure.uai for structure in row.structures.all()],
            updates=[UpdateOut.of(update) for update in row.updates.all()],
        )


class Page(BaseModel):
    next: Annotated[str | None, Field(description="the ``cursor`` of what follows; null: that was all")]


class TicketPage(Page):
    items: list[TicketOut]


class IncidentPage(Page):
    items: list[IncidentOut]


class MessageList(BaseModel):
    items: list[MessageOut]


class UpdateList(BaseModel):
    items: list[UpdateOut]


class StatusOut(BaseModel):
    """The worst of what goes on now."""

    state: Literal["operational", "maintenance", "minor", "major", "critical"]
    present: list[IncidentOut]
    planned: list[IncidentOut]


class Paging(Strict):
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")] = ""


class TicketQuery(Paging):
    state: Wanted | None = None
    priority: Priority | None = None
    kind: Kind | None = None
    person: Who | None = None
    assignee: Who | None = None
    incident: Annotated[int | None, Field(ge=1, le=2**62)] = None
    updated_since: Moment | None = None


class IncidentQuery(Paging):
    state: Current | None = None
    severity: Severity | None = None
