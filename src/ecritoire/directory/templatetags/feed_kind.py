"""The kinds of change in a feed's report, in words."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()
KINDS: dict[str, Promise] = {
    "created": _("Créées"),
    "changed": _("Modifiées"),
    "unchanged": _("Inchangées"),
    "people_created": _("Personnes nouvelles"),
    "people_changed": _("Personnes modifiées"),
    "assignments_created": _("Affectations nouvelles"),
    "assignments_changed": _("Affectations modifiées"),
}


@register.filter
def feed_kind(kind: str) -> str:
    return str(KINDS.get(kind, kind))
