"""« Exporter mes données »: asking for one's archive, following it, taking it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ecritoire.accounts.models import Account
from ecritoire.accounts.views.confirmation import confirmed
from ecritoire.common.requests import AccountRequest
from ecritoire.mailstore.jmap import JmapError
from ecritoire.mailstore.models import Export

from .forms import ExportForm
from .reader import StoredFolder, folders_list
from .selectors import own_exports, recent_export
from .sending import archive_response
from .services import AlreadyUnderWay, Choice, NoRoom, export_ask, export_cancel

OPENED = "exports_opened"  # archives this session may go on downloading, its owner having proved themselves once
SHOWN = 10
STORE_AWAY = gettext_lazy("La messagerie ne répond pas pour le moment : reprenez dans quelques minutes.")


@never_cache
@login_required
def index(request: AccountRequest) -> HttpResponse:
    rows = list(own_exports(request.user)[:SHOWN])
    current = next((row for row in rows if row.is_under_way or row.is_ready), None)
    context = {"current": current, "rows": [row for row in rows if row != current]}
    return render(request, "mailstore/export/index.html", context)


@confirmed
def ask(request: AccountRequest) -> HttpResponse:
    """What to take away; behind the password or a passkey, shown again."""
    if request.user.on_public_computer:
        return _not_here(request)
    folders = folders_or_none(request.user)
    form = ExportForm(request.POST if request.method == "POST" else None, folders=folders or [])
    if folders is None:
        messages.error(request, STORE_AWAY)
    elif request.method == "POST" and form.is_valid():
        export = try_to_ask(request, account=request.user, choice=form.choice())
        if export:
            _let_download(request, export)
            return redirect("exports:index")
    return render(request, "mailstore/export/ask.html", {"form": form})


def folders_or_none(account: Account) -> list[StoredFolder] | None:
    try:
        return folders_list(account=account)
    except JmapError:
        return None


def try_to_ask(request: AccountRequest, *, account: Account, choice: Choice, **why: str) -> Export | None:
    """The new archive, or None once the reader was told why there is none."""
    try:
        export = export_ask(account=account, choice=choice, acting_user=request.user, **why)
    except AlreadyUnderWay:
        messages.warning(request, _("Un export est déjà en cours : attendez sa fin, ou annulez-le."))
    except NoRoom as error:
        words = _(
            "Le serveur n'a pas assez de place pour le moment : il faudrait %(needed)s, il reste %(left)s. Réduisez la période ou les dossiers, ou reprenez demain."
        )
        messages.error(request, words % {"needed": filesizeformat(error.needed), "left": filesizeformat(error.left)})
    except JmapError:
        messages.error(request, STORE_AWAY)
    else:
        messages.success(request, _("L'export est demandé. Un message préviendra quand il sera prêt."))
        return export
    return None


@never_cache
@login_required
def progress(request: AccountRequest, key: UUID) -> HttpResponse:
    """The part of the page that changes, for htmx; the whole page for whoever has no script."""
    export = _own(request, key)
    if not request.headers.get("HX-Request"):
        return redirect("exports:index")
    return render(request, "mailstore/export/_current.html", {"current": export})


@login_required
@require_POST
def cancel(request: AccountRequest, key: UUID) -> HttpResponse:
    export = _own(request, key)
    export_cancel(export=export, acting_user=request.user)
    messages.success(request, _("Export annulé.") if export.is_under_way else _("Export supprimé du serveur."))
    return redirect("exports:index")


@never_cache
@login_required
@require_safe
def download(request: AccountRequest, key: UUID) -> HttpResponseBase:
    """Once the session has proved who it is, a download may be resumed for as long as the session lasts."""
    export = _own(request, key)
    if request.user.on_public_computer:
        return _not_here(request)
    if not export.is_ready:
        messages.warning(request, _("Cet export n'est plus disponible : demandez-en un autre."))
        return redirect("exports:index")
    if str(export.key) in request.session.get(OPENED, []):
        return archive_response(request, export, acting_user=request.user)
    return _prove_then_download(request, export)


@confirmed
def _prove_then_download(request: AccountRequest, export: Export) -> HttpResponse:
    _let_download(request, export)
    return archive_response(request, export, acting_user=request.user)


def _let_download(request: HttpRequest, export: Export) -> None:
    request.session[OPENED] = [*request.session.get(OPENED, []), str(export.key)]


def _not_here(request: AccountRequest) -> HttpResponse:
    """On a shared computer the whole mailbox would stay behind."""
    messages.error(
        request,
        _(
            "Sur un ordinateur partagé, l'export resterait à la portée du suivant : faites-le depuis un appareil à vous."
        ),
    )
    return redirect("exports:index")


def _own(request: AccountRequest, key: UUID) -> Export:
    return get_object_or_404(own_exports(request.user).select_related("account"), key=key)


def notice(request: HttpRequest) -> SafeString | None:
    """On the home page: somebody took, or is taking, everything away."""
    account = request.user
    export = recent_export(account) if isinstance(account, Account) else None
    return render_to_string("mailstore/export/_notice.html", {"export": export}, request) if export else None
