"""What leaves the statistics: the spreadsheet, and the monthly report with those who receive it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.common.forms import Form
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.support import monthly
from ecritoire.support.models import MonthlyReport, ReportRecipient
from ecritoire.support.statistics.ods import ods_response
from ecritoire.support.statistics.tables import tables_of

from .statistics import scope_form


class RecipientForm(Form):
    address = forms.EmailField(
        label=gettext_lazy("Adresse"),
        help_text=gettext_lazy("Hors de l'académie, elle ne reçoit le rapport qu'après avoir suivi le lien envoyé."),
    )


@action_required(Action.STATISTICS_VIEW)
def tables_ods(request: AccountRequest) -> HttpResponse:
    scope = scope_form(request).scope()
    name = f"assistance-{scope.period.first.isoformat()}-{scope.period.last.isoformat()}.ods"
    return ods_response(name, tables_of(scope))


@action_required(Action.STATISTICS_VIEW)
def index(request: AccountRequest) -> HttpResponse:
    rows = MonthlyReport.objects.filter(organisation=request.user.organisation_id).defer("pdf")
    may_set = request.user.may(Action.DESK_MANAGE)
    has_readers = ReportRecipient.objects.filter(
        organisation=request.user.organisation_id, confirmed_at__isnull=False
    ).exists()
    context = {"reports": rows, "may_set": may_set, "has_readers": has_readers}
    return render(request, "support/statistics/reports.html", context)


@action_required(Action.STATISTICS_VIEW)
def download(request: AccountRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(MonthlyReport, organisation=request.user.organisation_id, pk=pk)
    headers = {"Content-Disposition": f'attachment; filename="assistance-{report}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(bytes(report.pdf), content_type="application/pdf", headers=headers)


@action_required(Action.DESK_MANAGE)
@require_POST
def make(request: AccountRequest) -> HttpResponse:
    month = monthly.month_before(timezone.localdate())
    monthly.report_make(organisation=request.user.person.organisation, month=month, acting_user=request.user)
    messages.success(request, _("Rapport prêt ; il part à qui ne l'a pas encore reçu."))
    return redirect("support:reports")


@action_required(Action.DESK_MANAGE)
@require_POST
def send_again(request: AccountRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(MonthlyReport, organisation=request.user.organisation_id, pk=pk)
    monthly.report_send_again(report=report, acting_user=request.user)
    messages.success(request, _("Le rapport repart à tous ses destinataires."))
    return redirect("support:reports")


@action_required(Action.DESK_MANAGE)
def recipients(request: AccountRequest) -> HttpResponse:
    organisation = request.user.person.organisation
    form = RecipientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = monthly.recipient_add(organisation=organisation, acting_user=request.user, **form.cleaned_data)
        told = _("Adresse ajoutée.") if row.confirmed_at else _("Adresse ajoutée : un lien à suivre lui est envoyé.")
        messages.success(request, told)
        return redirect("support:report-recipients")
    context = {"form": form, "recipients": ReportRecipient.objects.filter(organisation=organisation)}
    return render(request, "support/statistics/recipients.html", context)


@action_required(Action.DESK_MANAGE)
@require_POST
def recipient_remove(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ReportRecipient, organisation=request.user.organisation_id, pk=pk)
    monthly.recipient_remove(recipient=row, acting_user=request.user)
    messages.success(request, _("Adresse retirée."))
    return redirect("support:report-recipients")


@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link asks: mail scanners that follow it confirm nothing."""
    row = monthly.recipient_of(token)
    if row is None:
        return render(request, "support/statistics/confirm.html", {"is_over": True}, status=410)
    if request.method == "POST":
        monthly.recipient_confirm(row)
        row.refresh_from_db()
    return render(request, "support/statistics/confirm.html", {"recipient": row})
