"""Once a week the writers are told what grows old."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors.holders import accounts_that_may
from ecritoire.common.roles import Action
from ecritoire.directory.models import Organisation

from .models import Article
from .selectors import REVIEW_SOON, articles_written_by


def reminders_send() -> int:
    """A mail to each writer whose académie has articles to review within two weeks; returns how many were sent."""
    sent = 0
    for writer in _writers():
        due = _due(writer)
        if due:
            here = writer.person.organisation
            context = {"articles": due, "base_url": here.base_url, "site_name": here.name}
            body = render_to_string("knowledge/mail/review.txt", context)
            send_mail(_("Aide : des pages à relire"), body, here.sender, [writer.login])
            sent += 1
    return sent


def _writers() -> Iterator[Account]:
    for organisation in Organisation.objects.all():
        writers = accounts_that_may(Action.KNOWLEDGE_PUBLISH, organisation=organisation.pk)
        yield from writers.select_related("person__organisation")


def _due(writer: Account) -> list[Article]:
    soon = timezone.localdate() + REVIEW_SOON
    rows = articles_written_by(writer).filter(live__isnull=False, review_by__lte=soon)
    return list(rows.select_related("live").order_by("review_by"))
