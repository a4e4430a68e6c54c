"""What support does to a person's account from their request: by the accounts' own services, with their own permissions, and written
down in the request: an internal note, a step, a line of the journal with its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecritoire.accounts.models import Account, ApplicationRequest
from ecritoire.accounts.overview import may_manage
from ecritoire.accounts.services.applications import AlreadyDecided, OwnRequest, application_decide
from ecritoire.accounts.services.letters import LetterKind, LettersRefused, letters_make, temporary_password_reset
from ecritoire.accounts.services.management import account_unlock
from ecritoire.common.roles import Action
from ecritoire.mailflow.trace.query import TraceQuery
from ecritoire.mailflow.trace.services import trace_search
from ecritoire.support.models import Ticket, TicketEvent, TicketMessage

from .merging import Impossible
from .steps import audit, say, step

WAITING = ApplicationRequest.State.WAITING


@dataclass(frozen=True)
class Act:
    title: str | Promise
    means: str | Promise
    action: Action
    fits: Callable[[Account], bool]


ACTS = {
    "unlock": Act(
        gettext_lazy("Débloquer le compte"),
        gettext_lazy("Les échecs qui le bloquent sont oubliés ; ils restent dans l'historique."),
        Action.ACCOUNT_MANAGE,
        lambda account: account.is_activated,
    ),
    "reset": Act(
        gettext_lazy("Réinitialiser le mot de passe"),
        gettext_lazy("Sessions et applications sont fermées ; un mot de passe temporaire est remis."),
        Action.ACCOUNT_MANAGE,
        lambda account: account.is_activated,
    ),
    "letter": Act(
        gettext_lazy("Rééditer la lettre d'activation"),
        gettext_lazy("Un nouveau mot de passe temporaire est imprimé : celui de la lettre d'avant ne sert plus."),
        Action.LETTER_ISSUE,
        lambda account: not account.is_activated,
    ),
    "application": Act(
        gettext_lazy("Décider de l'application demandée"),
        gettext_lazy("La personne est prévenue par courriel de la décision."),
        Action.APPLICATION_DECIDE,
        lambda account: account.application_requests.filter(state=WAITING).exists(),
    ),
    "trace": Act(
        gettext_lazy("Suivre un message"),
        gettext_lazy("Ce que sont devenus les messages que la personne a envoyés ou attend : ni objet ni contenu."),
        Action.TRACE_VIEW,
        lambda account: True,
    ),
}


def may_act(agent: Account, act: Act, account: Account) -> bool:
    return agent.may(act.action) and may_manage(actor=agent, target=account)


def acts_for(*, agent: Account, ticket: Ticket) -> dict[str, Act]:
    """What ``agent`` may do to the account of the request, and makes sense."""
    account = ticket.account
    if account is None:
        return {}
    return {name: act for name, act in ACTS.items() if may_act(agent, act, account) and act.fits(account)}


def ticket_unlock(*, ticket: Ticket, account: Account, acting_user: Account) -> None:
    with transaction.atomic():
        account_unlock(account=account, acting_user=acting_user, reason=ticket.number)
        _written(ticket, acting_user, "unlock", _("Compte débloqué."))


def ticket_reset(
    *, ticket: Ticket, account: Account, acting_user: Account, kind: str, seen_by: str, note: str, channel: str
) -> bytes | None:
    """The letter when it is handed over, None when it leaves by mail."""
    with transaction.atomic():
        content = temporary_password_reset(
            account=account, kind=kind, seen_by=seen_by, note=note, channel=channel, acting_user=acting_user
        )
        _written(ticket, acting_user, "reset", _("Mot de passe temporaire délivré ; identité vérifiée."))
    return content


def ticket_letter(*, ticket: Ticket, account: Account, acting_user: Account) -> bytes:
    """Raises Impossible for an account that was activated meanwhile."""
    with transaction.atomic():
        try:
            content = letters_make(accounts=[account], kind=LetterKind.PASSWORDS, acting_user=acting_user)
        except LettersRefused as refused:
            raise Impossible(str(refused)) from None
        _written(ticket, acting_user, "letter", _("Lettre d'activation rééditée."))
    return content


def ticket_application(
    *, ticket: Ticket, request: ApplicationRequest, approve: bool, text: str, acting_user: Account
) -> None:
    """Raises Impossible when it was decided meanwhile, or is the agent's own."""
    with transaction.atomic():
        try:
            application_decide(request=request, approve=approve, text=text, acting_user=acting_user)
        except AlreadyDecided:
            raise Impossible(_("Cette demande d'application est déjà traitée.")) from None
        except OwnRequest:
            raise Impossible(_("On ne décide pas de sa propre demande.")) from None
        words = _("Application « %(name)s » acceptée.") if approve else _("Application « %(name)s » refusée.")
        _written(ticket, acting_user, "application", words % {"name": request.name})


def ticket_trace(*, ticket: Ticket, query: TraceQuery, acting_user: Account) -> None:
    """A search, in the journal with the request's number; what is worth a note is chosen among what it finds."""
    with transaction.atomic():
        trace_search(query=query, acting_user=acting_user)
        step(ticket, TicketEvent.Kind.ACTED, acting_user, {"account": ["", "trace"]})
        audit(ticket, acting_user, "ticket.act", act="trace")


def _written(ticket: Ticket, acting_user: Account, name: str, text: str) -> None:
    """The note says what was done, never a secret."""
    say(
        ticket,
        author=acting_user,
        side=TicketMessage.Side.SUPPORT,
        audience=TicketMessage.Audience.INTERNAL,
        text=text,
    )
    step(ticket, TicketEvent.Kind.ACTED, acting_user, {"account": ["", name]})
    audit(ticket, acting_user, "ticket.act", act=name)
