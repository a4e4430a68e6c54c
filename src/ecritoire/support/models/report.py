"""The report of each month, and who receives it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation


class ReportRecipient(BaseModel):
    """An address that receives the report. One outside the académie only once whoever reads it has said yes."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="report_recipients")
    address = models.EmailField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["address"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "address"], name="report_recipient_once")
        ]

    def __str__(self) -> str:
        return self.address


class MonthlyReport(BaseModel):
    """As it was made: later changes to the requests do not reach it. ``recipients`` are the addresses it was sent to."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="monthly_reports")
    month = models.DateField(help_text="its first day")
    pdf = models.BinaryField()
    recipients = models.JSONField(default=list)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-month"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "month"], name="monthly_report_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
