"""My account: second factors and trusted devices. Any change asks for the password or a passkey again."""

from __future__ import annotations

from collections.abc import Callable

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ecritoire.accounts.factors import Level, factors_of, rule_for
from ecritoire.accounts.forms import CodeForm
from ecritoire.accounts.forms.factor import PasskeyForm
from ecritoire.accounts.services.factor_keys import seal, unseal
from ecritoire.accounts.services.factors import LastFactor, passkey_remove, totp_remove
from ecritoire.accounts.services.passkeys import (
    PasskeyRefused,
    passkey_rename,
    registration_begin,
    registration_finish,
    relying_host,
)
from ecritoire.accounts.services.recovery_codes import recovery_codes_make
from ecritoire.accounts.services.second_factor import MUST_ENROL
from ecritoire.accounts.services.totp import totp_enrol, totp_secret_make, totp_uri
from ecritoire.accounts.services.trusted_devices import trusted_device_forget, trusted_device_list
from ecritoire.common.requests import AccountRequest

from .confirmation import confirmed
from .passkeys import ceremony_begin, ceremony_end

PENDING = "totp_pending"


@never_cache
@login_required
def index(request: AccountRequest) -> HttpResponse:
    account, rule = request.user, rule_for(request.user)
    context = {
        "factors": factors_of(account),
        "totp": getattr(account, "totp", None),
        "passkeys": account.passkeys.all(),
        "rule": rule,
        "must_enrol": request.session.get(MUST_ENROL, False),
        "devices": trusted_device_list(account=account, days=rule.trusted_days),
    }
    return render(request, "accounts/factors/index.html", context)


def _enrolled(request: AccountRequest, text: str) -> HttpResponse:
    """After a new factor: the ten recovery codes, if there are none yet."""
    request.session[MUST_ENROL] = False
    messages.success(request, text)
    if factors_of(request.user).codes == 0:
        return _show_codes(request)
    return redirect("accounts:factors")


def _show_codes(request: AccountRequest) -> HttpResponse:
    # Shown in this answer alone: a redirect would have to keep the codes somewhere.
    codes = recovery_codes_make(account=request.user)
    return render(request, "accounts/factors/codes.html", {"codes": codes})


@confirmed
def totp(request: AccountRequest) -> HttpResponse:
    if rule_for(request.user).level == Level.OFF:
        return redirect("accounts:factors")
    if PENDING not in request.session:
        request.session[PENDING] = seal(totp_secret_make())
    secret = unseal(request.session[PENDING])
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if totp_enrol(account=request.user, secret=secret, code=form.cleaned_data["code"]):
            del request.session[PENDING]
            return _enrolled(request, _("Application enregistrée : son code vous sera demandé à la connexion."))
        form.add_error("code", _("Ce code n'est pas le bon. Vérifiez l'heure de votre téléphone, puis réessayez."))
    image = segno.make(totp_uri(account=request.user, secret=secret), error="m")
    context = {
        "form": form,
        "image": image.svg_data_uri(scale=5, border=3, dark="#000", light="#fff"),
        "key": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "uri": totp_uri(account=request.user, secret=secret),
    }
    return render(request, "accounts/factors/totp.html", context)


@require_POST
@confirmed
def totp_end(request: AccountRequest) -> HttpResponse:
    if hasattr(request.user, "totp"):
        return _removed(request, lambda: totp_remove(account=request.user))
    return redirect("accounts:factors")


@confirmed
def passkey(request: AccountRequest) -> HttpResponse:
    if rule_for(request.user).level == Level.OFF:
        return redirect("accounts:factors")
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        state = ceremony_end(request, "register")
        try:
            answer, name = form.cleaned_data["answer"], form.cleaned_data["name"]
            if state is None:
                raise PasskeyRefused("no ceremony under way")
            registration_finish(account=request.user, state=state, answer=answer, name=name, host=relying_host(request))
        except PasskeyRefused:
            form.add_error(
                None, _("La clé n'a pas été enregistrée. Réessayez ; dix clés au plus, chacune une seule fois.")
            )
        else:
            return _enrolled(request, _("Clé d'accès enregistrée."))
    return render(request, "accounts/factors/passkey.html", {"form": form})


@require_POST
@confirmed
def passkey_options(request: AccountRequest) -> HttpResponse:
    return ceremony_begin(request, "register", *registration_begin(account=request.user, host=relying_host(request)))


@login_required
@require_POST
def passkey_name(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(request.user.passkeys, pk=pk)
    name = request.POST.get("name", "").strip()
    if 0 < len(name) <= 60:  # noqa: PLR2004 - the column's length
        passkey_rename(passkey=row, name=name)
        messages.success(request, _("Clé renommée."))
    else:
        messages.error(request, _("Donnez à la clé un nom de 60 signes au plus."))
    return redirect("accounts:factors")


@require_POST
@confirmed
def passkey_end(request: AccountRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(request.user.passkeys.select_related("account__person"), pk=pk)
    return _removed(request, lambda: passkey_remove(passkey=row))


@require_POST
@confirmed
def codes(request: AccountRequest) -> HttpResponse:
    if not factors_of(request.user).any:
        return redirect("accounts:factors")
    return _show_codes(request)


@login_required
@require_POST
def device_end(request: AccountRequest, pk: int) -> HttpResponse:
    trusted_device_forget(device=get_object_or_404(request.user.trusted_devices, pk=pk), acting_user=request.user)
    messages.success(request, _("Cet appareil n'est plus de confiance : le second facteur y sera demandé."))
    return redirect("accounts:sessions")


def _removed(request: AccountRequest, remove: Callable[[], None]) -> HttpResponse:
    try:
        remove()
    except LastFactor:
        messages.error(
            request, _("Un second facteur vous est demandé : ajoutez-en un autre avant de retirer celui-ci.")
        )
    else:
        messages.success(request, _("Moyen retiré."))
    return redirect("accounts:factors")


def notice(request: HttpRequest) -> SafeString | None:
    """On the home page: what is announced, and recovery codes that run out."""
    account = request.user
    if not account.is_authenticated:
        return None
    factors, rule = factors_of(account), rule_for(account)
    announced = rule.level == Level.ANNOUNCED and not factors.any
    if not announced and not factors.few_codes:
        return None
    return render_to_string("accounts/factors/_notice.html", {"rule": rule, "factors": factors, "announced": announced})
