"""« Fin de contrat »: what comes when, the automatic answer with its preview, a renewal to tell."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts.countdown import HIDDEN, countdown
from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account
from ecritoire.accounts.services import HelpKind, help_request
from ecritoire.common.requests import AccountRequest
from ecritoire.mailstore.jmap import JmapError
from ecritoire.mailstore.services_rules import Rule, rules_list

from .absence import MANAGED, absence_wanted, absence_write, answers_already, own_rule
from .forms import AbsenceForm, RenewalForm
from .words import absence_text, closing_day, default_contact, default_words


@never_cache
@login_required
def mine(request: AccountRequest) -> HttpResponse:
    """Shows the answer as people would get it before it is kept."""
    account = request.user
    form = AbsenceForm(request.POST if request.method == "POST" else None, initial=_initial(account))
    context = _dates(account) | {"form": form, "renewal": RenewalForm(), "default_words": default_words(account)}
    valid = request.method == "POST" and form.is_valid()
    if valid and "save" in request.POST and context["closes_on"]:
        absence_write(account=account, **form.cleaned_data)
        messages.success(request, _("Votre réponse automatique est enregistrée."))
        return redirect("ending:mine")
    kept = form.cleaned_data if valid else _initial(account)
    context["preview"] = absence_text(account, words=str(kept["words"]), contact=str(kept["contact"]))
    return render(request, "mailstore/ending/mine.html", context | _rules(account))


def _initial(account: Account) -> dict[str, object]:
    row = getattr(account, "absence", None)
    if row is None:
        return {"words": "", "contact": "", "wanted": False}
    return {"words": row.words, "contact": row.contact, "wanted": bool(row.is_wanted)}


def _dates(account: Account) -> dict[str, object]:
    ending = account.state == State.ENDING
    return {
        "is_ending": ending,
        "ends_on": None if ending and account.denied_on else account.person.right_until,
        "closes_on": closing_day(account),
        "countdown": countdown(account, today=timezone.localdate()),
        "answers": absence_wanted(account, today=timezone.localdate()),
        "default_contact": default_contact(account),
    }


def _rules(account: Account) -> dict[str, object]:
    """The person's answer of their own, and what of their rules asks for forwarding: it is refused, and they read so here."""
    try:
        rules = rules_list(account=account)
    except JmapError:
        return {"store_away": True}
    own: list[Rule] = [rule for rule in rules if rule.name not in MANAGED]
    forwards = sorted({address for rule in own for address in rule.forwards})
    return {"own_answer": answers_already(own_rule(rules)), "forwards": forwards}


@login_required
@require_POST
def renewal(request: AccountRequest) -> HttpResponse:
    """« J'ai un nouveau contrat »: a request to the help desk, which sees with HR what is missing."""
    form = RenewalForm(request.POST)
    account = request.user
    if not form.is_valid():
        absence = AbsenceForm(initial=_initial(account))
        preview = absence_text(account, **{name: str(_initial(account)[name]) for name in ("words", "contact")})
        context = _dates(account) | {"form": absence, "renewal": form, "preview": preview}
        return render(request, "mailstore/ending/mine.html", context | {"default_words": default_words(account)})
    help_request(
        account=account, login=account.login, contact=account.login, kind=HelpKind.RIGHT, text=_told(form.cleaned_data)
    )
    messages.success(
        request,
        _(
            "C'est transmis à l'assistance. Faites aussi enregistrer ce contrat par votre gestionnaire : c'est lui qui compte."
        ),
    )
    return redirect("ending:mine")


def _told(data: dict[str, Any]) -> str:
    ends = date_format(data["ends_on"], "j F Y") if data["ends_on"] else _("non précisé")
    return _(
        "Nouveau contrat ou nouvelle affectation : %(structure)s, à partir du %(start)s, jusqu'au : %(end)s.\n%(note)s"
    ) % {
        "structure": data["structure"],
        "start": date_format(data["starts_on"], "j F Y"),
        "end": ends,
        "note": data["note"],
    }


@login_required
@require_POST
def hide(request: AccountRequest) -> HttpResponse:
    """The countdown stays out of sight until tomorrow, in this session."""
    request.session[HIDDEN] = timezone.localdate().isoformat()
    following = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()}, require_https=True)
    return redirect(following if safe else "portal:home")
