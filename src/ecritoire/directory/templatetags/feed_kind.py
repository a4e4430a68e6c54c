"""The kinds of change in a feed's report, in words."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ecritoire.directory.models import FeedRun, Person

register = template.Library()
KINDS: dict[str, Promise] = {
    "unchanged": _("Fiches inchangées"),
    "doubtful": _("Rapprochements douteux"),
    "structures_created": _("Structures nouvelles"),
    "structures_changed": _("Structures modifiées"),
    "people_created": _("Personnes nouvelles"),
    "people_changed": _("Personnes modifiées"),
    "people_ended": _("Départs"),
    "categories_changed": _("Changements de catégorie"),
    "deaths": _("Décès"),
    "addresses_changed": _("Changements d'adresse"),
    "assignments_created": _("Affectations nouvelles"),
    "assignments_changed": _("Affectations modifiées"),
    "assignments_ended": _("Affectations terminées"),
    "contracts_created": _("Contrats nouveaux"),
    "contracts_changed": _("Contrats modifiés"),
    "contracts_ended": _("Contrats terminés"),
    "leaves_created": _("Congés nouveaux"),
    "leaves_changed": _("Congés modifiés"),
    "leaves_ended": _("Congés terminés"),
}
PEOPLE: dict[str, Promise] = {
    "created": _("créées"),
    "changed": _("modifiées"),
    "ended": _("parties"),
    "doubtful": _("douteuses"),
    "unchanged": _("inchangées"),
}
BADGES = {
    FeedRun.State.APPLIED: "success",
    FeedRun.State.REFUSED: "error",
    FeedRun.State.WAITING: "warning",
    FeedRun.State.INTERRUPTED: "warning",
}
CATEGORIES = dict(Person.Category.choices)


@register.filter
def feed_kind(kind: str) -> str:
    return str(KINDS.get(kind, kind))


@register.filter
def feed_people(name: str) -> str:
    return str(PEOPLE.get(name, name))


@register.filter
def feed_badge(state: str) -> str:
    return BADGES.get(FeedRun.State(state), "info")


@register.filter
def feed_value(value: str) -> str:
    """Categories are kept by their code."""
    return str(CATEGORIES.get(value, value))


@register.filter
def feed_brake(brake: dict[str, object]) -> str:
    words: dict[str, Promise] = {
        "departures": _("%(count)s départs sur %(known)s personnes connues de cette source : plus de %(limit)s %%."),
        "address_changes": _("%(count)s changements d'adresse sur %(known)s personnes connues : plus de %(limit)s %%."),
    }
    return str(words[str(brake["kind"])]) % brake
