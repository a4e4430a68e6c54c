"""People and structures, each as far as the viewer may see."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from ecritoire.common.csv_export import csv_response
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.common.services import audit_record
from ecritoire.directory.forms import PeopleForm
from ecritoire.directory.listing import badges_for, filters
from ecritoire.directory.models import Person
from ecritoire.directory.panels import panels_for
from ecritoire.directory.people_search import people_near
from ecritoire.directory.selectors import (
    assignments_of,
    people_visible_to,
    person_list,
    structure_by_uai,
    structure_list,
    with_rows,
)

PAGE = 50


@action_required(Action.PERSON_VIEW, Action.SCHOOL_VIEW)
def people(request: AccountRequest) -> HttpResponse:
    """The list, narrowed as one types."""
    form = PeopleForm(request.GET)
    found = _narrowed(request, form)
    page = Paginator(with_rows(found), PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    context: dict[str, object] = {"form": form, "page": page, "badges": badges_for(rows)}
    context["structure"] = structure_by_uai(
        request.GET.get("uai", ""), organisation=request.user.person.organisation_id
    )
    context["can_export"] = request.user.may(Action.PERSON_EXPORT)
    if not rows and form.search:
        context["near"] = people_near(people_visible_to(request.user), form.search)
    return render(request, "directory/people.html", context)


def _narrowed(request: AccountRequest, form: PeopleForm) -> QuerySet[Person]:
    structure = structure_by_uai(request.GET.get("uai", ""), organisation=request.user.person.organisation_id)
    found = person_list(
        people_visible_to(request.user),
        search=form.search,
        structure=structure,
        school=form.value("school"),
        category=form.value("category"),
    )
    for name, narrowing in filters.items():
        if form.value(name):
            found = narrowing.narrow(found, form.value(name))
    return found


@action_required(Action.PERSON_EXPORT)
def people_export(request: AccountRequest) -> StreamingHttpResponse:
    """The list as it is narrowed, every page of it. Audited: it leaves the service."""
    form = PeopleForm(request.GET)
    found = _narrowed(request, form)
    asked = {name: value for name, value in request.GET.items() if value and name != "page"}
    audit_record(acting_user=request.user, action="person.export", target=f"{found.count()} personnes", filters=asked)
    return csv_response("personnes.csv", _lines(found))


def _lines(found: QuerySet[Person]) -> Iterator[list[str]]:
    yield ["matricule", "nom", "prenom", "adresse", "categorie", "etat", "uai", "etablissement", "fonction"]
    rows: list[Person] = []
    for row in with_rows(found).iterator(chunk_size=1000):
        rows.append(row)
        if len(rows) == 1000:  # noqa: PLR2004 - a batch
            yield from _batch(rows)
            rows = []
    yield from _batch(rows)


def _batch(rows: list[Person]) -> Iterator[list[str]]:
    badges = badges_for(rows)
    for row in rows:
        address = next((str(address) for address in row.addresses.all()), "")
        work = next(iter(row.assignments.all()), None)
        state = ", ".join(str(badge.text) for badge in badges[row.pk])
        where = [work.structure.uai, work.structure.name, work.function] if work else ["", "", ""]
        who = [row.employee_number, row.family_name, row.given_name, address]
        yield [*who, str(row.get_category_display()), state, *where]


@action_required(Action.PERSON_VIEW, Action.SCHOOL_VIEW)
def person(request: AccountRequest, pk: int) -> HttpResponse:
    own = Person.objects.filter(organisation=request.user.person.organisation_id)
    row = get_object_or_404(own.select_related("organisation"), pk=pk)
    if not people_visible_to(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    context: dict[str, object] = {"person": row, "assignments": assignments_of(row), "addresses": row.addresses.all()}
    context["sees_all"] = request.user.may(Action.PERSON_VIEW)
    context["may_move"] = request.user.may(Action.FEED_IMPORT)
    return render(request, "directory/person.html", {**context, "panels": panels_for(request, row)})


@action_required(Action.PERSON_VIEW)
def structures(request: AccountRequest) -> HttpResponse:
    page = Paginator(structure_list(organisation=request.user.person.organisation_id), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "directory/structures.html", {"page": page})
