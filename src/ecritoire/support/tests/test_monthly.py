"""The report of a month: once, kept, sent to those who asked, and catching up what was missed."""

from __future__ import annotations

import datetime as dt
import subprocess
from http import HTTPStatus
from unittest.mock import Mock

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from ecritoire.common.models import AuditEvent
from ecritoire.directory.models import Organisation
from ecritoire.directory.services import organisation_ensure
from ecritoire.support import monthly, tasks
from ecritoire.support.models import MonthlyReport, ReportRecipient
from ecritoire.support.statistics.report_text import written
from ecritoire.support.statistics.scope import Scope
from ecritoire.support.statistics.tables import tables_of
from ecritoire.support.tests.test_statistics import make

pytestmark = pytest.mark.django_db
MARCH = dt.date(2026, 3, 1)
OUTSIDE = "chef@ailleurs.test"


@pytest.fixture
def here(db) -> Organisation:
    return organisation_ensure()


def receives(here: Organisation, address: str, *, confirmed: bool = True) -> ReportRecipient:
    at = timezone.now() if confirmed else None
    return ReportRecipient.objects.create(organisation=here, address=address, confirmed_at=at)


def text_of(pdf: bytes) -> str:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def test_it_works(here) -> None:
    for rank in range(7):
        make(rank, dt.datetime(2026, 3, 10, 9 + rank, tzinfo=dt.UTC), organisation=here)
    report = monthly.report_make(organisation=here, month=MARCH)
    text = text_of(bytes(report.pdf))
    assert "Assistance : rapport de mars 2026" in text
    for table in tables_of(Scope(here, monthly.period_of(MARCH))):
        for row in table.rows:
            for column in table.columns:
                if column.kind != "text":
                    assert " ".join(written(column.kind, row[column.key]).split()) in text


def test_once_and_what_was_missed(here) -> None:
    monthly.report_make(organisation=here, month=dt.date(2025, 12, 1))
    monthly.reports_make(dt.date(2026, 3, 4))
    months = [dt.date(2026, 2, 1), dt.date(2026, 1, 1), dt.date(2025, 12, 1)]
    assert list(MonthlyReport.objects.filter(organisation=here).values_list("month", flat=True)) == months
    assert monthly.reports_make(dt.date(2026, 3, 5)) == []


def test_each_confirmed_address_once(here) -> None:
    receives(here, "a@rivemont.test")
    receives(here, OUTSIDE, confirmed=False)
    report = monthly.report_make(organisation=here, month=MARCH)
    for address in ("a@rivemont.test", "a@rivemont.test", OUTSIDE):
        monthly.report_send(report_id=report.pk, address=address)
    (letter,) = mail.outbox
    assert letter.to == ["a@rivemont.test"]
    assert letter.attachments[0][1] == bytes(report.pdf)
    report.refresh_from_db()
    assert report.recipients == ["a@rivemont.test"]
    assert report.sent_at


def test_a_failure_is_sent_again(here, monkeypatch) -> None:
    receives(here, "a@rivemont.test")
    report = monthly.report_make(organisation=here, month=MARCH)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", Mock(side_effect=OSError("down")))
        with pytest.raises(OSError, match="down"):
            monthly.report_send(report_id=report.pk, address="a@rivemont.test")
    report.refresh_from_db()
    assert report.sent_at is None
    monthly.report_send(report_id=report.pk, address="a@rivemont.test")
    assert len(mail.outbox) == 1


def test_an_address_outside_is_asked_first(sign_in, admin, client, here) -> None:
    browser = sign_in(admin)
    browser.post(reverse("support:report-recipients"), {"address": OUTSIDE})
    row = ReportRecipient.objects.get()
    assert row.confirmed_at is None
    tasks.ask_recipient(recipient_id=row.pk)
    url = reverse("support:report-confirm", args=[monthly.confirm_token(row)])
    assert mail.outbox[-1].to == [OUTSIDE]
    client.get(url)
    row.refresh_from_db()
    assert row.confirmed_at is None
    client.post(url)
    row.refresh_from_db()
    assert row.confirmed_at
    assert client.get(url + "x").status_code in {HTTPStatus.GONE, HTTPStatus.NOT_FOUND}
    browser.post(reverse("support:report-recipient-remove", args=[row.pk]))
    assert not ReportRecipient.objects.exists()
    acts = AuditEvent.objects.filter(action__startswith="report.").values_list("action", flat=True)
    assert set(acts) == {"report.recipient.add", "report.recipient.remove"}


def test_one_of_the_academie_is_not(sign_in, admin, here) -> None:
    sign_in(admin).post(reverse("support:report-recipients"), {"address": f"dsi@{here.mail_domain}"})
    assert ReportRecipient.objects.get().confirmed_at


def test_made_now_and_downloaded(sign_in, admin, here) -> None:
    browser = sign_in(admin)
    page = browser.post(reverse("support:report-make"), follow=True).content.decode()
    report = MonthlyReport.objects.get()
    assert report.month == monthly.month_before(timezone.localdate())
    assert reverse("support:report", args=[report.pk]) in page
    answer = browser.get(reverse("support:report", args=[report.pk]))
    assert answer.content == bytes(report.pdf)
    sheet = browser.get(reverse("support:statistics-ods"), {"period": "30"})
    assert sheet.content.startswith(b"PK")


def test_in_french_whoever_asks(here) -> None:
    with override("en"):
        report = monthly.report_make(organisation=here, month=MARCH)
    assert "rapport de mars 2026" in text_of(bytes(report.pdf))
    assert "Types de demandes et mesures correctives" in text_of(bytes(report.pdf))


def test_another_academie_s_is_not_found(sign_in, admin) -> None:
    other = Organisation.objects.create(name="Autre", mail_domain="autre.test")
    report = monthly.report_make(organisation=other, month=MARCH)
    browser = sign_in(admin)
    assert browser.get(reverse("support:report", args=[report.pk])).status_code == HTTPStatus.NOT_FOUND
    gone = browser.post(reverse("support:report-recipient-remove", args=[receives(other, "a@autre.test").pk]))
    assert gone.status_code == HTTPStatus.NOT_FOUND


def test_sent_again_to_everybody(here, sign_in, admin) -> None:
    """Those who had it and those added since; not those who have not said yes. It is not made anew."""
    receives(here, "a@rivemont.test")
    report = monthly.report_make(organisation=here, month=MARCH)
    monthly.report_send(report_id=report.pk, address="a@rivemont.test")
    receives(here, "b@rivemont.test")
    receives(here, OUTSIDE, confirmed=False)
    make(1, dt.datetime(2026, 3, 10, tzinfo=dt.UTC), organisation=here)
    sign_in(admin).post(reverse("support:report-send-again", args=[report.pk]))
    for address in ("a@rivemont.test", "b@rivemont.test", OUTSIDE):
        monthly.report_send(report_id=report.pk, address=address)
    assert [message.to for message in mail.outbox] == [["a@rivemont.test"], ["a@rivemont.test"], ["b@rivemont.test"]]
    assert bytes(MonthlyReport.objects.get(pk=report.pk).pdf) == bytes(report.pdf)
    assert AuditEvent.objects.filter(action="report.send_again", target="2026-03").exists()


def test_who_may_not_send_it_again(sign_in, sam, rivemont, admin) -> None:
    report = monthly.report_make(organisation=rivemont, month=MARCH)
    address = reverse("support:report-send-again", args=[report.pk])
    assert sign_in(sam).post(address).status_code == HTTPStatus.FORBIDDEN
    assert sign_in(admin).post(address).status_code == HTTPStatus.NOT_FOUND
