"""How strong a password being typed is: the very rules that will judge it, asked by the page's script."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ecritoire.accounts.models import Account
from ecritoire.accounts.password_rules import LONGEST
from ecritoire.accounts.services.passwords import guesses_log10, password_faults, personal_words, rules_for

from .forgotten import verified_account

STEPS = (6, 8, 10, 14)  # powers of ten of guesses: a script, a botnet's day, its year, out of reach


@never_cache
@sensitive_post_parameters()
@require_POST
def strength(request: HttpRequest) -> HttpResponse:
    """For whoever may choose a password now: signed in, or past the checks of a forgotten one."""
    account = request.user if isinstance(request.user, Account) else verified_account(request)
    if account is None:
        return JsonResponse({}, status=HTTPStatus.FORBIDDEN)
    password = request.POST.get("new_password", "")[: LONGEST + 1]
    rules = rules_for(account)
    faults = password_faults(password=password, account=account, rules=rules)
    score = score_of(guesses_log10(password, personal_words(account))) if password else 0
    if faults:
        score = min(score, 2)
    return JsonResponse(
        {
            "score": score,
            "label": label_of(score, accepted=not faults),
            "rules": {rule.key: rule.met(password) for rule in rules.rules},
            "faults": faults,
        }
    )


def score_of(guesses: float) -> int:
    return sum(guesses >= step for step in STEPS)


def label_of(score: int, *, accepted: bool) -> str:
    if not accepted:
        return _("Pas encore accepté")
    return _("Accepté, excellent") if score == len(STEPS) else _("Accepté, robuste")
