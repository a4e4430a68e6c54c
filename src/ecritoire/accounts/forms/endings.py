"""Decisions on the end of an account, and the rules of each category."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account, EndPolicy
from ecritoire.accounts.models.lifecycle import MOST_BEFORE_CLOSING, MOST_BEFORE_END
from ecritoire.accounts.services.endings import extension_limit
from ecritoire.common.forms import DesignMixin, Form

MOST_REMINDERS = 6
KEPT = _("Il est gardé au journal ; n'y écrivez rien de secret.")


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DecisionForm(Form):
    reason = forms.CharField(label=_("Motif"), max_length=300, help_text=KEPT)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account


class ExtensionForm(DecisionForm):
    field_order = ("until", "reason")
    until = forms.DateField(label=_("Nouveau dernier jour"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = extension_limit(self.account)
        self.fields["until"].help_text = gettext("Au plus tard le %(date)s") % {"date": date_format(latest, "j F Y")}

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if self.account.closes_on and until <= self.account.closes_on:
            date = date_format(self.account.closes_on, "j F Y")
            raise ValidationError(
                gettext("Le dernier jour est déjà le %(date)s : donnez-en un plus tardif.") % {"date": date}
            )
        if until > extension_limit(self.account):
            date = date_format(extension_limit(self.account), "j F Y")
            raise ValidationError(gettext("Le délai ne se prolonge pas au-delà du %(date)s.") % {"date": date})
        return until


class DeathForm(Form):
    on = forms.DateField(label=_("Date du décès"), widget=day_input())
    contact = forms.CharField(
        label=_("Contact de la famille"),
        max_length=300,
        required=False,
        help_text=_("À qui répondre, et comment. Effacé avec la boîte."),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(gettext("Cette date est à venir."))
        return on


class HoldForm(DecisionForm):
    field_order = ("reference", "reason")
    reference = forms.CharField(
        label=_("Référence"), max_length=120, help_text=_("Celle de la réquisition ou de la procédure")
    )


class DaysField(forms.CharField):
    """« 30, 7 »: numbers of days, the farthest first."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 60, **kwargs})
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(number) for number in value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[int]:
        words = str(super().clean(value)).replace(";", ",").replace(" ", ",").split(",")
        try:
            numbers = sorted({int(word) for word in words if word}, reverse=True)
        except ValueError:
            raise ValidationError(
                gettext("Donnez des nombres de jours séparés par des virgules, par exemple 30, 7.")
            ) from None
        if any(not 1 <= number <= self.most for number in numbers):
            raise ValidationError(gettext("Chaque nombre va de 1 à %(most)s jours.") % {"most": self.most})
        if len(numbers) > MOST_REMINDERS:
            raise ValidationError(gettext("%(most)s rappels au plus.") % {"most": MOST_REMINDERS})
        return numbers


class EndPolicyForm(DesignMixin, forms.ModelForm):  # type: ignore[type-arg]
    before_end = DaysField(
        label=_("Rappels avant la fin du droit (jours)"),
        most=MOST_BEFORE_END,
        help_text=_("Par exemple 30, 7. Un autre part le jour même, toujours."),
    )
    before_closing = DaysField(
        label=_("Rappels avant la fermeture (jours)"), most=MOST_BEFORE_CLOSING, help_text=_("Par exemple 7, 1")
    )

    class Meta:
        model = EndPolicy
        fields = ("delay_days", "retention_days", "before_end", "before_closing")
        labels: ClassVar = {
            "delay_days": _("Délai après la fin du droit (jours)"),
            "retention_days": _("Conservation après la fermeture (jours)"),
        }
        help_texts: ClassVar = {
            "delay_days": _("De 15 à 30 : la personne y lit encore son courrier et l'exporte."),
            "retention_days": _("De 30 à 365 : un contrat renouvelé y retrouve tout. Ensuite, tout est effacé."),
        }
