"""The desk's settings: its lines and rules, its delays, its calendar."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support.desk import desk_of, periods_of, settings_of
from ecritoire.support.desk_settings import calendar_save, queue_delete, queue_save, rules_save, targets_save
from ecritoire.support.models import Queue, SchoolHoliday
from ecritoire.support.settings_forms import CalendarForm, LineForm, RulesForm, TargetsForm


@action_required(Action.DESK_MANAGE)
def index(request: AccountRequest) -> HttpResponse:
    """The lines, and the table of rules."""
    organisation = request.user.person.organisation
    lines = list(Queue.objects.filter(organisation=organisation).annotate(people=Count("members")))
    form = RulesForm(request.POST or None, desk=desk_of(organisation.pk), lines=lines)
    if request.method == "POST" and form.is_valid():
        rules_save(organisation=organisation, rules=form.rules(), acting_user=request.user)
        messages.success(request, _("Règles enregistrées : elles valent pour les nouvelles demandes."))
        return redirect("support:desk-settings")
    return render(request, "support/settings/index.html", {"form": form, "lines": lines})


@action_required(Action.DESK_MANAGE)
def line(request: AccountRequest, pk: int | None = None) -> HttpResponse:
    """A new line, or one that is there."""
    organisation = request.user.person.organisation
    row = get_object_or_404(Queue, pk=pk, organisation=organisation) if pk else Queue(organisation=organisation)
    initial = {name: getattr(row, name) for name in ("name", "discipline", "address")}
    if row.pk:
        initial["members"] = list(row.members.values_list("pk", flat=True))
    form = LineForm(request.POST or None, line=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        queue_save(queue=row, acting_user=request.user, **form.cleaned_data)
        messages.success(request, _("Ligne enregistrée."))
        return redirect("support:desk-settings")
    return render(request, "support/settings/line.html", {"form": form, "line": row})


@action_required(Action.DESK_MANAGE)
@require_POST
def line_delete(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Queue, pk=pk, organisation=request.user.organisation_id)
    queue_delete(queue=row, acting_user=request.user)
    messages.success(request, _("Ligne supprimée : ses demandes sont dans la ligne commune."))
    return redirect("support:desk-settings")


@action_required(Action.DESK_MANAGE)
def targets(request: AccountRequest) -> HttpResponse:
    organisation = request.user.person.organisation
    form = TargetsForm(request.POST or None, desk=desk_of(organisation.pk))
    if request.method == "POST" and form.is_valid():
        targets_save(
            organisation=organisation,
            targets=form.targets(),
            contact_hours=form.cleaned_data["contact_hours"],
            days=form.days(),
            acting_user=request.user,
        )
        messages.success(request, _("Délais enregistrés : les demandes ouvertes sont recalculées."))
        return redirect("support:desk-targets")
    return render(request, "support/settings/targets.html", {"form": form})


@action_required(Action.DESK_MANAGE)
def calendar(request: AccountRequest) -> HttpResponse:
    organisation = request.user.person.organisation
    settings = settings_of(organisation.pk)
    written = SchoolHoliday.objects.filter(organisation=organisation)
    initial = {
        "zone": settings.zone,
        "holidays": settings.holidays,
        "opens": settings.holiday_opens,
        "closes": settings.holiday_closes,
        "periods": "\n".join(f"{row.first:%d/%m/%Y} - {row.last:%d/%m/%Y} {row.name}" for row in written),
    }
    form = CalendarForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("zone", "holidays", "hours", "periods")}
        calendar_save(organisation=organisation, acting_user=request.user, **values)
        messages.success(request, _("Calendrier enregistré."))
        return redirect("support:desk-calendar")
    coming = [row for row in periods_of(settings) if row.last >= timezone.localdate()]
    return render(request, "support/settings/calendar.html", {"form": form, "coming": coming})
