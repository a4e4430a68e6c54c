"""Ready answers: texts with a closed list of variables. No template language: a variable is replaced, nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record

from .hotline import calendar_of, hotline_of
from .models import ReadyAnswer, Ticket

VARIABLE = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def _given_name(ticket: Ticket, _agent: Account) -> str:
    return ticket.account.person.given_name if ticket.account else ""


def _phone(ticket: Ticket, _agent: Account) -> str:
    hotline = hotline_of(ticket.organisation)
    return hotline.phone if hotline else ticket.organisation.support_phone


def _opening(ticket: Ticket, _agent: Account) -> str:
    hotline, now = hotline_of(ticket.organisation), timezone.now()
    if hotline is None:
        return ""
    calendar = calendar_of(hotline)
    if calendar.closes_at(now):
        return _("maintenant")
    opens = calendar.opens_at(now)
    return date_format(timezone.localtime(opens), "l j F G\\hi") if opens else ""


VARIABLES: dict[str, tuple[str | Promise, Callable[[Ticket, Account], str]]] = {
    "prenom": (gettext_lazy("prénom de la personne"), _given_name),
    "nom": (gettext_lazy("nom de la personne"), lambda ticket, _agent: ticket.requester),
    "numero": (gettext_lazy("numéro de la demande"), lambda ticket, _agent: ticket.number),
    "objet": (gettext_lazy("objet de la demande"), lambda ticket, _agent: ticket.subject),
    "identifiant": (gettext_lazy("identifiant de la personne"), lambda ticket, _agent: ticket.login),
    "academie": (gettext_lazy("nom de l'académie"), lambda ticket, _agent: ticket.organisation.name),
    "portail": (gettext_lazy("adresse du portail"), lambda ticket, _agent: ticket.organisation.base_url),
    "telephone": (gettext_lazy("téléphone de l'assistance"), _phone),
    "prochaine_ouverture": (gettext_lazy("prochaine ouverture du téléphone"), _opening),
    "agent": (gettext_lazy("votre nom"), lambda _ticket, agent: agent.display_name),
}


def unknown_variables(text: str) -> list[str]:
    return sorted({name for name in VARIABLE.findall(text) if name not in VARIABLES})


def ready_render(text: str, *, ticket: Ticket, agent: Account) -> str:
    """What it says for this request. A variable that is no longer known stays as it was written, for the agent to see."""

    def value(found: re.Match[str]) -> str:
        known = VARIABLES.get(found[1])
        return known[1](ticket, agent) if known else found[0]

    return VARIABLE.sub(value, text)


def ready_answers(*, agent: Account, kind: str = "", search: str = "") -> QuerySet[ReadyAnswer]:
    """Everybody's and one's own, for a category when ``kind`` is given; the most used first."""
    rows = ReadyAnswer.objects.filter(organisation=agent.organisation_id).filter(Q(owner=None) | Q(owner=agent))
    if kind:
        rows = rows.filter(kind__in=["", kind])
    for word in search.split():
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word))
    return rows.order_by("-uses", "title", "pk")


def ready_save(
    *, row: ReadyAnswer | None, title: str, text: str, kind: str, is_own: bool, acting_user: Account
) -> ReadyAnswer:
    with transaction.atomic():
        found = row or ReadyAnswer(organisation=acting_user.person.organisation)
        found.title, found.text, found.kind = title, text, kind
        found.owner = acting_user if is_own else None
        found.save()
        _audit(found, acting_user, "ready_answer.save")
    return found


def ready_delete(*, row: ReadyAnswer, acting_user: Account) -> None:
    with transaction.atomic():
        _audit(row, acting_user, "ready_answer.delete")
        row.delete()


def ready_used(*, row: ReadyAnswer) -> None:
    ReadyAnswer.objects.filter(pk=row.pk).update(uses=F("uses") + 1)


def _audit(row: ReadyAnswer, acting_user: Account, action: str) -> None:
    within = row.organisation.mail_domain
    audit_record(acting_user=acting_user, action=action, target=row.title, within=within, own=row.owner_id is not None)
