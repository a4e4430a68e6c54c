"""Crossroads and their choices, saved whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Organisation
from ecritoire.knowledge.markdown import page_url
from ecritoire.knowledge.models import Article, Choice, Crossroad


class PathRefused(Exception):
    """The question cannot be saved; the message says why, in French."""


@dataclass(frozen=True)
class ChoiceSaid:
    """As typed: slugs of a crossroad or an article, or the name of a page."""

    label: str
    crossroad: str = ""
    article: str = ""
    page: str = ""


def crossroad_save(
    *,
    crossroad: Crossroad | None,
    organisation: Organisation | None,
    slug: str,
    question: str,
    hint: str,
    choices: Sequence[ChoiceSaid],
    acting_user: Actor | None,
) -> Crossroad:
    """Create or replace a question and its choices. Raises PathRefused."""
    same = Crossroad.objects.filter(organisation=organisation, slug=slug).first()
    if same is not None and same != crossroad:
        raise PathRefused(_("Une autre question porte déjà ce nom court."))
    with transaction.atomic():
        row = crossroad or Crossroad(organisation=organisation)
        row.slug, row.question, row.hint = slug, question, hint
        row.save()
        row.choices.all().delete()
        Choice.objects.bulk_create(_choice(row, order, said) for order, said in enumerate(choices, 1))
        audit_record(acting_user=acting_user, action="crossroad.save", target=slug, choices=len(choices))
    return row


def _choice(row: Crossroad, order: int, said: ChoiceSaid) -> Choice:
    if sum(map(bool, (said.crossroad, said.article, said.page))) != 1:
        raise PathRefused(_("« %(label)s » : indiquez une seule destination.") % {"label": said.label})
    choice = Choice(crossroad=row, order=order, label=said.label, page=said.page)
    if said.crossroad:
        choice.to_crossroad = _reachable(row, Crossroad.objects.filter(slug=said.crossroad))
    if said.article:
        choice.to_article = _reachable(row, Article.objects.filter(slug=said.article))
    if (said.crossroad or said.article) and not (choice.to_crossroad or choice.to_article):
        raise PathRefused(_("« %(label)s » mène à ce qui n'existe pas.") % {"label": said.label})
    if said.page and page_url(said.page) is None:
        raise PathRefused(_("« %(label)s » : page inconnue.") % {"label": said.label})
    return choice


def _reachable(row: Crossroad, found: QuerySet[Any]) -> Any:
    """Of the question's own académie, or for all."""
    own = found.filter(Q(organisation=row.organisation_id) | Q(organisation=None))
    return own.order_by(F("organisation").asc(nulls_last=True)).first()


def crossroad_delete(*, crossroad: Crossroad, acting_user: Actor) -> None:
    """Raises ProtectedError while another question leads to it."""
    with transaction.atomic():
        slug = crossroad.slug
        crossroad.choices.all().delete()
        crossroad.delete()
        audit_record(acting_user=acting_user, action="crossroad.delete", target=slug)
