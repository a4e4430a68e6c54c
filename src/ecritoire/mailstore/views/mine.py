"""The functional mailboxes one is in; their owners decide who else comes in, within bounds."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.requests import AccountRequest
from ecritoire.directory import services
from ecritoire.directory.models import Access, FunctionalGuest, FunctionalMailbox
from ecritoire.directory.selectors_functional import membership_of, memberships_of

from ..forms import GuestForm, SignatureForm
from .functional import guest_let_in, people_in


@login_required
def index(request: AccountRequest) -> HttpResponse:
    context = {"memberships": memberships_of(request.user.person_id), "host": settings.CONFIG.site.host}
    return render(request, "mailstore/mine.html", context)


@login_required
def detail(request: AccountRequest, pk: int) -> HttpResponse:
    """Every member sees the others; an owner also lets in, puts out and signs."""
    mailbox, owns = _mine(request, pk)
    form, signature = _guest_form(request, mailbox), _signature_form(request, mailbox)
    if request.method == "POST":
        if not owns:
            raise PermissionDenied
        if "address" in request.POST and form.is_valid() and _may_let_in(mailbox, form):
            guest_let_in(request, mailbox, form)
            return _done(request, mailbox, _("Accès donné."))
        if "signature" in request.POST and signature.is_valid():
            text = signature.cleaned_data["signature"].strip()
            services.functional_change(mailbox=mailbox, acting_user=request.user, signature=text)
            return _done(request, mailbox, _("Signature enregistrée."))
    context = people_in(mailbox) | {"owns": owns, "guest_form": form, "signature_form": signature}
    return render(request, "mailstore/mine_detail.html", context)


@login_required
@require_POST
def guest_remove(request: AccountRequest, pk: int, guest_pk: int) -> HttpResponse:
    mailbox, owns = _mine(request, pk)
    guest = get_object_or_404(FunctionalGuest.objects.select_related("person", "mailbox"), pk=guest_pk, mailbox=mailbox)
    if not owns or guest.access == Access.OWNER:
        raise PermissionDenied
    services.functional_guest_remove(guest=guest, acting_user=request.user)
    return _done(request, mailbox, _("Accès retiré."))


def _mine(request: AccountRequest, pk: int) -> tuple[FunctionalMailbox, bool]:
    """The mailbox, and whether one is an owner; 404 for whoever is not, or no longer, in it."""
    member = membership_of(request.user.person_id, pk)
    if member is None:
        raise Http404(str(pk))
    return member.mailbox, member.access == Access.OWNER


def _may_let_in(mailbox: FunctionalMailbox, form: GuestForm) -> bool:
    """An owner does not lower an owner whom the DSI named."""
    person = form.cleaned_data["address"]
    if mailbox.guests.filter(person=person, access=Access.OWNER).exists():
        form.add_error("address", _("Cette personne est responsable de la boîte par décision de la DSI."))
        return False
    return True


def _guest_form(request: AccountRequest, mailbox: FunctionalMailbox) -> GuestForm:
    data = request.POST if "address" in request.POST else None
    return GuestForm(data, organisation_id=mailbox.organisation_id, bounded=True, auto_id="personne-%s")


def _signature_form(request: AccountRequest, mailbox: FunctionalMailbox) -> SignatureForm:
    data = request.POST if "signature" in request.POST else None
    return SignatureForm(data, initial={"signature": mailbox.signature})


def _done(request: AccountRequest, mailbox: FunctionalMailbox, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("mailstore:mine", mailbox.pk)
