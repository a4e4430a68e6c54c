"""How the service itself writes: through the same submission service as everybody, signed and filtered."""

from __future__ import annotations

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

SERVICE_LOGIN = "service"


class SubmissionBackend(EmailBackend):
    """Django's SMTP backend, which says by XCLIENT that the service has signed in."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(host="127.0.0.1", port=settings.CONFIG.internal.submission, timeout=20, **kwargs)  # type: ignore[arg-type]

    def open(self) -> bool | None:
        opened = super().open()
        if opened and self.connection is not None:
            self.connection.ehlo()
            self.connection.docmd("XCLIENT", f"LOGIN={SERVICE_LOGIN}")
            self.connection.ehlo()
        return opened
