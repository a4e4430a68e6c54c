"""Help as the person sees it: asking, reading the answers, answering back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecritoire.common.requests import AccountRequest
from ecritoire.support.banners import told_to
from ecritoire.support.desk_forms import OpinionForm
from ecritoire.support.facts import facts_make, facts_told
from ecritoire.support.forms import HelpForm, MessageForm
from ecritoire.support.models import Ticket
from ecritoire.support.routing import disciplines_of
from ecritoire.support.selectors import messages_of, open_count, tickets_of
from ecritoire.support.services import OPEN_EACH, ticket_open, ticket_settle, ticket_write
from ecritoire.support.services.closing import may_reopen

PAGE = 30


@login_required
def index(request: AccountRequest) -> HttpResponse:
    page = Paginator(tickets_of(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "support/mine.html", {"page": page})


@login_required
def ask(request: AccountRequest) -> HttpResponse:
    facts = facts_make(request.user, request.user.login, {})
    form = HelpForm(
        request.POST or None,
        request.FILES or None,
        initial={"kind": request.GET.get("kind", "")},
        has_failures=bool(facts["deliveries"]),
        disciplines=disciplines_of(request.user.organisation_id),
    )
    if request.method == "POST" and open_count(request.user) >= OPEN_EACH:
        messages.error(
            request, _("Vous avez déjà %(count)s demandes ouvertes : complétez l'une d'elles.") % {"count": OPEN_EACH}
        )
        return redirect("support:mine")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        ticket = ticket_open(
            kind=Ticket.Kind(data["kind"]),
            subject=data["subject"],
            text=data["text"],
            contact=data["contact"],
            account=request.user,
            opened_by=request.user,
            discipline=data["discipline"],
            files=data["attachments"],
            with_mail=not data.get("without_mail"),
        )
        messages.success(request, _("Demande %(number)s enregistrée.") % {"number": ticket.number})
        return redirect("support:ticket", number=ticket.number)
    return render(request, "support/ask.html", {"form": form, "told": told_to(request), "facts": facts_told(facts)})


@login_required
def ticket(request: AccountRequest, number: str) -> HttpResponse:
    row = _own(request, number)
    if row.merged_into:
        return redirect("support:ticket", number=row.merged_into.number)
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and row.state != Ticket.State.CLOSED and form.is_valid():
        data = form.cleaned_data
        ticket_write(ticket=row, author=request.user, text=data["text"], files=data["attachments"])
        messages.success(request, _("Message ajouté."))
        return redirect("support:ticket", number=row.number)
    context = {"ticket": row, "form": form, "said": messages_of(row, viewer=request.user), "merged": row.merged.all()}
    over = row.state in {Ticket.State.RESOLVED, Ticket.State.CLOSED}
    context |= {"may_reopen": may_reopen(row), "opinion": getattr(row, "satisfaction", None)}
    context["opinion_form"] = OpinionForm() if over and not context["opinion"] else None
    return render(request, "support/ticket.html", context)


@login_required
@require_POST
def settle(request: AccountRequest, number: str) -> HttpResponse:
    row = _own(request, number)
    ticket_settle(ticket=row, acting_user=request.user)
    messages.success(request, _("Demande close. Merci de l'avoir dit."))
    return redirect("support:ticket", number=row.number)


def _own(request: AccountRequest, number: str) -> Ticket:
    return get_object_or_404(
        tickets_of(request.user).select_related("account__person", "organisation", "merged_into", "satisfaction"),
        number=number,
    )
