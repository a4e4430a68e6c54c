"""The report of a month: made once, kept, and sent to those who asked for it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Organisation

from .models import MonthlyReport, ReportRecipient
from .statistics.report import report_pdf
from .statistics.scope import Period, Scope
from .statistics.tables import tables_of

SALT = "support.report-recipient"
CONFIRM_WITHIN = dt.timedelta(days=7)


def month_before(day: dt.date) -> dt.date:
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def month_after(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def period_of(month: dt.date) -> Period:
    return Period(month, month_after(month) - dt.timedelta(days=1))


def title_of(month: dt.date) -> str:
    return _("Assistance : rapport de %(month)s") % {"month": date_format(month, "F Y")}


def reports_make(today: dt.date) -> list[MonthlyReport]:
    """What each académie lacks: the month just over, and those missed since its last report."""
    made = []
    for organisation in Organisation.objects.order_by("pk"):
        made += [report_make(organisation=organisation, month=month) for month in _missing(organisation, today)]
    return made


def _missing(organisation: Organisation, today: dt.date) -> list[dt.date]:
    until = month_before(today)
    rows = MonthlyReport.objects.filter(organisation=organisation)
    last = rows.order_by("-month").values_list("month", flat=True).first()
    month, months = (month_after(last) if last else until), []
    while month <= until:
        months.append(month)
        month = month_after(month)
    return months


def report_make(*, organisation: Organisation, month: dt.date, acting_user: Account | None = None) -> MonthlyReport:
    """Once a month and académie; asked again, it goes to those who did not receive it yet."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        report = MonthlyReport.objects.filter(organisation=organisation, month=month).first()
        if report is None:
            report = MonthlyReport.objects.create(organisation=organisation, month=month, pdf=_pdf(organisation, month))
        if acting_user:
            audit_record(acting_user=acting_user, action="report.make", target=str(report))
        _hand_out(report)
    return report


@override(settings.LANGUAGE_CODE)  # the readers' language, not that of whoever asks for it
def _pdf(organisation: Organisation, month: dt.date) -> bytes:
    tables = tables_of(Scope(organisation, period_of(month)))
    return report_pdf(organisation=organisation, title=title_of(month), tables=tables)


def report_send_again(*, report: MonthlyReport, acting_user: Account) -> None:
    """To everybody who receives reports now, those who had it too: as it was made."""
    with transaction.atomic():
        row = MonthlyReport.objects.select_for_update().get(pk=report.pk)
        audit_record(acting_user=acting_user, action="report.send_again", target=str(row))
        row.recipients = []
        row.save(update_fields=["recipients", "updated_at"])
        _hand_out(row)


def _hand_out(report: MonthlyReport) -> None:
    from .tasks import send_report

    rows = ReportRecipient.objects.filter(organisation=report.organisation_id, confirmed_at__isnull=False)
    for address in rows.values_list("address", flat=True):
        if address not in report.recipients:
            send_report.defer(report_id=report.pk, address=address)


def report_send(*, report_id: int, address: str) -> None:
    """One address, so that a failure of one is not a second copy for the others."""
    with transaction.atomic():
        report = MonthlyReport.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=report_id)
        here = report.organisation
        rows = ReportRecipient.objects.filter(organisation=here, address=address, confirmed_at__isnull=False)
        if address in report.recipients or not rows.exists():
            return
        context = {"site_name": here.name, "title": title_of(report.month)}
        body = render_to_string("support/mail/report.txt", context)
        mail = EmailMessage(title_of(report.month), body, here.sender, [address])
        mail.attach(f"assistance-{report}.pdf", bytes(report.pdf), "application/pdf")
        report.recipients, report.sent_at = [*report.recipients, address], timezone.now()
        report.save(update_fields=["recipients", "sent_at", "updated_at"])
        mail.send()


def is_inside(organisation: Organisation, address: str) -> bool:
    domain = address.rpartition("@")[2].lower()
    return domain == organisation.mail_domain or organisation.more_domains.filter(domain=domain).exists()


def recipient_add(*, organisation: Organisation, address: str, acting_user: Account) -> ReportRecipient:
    """One outside is asked first."""
    from .tasks import ask_recipient

    inside = is_inside(organisation, address)
    with transaction.atomic():
        row, is_new = ReportRecipient.objects.get_or_create(
            organisation=organisation,
            address=address.lower(),
            defaults={"confirmed_at": timezone.now() if inside else None},
        )
        if is_new:
            audit_record(acting_user=acting_user, action="report.recipient.add", target=row.address)
        if row.confirmed_at is None:
            ask_recipient.defer(recipient_id=row.pk)
    return row


def recipient_remove(*, recipient: ReportRecipient, acting_user: Account) -> None:
    with transaction.atomic():
        audit_record(acting_user=acting_user, action="report.recipient.remove", target=recipient.address)
        recipient.delete()


def confirm_token(recipient: ReportRecipient) -> str:
    return signing.dumps([recipient.pk, recipient.address], salt=SALT)


def recipient_of(token: str) -> ReportRecipient | None:
    try:
        pk, address = signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return ReportRecipient.objects.filter(pk=pk, address=address).select_related("organisation").first()


def recipient_confirm(recipient: ReportRecipient) -> None:
    rows = ReportRecipient.objects.filter(pk=recipient.pk, confirmed_at__isnull=True)
    rows.update(confirmed_at=timezone.now())
