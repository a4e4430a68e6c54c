"""Alerts in plain words: what happened, and why it is unusual."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .detection import Kind
from .models import SignInAlert
from .places import country_name

Facts = dict[str, str]


def _spray(facts: Facts) -> str:
    return _(
        "Depuis cette adresse, quelqu'un essaie des mots de passe sur %(logins)s identifiants ; le vôtre s'est ouvert pendant ce temps."
    ) % {"logins": facts["logins"]}


def _burst(facts: Facts) -> str:
    count = int(facts["failures"])
    return ngettext(
        "Cette connexion réussie suit %(count)s échec venu d'endroits que vous n'utilisez pas, en moins d'un jour.",
        "Cette connexion réussie suit %(count)s échecs venus d'endroits que vous n'utilisez pas, en moins d'un jour.",
        count,
    ) % {"count": count}


def _travel(facts: Facts) -> str:
    return _(
        "Votre compte a servi dans deux pays à %(minutes)s d'intervalle : %(other)s, puis %(country)s, à %(kilometres)s km au moins."
    ) % {
        "minutes": _duration(int(facts["minutes"])),
        "other": country_name(facts["other"]),
        "country": country_name(facts["country"]),
        "kilometres": facts["kilometres"],
    }


def _new_country(facts: Facts) -> str:
    return _("C'est la première connexion à votre compte depuis ce pays : %(country)s.") % {
        "country": country_name(facts["country"])
    }


def _new_device(facts: Facts) -> str:
    return _("Vous ne vous êtes jamais connecté avec cet appareil (%(device)s), ni depuis ce réseau.") % {
        "device": facts["device"]
    }


WORDS: dict[str, Callable[[Facts], str]] = {
    Kind.SPRAY: _spray,
    Kind.BURST: _burst,
    Kind.TRAVEL: _travel,
    Kind.NEW_COUNTRY: _new_country,
    Kind.NEW_DEVICE: _new_device,
}


def _duration(minutes: int) -> str:
    if minutes < 120:  # noqa: PLR2004 - two hours read better in minutes
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return ngettext("%(count)s heure", "%(count)s heures", minutes // 60) % {"count": minutes // 60}


def alert_reasons(alert: SignInAlert) -> list[str]:
    """Each reason in a sentence, the most telling first."""
    return [WORDS[finding["kind"]](finding["facts"]) for finding in alert.findings]


def alert_title(alert: SignInAlert) -> str:
    if alert.kind == SignInAlert.Kind.TRAVEL:
        return _("Votre compte a servi dans deux pays à la fois")
    where = country_name(alert.country) or _("lieu inconnu")
    return _("Connexion inhabituelle à votre compte : %(where)s") % {"where": where}
