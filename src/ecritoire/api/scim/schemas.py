"""What we serve over SCIM: the resources, as ``/Schemas`` publishes them, and what the service can do.

The core schemas are published with the attributes the directory knows and no others, so that nothing a client may write is
forgotten. Each list is an extension of its own: whoever names the extension gives the list.
What we add about a person in an extension is returned when asked for (``attributes=``). Dates are strings (SCIM has no date type); their canonical value shows the format.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, cast

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    External,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    Returned,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

from ecritoire.directory.models import Leave, Person, Structure

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OURS = "urn:ecritoire:params:scim:schemas:extension"
STAFF, POSTINGS = f"{OURS}:staff:2.0:User", f"{OURS}:postings:2.0:User"
CONTRACTS, ABSENCES = f"{OURS}:contracts:2.0:User", f"{OURS}:absences:2.0:User"
STRUCTURE = f"{OURS}:structure:2.0:Group"
MAX_RESULTS, BULK_OPERATIONS, BULK_BYTES = 200, 1000, 4_000_000
FIRST_DAY, LAST_DAY, BIRTH = ["2026-09-01"], ["2099-08-31"], ["1980-02-29"]
FUNCTION_CODES = ["ENS", "DIR", "ADM", "DOC", "EDU"]

ReadOnly, OnRequest = Mutability.read_only, Returned.request
Day = Annotated[str | None, Field(max_length=10)]


def ref(**options: Any) -> Any:
    return Field(None, serialization_alias="$ref", validation_alias="$ref", **options)


class Name(ComplexAttribute):
    family_name: Annotated[str | None, Required.true, Field(max_length=80)] = None
    """The name in use."""

    given_name: Annotated[str | None, Required.true, Field(max_length=80)] = None
    """The usual first name."""

    honorific_prefix: str | None = Field(None, examples=["Mme", "M."])
    """Mme or M."""


class Email(ComplexAttribute):
    value: Annotated[str | None, ReadOnly] = None
    """An address of the person's mailbox."""

    type: Annotated[str | None, ReadOnly] = Field(None, examples=["work"])
    """Always work."""

    primary: Annotated[bool | None, ReadOnly] = None
    """Whether it is the address in use; the others are aliases kept after a change of name."""


class UserGroup(ComplexAttribute):
    value: Annotated[str | None, ReadOnly, CaseExact.true] = None
    """The code (UAI) of the structure."""

    ref: Annotated[Reference["Group"] | None, ReadOnly] = ref()  # noqa: UP037
    """The group that stands for the structure."""

    display: Annotated[str | None, ReadOnly] = None
    """Its name."""


class User(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, ReadOnly, Uniqueness.server] = None
    """The login, which this service allocates: what a client sends here is not read. Use externalId for your own key."""

    name: Annotated[Name | None, Required.true] = None
    """Who it is."""

    display_name: Annotated[str | None, ReadOnly] = None
    """First name and name."""

    user_type: str | None = Field(None, examples=list(Person.Category.values))
    """The category of staff."""

    active: bool | None = None
    """False ends the right this client gives, nothing is erased; true gives it again. Also false while the account is
    suspended or closed."""

    emails: Annotated[list[Email] | None, ReadOnly] = None
    """The addresses of the mailbox, which this service allocates."""

    groups: Annotated[list[UserGroup] | None, ReadOnly] = None
    """Where the person works today, whichever source says so."""


class EnterpriseUser(Extension):
    __schema__ = URN(ENTERPRISE)

    employee_number: Annotated[str | None, CaseExact.true, Field(max_length=64)] = None
    """HR's number: two sources that say the same number speak of the same person."""

    organization: Annotated[str | None, ReadOnly, OnRequest] = None
    """The académie."""

    department: Annotated[str | None, ReadOnly, OnRequest] = None
    """The structure where the person works today; the latest where they are several."""


class Posting(ComplexAttribute):
    ref: Annotated[Reference["Group"] | None, Required.true] = ref()  # noqa: UP037
    """The group that stands for the structure; relative (Groups/0750001U) or whole."""

    value: Annotated[str | None, CaseExact.true] = None
    """The id of that group: the code (UAI) of the structure. What $ref says counts."""

    function: Annotated[str | None, Field(max_length=80)] = None
    """What the person does there."""

    function_code: str | None = Field(None, examples=FUNCTION_CODES)
    """AAF's code of the function."""

    starts_on: Day = Field(None, examples=FIRST_DAY)
    """First day, YYYY-MM-DD; without it, the day it is first said."""

    ends_on: Day = Field(None, examples=LAST_DAY)
    """Last day, YYYY-MM-DD; without it, open."""


class Contract(ComplexAttribute):
    number: Annotated[str | None, Required.true, CaseExact.true, Field(max_length=40)] = None
    """HR's number of the contract."""

    starts_on: Annotated[Day, Required.true] = Field(None, examples=FIRST_DAY)
    """First day, YYYY-MM-DD."""

    ends_on: Day = Field(None, examples=LAST_DAY)
    """Last day, YYYY-MM-DD; without it, open."""


class Absence(ComplexAttribute):
    kind: Annotated[str | None, Required.true] = Field(None, examples=list(Leave.Kind.values))
    """What kind of leave."""

    starts_on: Annotated[Day, Required.true] = Field(None, examples=FIRST_DAY)
    """First day, YYYY-MM-DD."""

    ends_on: Day = Field(None, examples=LAST_DAY)
    """Last day, YYYY-MM-DD; without it, open."""


class PrivateEmail(ComplexAttribute):
    value: Annotated[str | None, Required.true] = None
    """A private address HR knows; never shown to others."""


class Staff(Extension):
    __schema__ = URN(STAFF)

    birth_name: Annotated[str | None, Field(max_length=80)] = None
    """Name at birth, when it is another."""

    birth_date: Day = Field(None, examples=BIRTH)
    """YYYY-MM-DD."""

    private_email: PrivateEmail | None = None
    """Where the person may be reached before their mailbox is open."""

    account_state: Annotated[str | None, ReadOnly, OnRequest] = None
    """announced, provisioned, activated, ending, suspended, deactivated or purged; absent while there is no account."""

    right_from: Annotated[str | None, ReadOnly, OnRequest] = None
    """First day of the right to a mailbox, all sources together."""

    right_until: Annotated[str | None, ReadOnly, OnRequest] = None
    """Its last day; absent = open."""


class PostingList(Extension):
    __schema__ = URN(POSTINGS)

    postings: Annotated[list[Posting] | None, Required.true] = None
    """Places in structures. Whoever has contracts keeps the mailbox by them, the others by their postings."""


class ContractList(Extension):
    __schema__ = URN(CONTRACTS)

    contracts: Annotated[list[Contract] | None, Required.true] = None
    """Engagements; their end is the end of the right."""


class AbsenceList(Extension):
    __schema__ = URN(ABSENCES)

    absences: Annotated[list[Absence] | None, Required.true] = None
    """Leaves, during which the right goes on."""


class Member(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The id of a user of this client."""

    ref: Annotated[Reference["User"] | None, Mutability.immutable] = ref()  # noqa: UP037
    """That user."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """Always User."""


class Group(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Field(max_length=160)] = None
    """The name of the structure."""

    members: list[Member] | None = None
    """The users of this client who are posted there; adding one is a posting, removing one ends it."""

    Members: ClassVar[type[ComplexAttribute]] = Member


class StructureGroup(Extension):
    __schema__ = URN(STRUCTURE)

    kind: Annotated[str | None, ReadOnly, OnRequest] = Field(None, examples=list(Structure.Kind.values))
    """What kind of structure; a group made here is a service."""

    city: Annotated[str | None, Field(max_length=120)] = None
    """Where it is."""


CONFIG = ServiceProviderConfig(
    documentation_uri=None,
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=BULK_OPERATIONS, max_payload_size=BULK_BYTES),
    filter=Filter(supported=True, max_results=MAX_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    pagination=Pagination(cursor=False, index=True, default_page_size=100, max_page_size=MAX_RESULTS),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A token made in the console, in the Authorization header (RFC 6750)",
            spec_uri=Reference[External]("https://datatracker.ietf.org/doc/html/rfc6750"),
            primary=True,
        )
    ],
)
_user, _group = cast(Any, User), cast(Any, Group)  # generic by their metaclass, which type checkers do not see
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Staff, PostingList, ContractList, AbsenceList, Group, StructureGroup],
    resource_types=[
        ResourceType.from_resource(_user[EnterpriseUser | Staff | PostingList | ContractList | AbsenceList]),
        ResourceType.from_resource(_group[StructureGroup]),
    ],
    config=CONFIG,
)
FullUser: Any = PROVIDER.model_for("User")
FullGroup: Any = PROVIDER.model_for("Group")
