"""Where the SCIM library reads and writes: one client's view of the directory, for one request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from scim2_models import (
    NotFoundException,
    NotImplementedException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
)
from scim2_server.storage import ScimStorage, SearchPage

from ecritoire.accounts.models import ApiClient
from ecritoire.api.models import ScimUser
from ecritoire.directory.models import Structure

from . import groups, users
from .columns import group_columns, user_columns, users_of
from .drawing import groups_drawn, users_drawn
from .filters import condition, ordering

Row = ScimUser | Structure


class DirectoryStorage(ScimStorage):
    """A row that is read to be written is locked until the end: of two changes at once the second one sees the first."""

    def __init__(self, client: ApiClient) -> None:
        self.client = client
        self._error: Exception | None = None

    @contextmanager
    def operation(self) -> Iterator[None]:
        """One transaction; an error put aside is raised once it is committed."""
        self._error = None
        with transaction.atomic():
            yield
        if self._error is not None:
            raise self._error

    def _later(self, error: Exception) -> None:
        self._error = error

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        locked = response_parameters is None
        return self._draw(resource_type, [self._row(resource_type, resource_id, locked)], response_parameters)[0]

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """Several types at once come one after the other: nothing orders a user against a group."""
        if len(resource_types) > 1 and search_request.sort_by is not None:
            raise NotImplementedException(detail=_("sortBy : sur un seul type de ressource à la fois."))
        page = SearchPage(0, [])
        start, stop = search_request.start_index_0 or 0, search_request.count
        left = stop if stop is not None else 0
        for resource_type in resource_types:
            found = self._found(resource_type, search_request)
            total = found.count()
            skipped = max(0, start - int(page.total or 0))
            rows = list(found[skipped : skipped + left]) if left and skipped < total else []
            page.total = int(page.total or 0) + total
            page.resources += self._draw(resource_type, rows, search_request)
            left -= len(rows)
        return page

    def _found(self, resource_type: ResourceType, search: SearchRequest[Any]) -> QuerySet[Any]:
        is_user = resource_type.name == "User"
        columns = user_columns() if is_user else group_columns(self.client.feed)
        rows: QuerySet[Any] = self._users() if is_user else groups.groups_of(self.client)
        if search.filter is not None:
            rows = rows.filter(condition(scim_filter=search.filter, columns=columns))
        return rows.order_by(*ordering(search=search, columns=columns))

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        row: Row
        if resource_type.name == "User":
            row = users.user_create(client=self.client, resource=resource, later=self._later)
        else:
            row = groups.group_create(client=self.client, resource=resource, later=self._later)
        return self._fresh(resource_type, row) if self._error is None else resource

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        row = self._expected(resource_type, str(resource.id), expected_version)
        if isinstance(row, ScimUser):
            users.user_update(client=self.client, user=row, resource=resource, later=self._later)
        else:
            groups.group_update(client=self.client, structure=row, resource=resource, later=self._later)
        return self._fresh(resource_type, row)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        row = self._expected(resource_type, resource_id, expected_version)
        if isinstance(row, ScimUser):
            users.user_delete(client=self.client, user=row)
        else:
            groups.group_delete(client=self.client, structure=row, later=self._later)

    def _expected(self, resource_type: ResourceType, resource_id: str, version: str | None) -> Row:
        row = self._row(resource_type, resource_id, locked=True)
        drawn = self._draw(resource_type, [row])[0]
        if version is not None and (drawn.meta is None or drawn.meta.version != version):
            raise PreconditionFailedException
        return row

    def _fresh(self, resource_type: ResourceType, row: Row) -> Resource[Any]:
        key = str(row.uid) if isinstance(row, ScimUser) else row.uai
        return self._draw(resource_type, [self._row(resource_type, key, locked=False)])[0]

    def _users(self) -> QuerySet[ScimUser]:
        return users_of(self.client.feed)

    def _row(self, resource_type: ResourceType, resource_id: str, locked: bool) -> Row:
        rows: QuerySet[Any]
        if resource_type.name == "User":
            rows = self._users().filter(uid=_uuid(resource_id))
        else:
            rows = groups.groups_of(self.client).filter(uai=resource_id)
        row: Row | None = (rows.select_for_update(of=("self",)) if locked else rows).first()
        if row is None:
            raise NotFoundException(detail=_("%(id)s : inconnu de ce client.") % {"id": resource_id})
        return row

    def _draw(
        self, resource_type: ResourceType, rows: list[Any], asked: ResponseParameters[Any] | None = None
    ) -> list[Resource[Any]]:
        if resource_type.name == "User":
            return users_drawn(rows, asked)
        return groups_drawn(rows, self.client.feed, asked)


def _uuid(text: str) -> UUID:
    """Nobody's, where ``text`` is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
