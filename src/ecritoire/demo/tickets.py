"""A few requests for help, so that the desk has something on it."""

from __future__ import annotations

from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.accounts.services.access import HelpKind, help_request
from ecritoire.accounts.services.history import sign_in_record
from ecritoire.support.models import Ticket
from ecritoire.support.services import ticket_answer, ticket_note, ticket_open

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def tickets_open(accounts: dict[str, Account]) -> None:
    """``accounts`` by employee number."""
    nadia, julien, bruno, zoe = (accounts[number] for number in ("V0003", "V0008", "V0011", "V0018"))
    for result in (SignInEvent.Result.WRONG_PASSWORD,) * 2 + (SignInEvent.Result.EXPIRED,):
        sign_in_record(
            login=bruno.login,
            account=bruno,
            protocol=SignInEvent.Protocol.WEB,
            result=result,
            address="192.0.2.41",
            application=FIREFOX,
        )
    help_request(
        account=bruno,
        login=bruno.login,
        contact="06 00 00 00 41",
        kind=HelpKind.FORGOTTEN_PASSWORD,
        text="Mon mot de passe temporaire est refusé, je n'ai pas pu m'en servir avant les vacances.",
    )
    help_request(
        account=zoe,
        login=zoe.login,
        contact="",
        kind=HelpKind.TAKEOVER,
        text="Des collègues ont reçu de ma part un message que je n'ai pas écrit.",
        urgent=True,
    )
    ticket = ticket_open(
        kind=Ticket.Kind.DEVICE,
        subject="Courrier absent du téléphone",
        text="Les messages arrivent sur l'ordinateur mais plus sur mon téléphone depuis lundi.",
        account=julien,
        opened_by=julien,
    )
    ticket_note(ticket=ticket, acting_user=nadia, text="Secret d'application inutilisé depuis lundi.")
    text = "Bonjour, retirez l'application de votre liste, puis ajoutez-la de nouveau. Cela suffit-il ?"
    ticket_answer(ticket=ticket, acting_user=nadia, text=text, state=Ticket.State.WAITING)
