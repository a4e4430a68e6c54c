"""The help desk by telephone: open now or when, how long an answer takes, being called back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.directory.models import Organisation
from ecritoire.support.hotline import (
    SlotTaken,
    calendar_of,
    callback_ask,
    hotline_of,
    hotline_save,
    slots_free,
    wait_measured,
)
from ecritoire.support.hotline_forms import CallbackForm, HotlineForm
from ecritoire.support.models import Hotline, OpeningHours


def telephone(request: HttpRequest) -> HttpResponse:
    """For everybody, also before signing in."""
    hotline = hotline_of(_organisation(request))
    context: dict[str, object] = {"hotline": hotline}
    if hotline:
        calendar, now = calendar_of(hotline), timezone.now()
        context |= {
            "closes_at": calendar.closes_at(now),
            "opens_at": calendar.opens_at(now),
            "week": [(name, _day(hotline, day)) for day, name in WEEKDAYS.items()],
            "closures": [row for row in hotline.closures.all() if row.last >= timezone.localdate()],
            "wait": wait_measured(hotline),
        }
    return render(request, "support/telephone.html", context)


def _day(hotline: Hotline, day: int) -> list[OpeningHours]:
    return [row for row in hotline.hours.all() if row.weekday == day]


def _organisation(request: HttpRequest) -> Organisation | None:
    found: Organisation = request.organisation  # type: ignore[attr-defined]
    return found if found.pk else None


@login_required
def callback(request: AccountRequest) -> HttpResponse:
    hotline = hotline_of(request.user.person.organisation)
    if hotline is None:
        raise Http404
    slots = slots_free(hotline)
    form = CallbackForm(request.POST or None, slots=slots)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = callback_ask(hotline=hotline, account=request.user, **form.cleaned_data)
        except SlotTaken:
            form.add_error("at", _("Ce créneau vient d'être pris : choisissez-en un autre."))
        else:
            messages.success(request, _("C'est noté : nous vous appellerons."))
            return redirect("support:ticket", number=ticket.number)
    return render(request, "support/callback.html", {"form": form, "slots": slots, "hotline": hotline})


@action_required(Action.HOTLINE_MANAGE)
def settings_page(request: AccountRequest) -> HttpResponse:
    organisation = request.user.person.organisation
    hotline = hotline_of(organisation)
    form = HotlineForm(request.POST or None, initial=_initial(hotline) if hotline else {})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        values = {name: data[name] for name in ("phone", "note", "callers", "hours", "closures")}
        hotline_save(organisation=organisation, acting_user=request.user, **values)
        messages.success(request, _("Téléphone de l'assistance enregistré."))
        return redirect("support:hotline")
    return render(request, "support/hotline.html", {"form": form})


def _initial(hotline: Hotline) -> dict[str, object]:
    values: dict[str, object] = {"phone": hotline.phone, "note": hotline.note, "callers": hotline.callers}
    for day in WEEKDAYS:
        values[f"day{day}"] = ", ".join(f"{r.opens:%Hh%M}-{r.closes:%Hh%M}" for r in _day(hotline, day))
    values["closures"] = "\n".join(f"{r.first:%d/%m/%Y} - {r.last:%d/%m/%Y} {r.label}" for r in hotline.closures.all())
    return values
