"""What the desk has behind it: eight weeks of requests that are over, an incident, the telephone's hours.

Written as rows, not through the services: those would date everything of today and send each person a letter about it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.directory.addresses import fold
from ecritoire.directory.models import Organisation, Structure
from ecritoire.support.hotline import hotline_save
from ecritoire.support.hours import Range
from ecritoire.support.measures import measures_save
from ecritoire.support.measuring import measure_past
from ecritoire.support.models import Incident, IncidentUpdate, Satisfaction, Ticket, TicketEvent, TicketMessage

from .people import SEED

Kind, Channel, State, Step = Ticket.Kind, Ticket.Channel, Ticket.State, TicketEvent.Kind
COUNT, DAYS, TOGETHER = 64, 56, 6
RATED = 0.6
PHONE = "03 53 01 00 12"  # a number given to fiction (Arcep)
OFFICE = [
    Range(day, dt.time(*opens), dt.time(*closes))
    for day in range(5)
    for opens, closes in (((8, 30), (12, 0)), ((13, 30), (17, 30)))
]
HOURS = [8, 8, 8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 16, 17, 18, 20]
SLOW = "Le courrier s'ouvre très lentement"
# weight, kind, channels, subject, text, answer
ASKED = [
    (9, Kind.FORGOTTEN_PASSWORD, (Channel.SIGN_IN, Channel.PHONE), "Mot de passe oublié",
     "Je ne retrouve plus mon mot de passe et je n'ai pas d'adresse de secours.",
     "Bonjour, votre identité est vérifiée : un code de réinitialisation vous attend chez votre chef d'établissement."),
    (4, Kind.LOST_FACTOR, (Channel.SIGN_IN,), "Téléphone perdu",
     "J'ai changé de téléphone, l'ancien est cassé : je n'ai plus les codes à six chiffres.",
     "Bonjour, votre second facteur est remis à zéro. Ajoutez le nouveau téléphone, puis imprimez vos codes de secours."),
    (6, Kind.DEVICE, (Channel.PORTAL, Channel.MAIL), "Courrier absent du téléphone",
     "Le téléphone redemande sans cesse le mot de passe de la messagerie.",
     "Bonjour, ajoutez le téléphone dans « Mes applications » : il reçoit un mot de passe à lui, à copier une seule fois."),
    (3, Kind.MAIL, (Channel.MAIL, Channel.PORTAL), "Pièce jointe refusée",
     "Mon message revient : pièce trop lourde.",
     "Bonjour, au-delà de 25 Mo, enregistrez le document en PDF ou déposez-le dans l'espace de fichiers."),
    (3, Kind.ACTIVATION, (Channel.SIGN_IN, Channel.CONTACT), "Lettre d'activation non reçue",
     "Je suis arrivée le mois dernier et personne ne m'a remis de lettre.",
     "Bonjour, une nouvelle lettre est partie chez votre référent numérique ; elle vaut quinze jours."),
    (3, Kind.RIGHT, (Channel.PORTAL, Channel.CONTACT), "Contrat renouvelé",
     "La messagerie annonce sa fermeture, mon contrat est pourtant renouvelé.",
     "Bonjour, la gestion des personnels a saisi le renouvellement : la fermeture est annulée, rien n'est perdu."),
    (2, Kind.PEDAGOGY, (Channel.PORTAL,), "Écrire aux familles d'une classe",
     "Comment prévenir les familles sans montrer leurs adresses ?",
     "Bonjour, mettez-les en copie cachée, et votre propre adresse en destinataire."),
    (2, Kind.LOCKED, (Channel.SIGN_IN, Channel.PHONE), "Compte bloqué",
     "Après plusieurs essais, la page dit que mon compte est bloqué.",
     "Bonjour, votre ancien téléphone essayait encore l'ancien mot de passe. Il est retiré, le blocage est levé."),
    (1, Kind.OTHER, (Channel.PORTAL,), "Nom mal orthographié",
     "Mon nom est écrit sans accent dans la messagerie.",
     "Bonjour, le nom vient de votre dossier : il est corrigé depuis ce matin, le service l'a repris."),
]  # fmt: skip
MEASURES: dict[str, str] = {
    Kind.FORGOTTEN_PASSWORD: "Adresse de secours demandée à l'activation ; relance de celles et ceux qui n'en ont pas.",
    Kind.DEVICE: "Film « Installer la messagerie sur un téléphone » envoyé aux référents numériques.",
    Kind.LOST_FACTOR: "Codes de secours à imprimer proposés dès l'ajout du premier téléphone.",
}
TOLD = [
    (0, Incident.State.OPEN, "Les messages s'ouvrent lentement depuis ce matin. Rien n'est perdu ; nous cherchons."),
    (50, Incident.State.IDENTIFIED, "Un disque de la messagerie est saturé : les copies de la nuit sont déplacées."),
    (95, Incident.State.RESOLVED, "La place est faite et une alerte est posée bien avant que cela ne recommence."),
]


def past_make(accounts: dict[str, Account]) -> None:
    """``accounts`` by employee number. Numbers go up with time, as they would have."""
    chance, nadia, decider = Random(SEED), accounts["V0003"], accounts["V0001"]
    here = nadia.person.organisation
    hotline_save(
        organisation=here,
        phone=PHONE,
        note="Prix d'un appel local.",
        callers=2,
        hours=OFFICE,
        closures=[],
        acting_user=decider,
    )
    measures_save(organisation=here, texts=MEASURES, acting_user=decider)
    askers = [account for account in accounts.values() if account.state == Account.State.ACTIVATED and account != nadia]
    began = _office_day(timezone.localtime() - dt.timedelta(days=20)).replace(hour=9, minute=10)
    incident = _incident(here, began, decider)
    moments = sorted([*_moments(chance), *(began + dt.timedelta(minutes=4 * n) for n in range(TOGETHER))])
    for rank, at in enumerate(moments, start=1):
        touched = incident if began <= at <= began + dt.timedelta(minutes=4 * TOGETHER) else None
        _ticket(here, rank, at, chance, chance.choice(askers), nadia, touched)
    measure_past(here.pk)


def _moments(chance: Random) -> Iterator[dt.datetime]:
    """Working days, busier in the morning; none today nor yesterday."""
    now = timezone.localtime()
    for _n in range(COUNT - TOGETHER):
        day = _office_day(now - dt.timedelta(days=chance.randint(2, DAYS)))
        yield day.replace(hour=chance.choice(HOURS), minute=chance.randrange(60), second=chance.randrange(60))


def _office_day(day: dt.datetime) -> dt.datetime:
    return day - dt.timedelta(days=max(day.weekday() - 4, 0))


def _incident(here: Organisation, began: dt.datetime, by: Account) -> Incident:
    over = began + dt.timedelta(minutes=TOLD[-1][0])
    incident = Incident.objects.create(
        organisation=here,
        title=SLOW,
        severity=Incident.Severity.MINOR,
        state=Incident.State.RESOLVED,
        starts_at=began,
        resolved_at=over,
        declared_by=by.login,
    )
    for minutes, state, text in TOLD:
        said = IncidentUpdate.objects.create(incident=incident, state=state, text=text, author_login=by.login)
        _date(said, began + dt.timedelta(minutes=minutes))
    _date(incident, began)
    return incident


def _ticket(
    here: Organisation,
    rank: int,
    at: dt.datetime,
    chance: Random,
    asker: Account,
    agent: Account,
    incident: Incident | None,
) -> None:
    _weight, kind, channels, subject, text, answer = chance.choices(ASKED, [row[0] for row in ASKED])[0]
    if incident:
        kind, channels, subject, text, answer = (
            Kind.MAIL,
            (Channel.PORTAL,),
            SLOW,
            "Chaque message met une minute à s'ouvrir.",
            TOLD[-1][2],
        )
    answered = at + dt.timedelta(minutes=chance.choice([6, 12, 25, 40, 90, 200, 420]))
    resolved = (
        incident.resolved_at
        if incident and incident.resolved_at
        else answered + dt.timedelta(minutes=chance.choice([0, 0, 30, 180, 1500]))
    )
    number, name = f"{timezone.localdate().year}-{rank:06d}", str(asker.person)
    ticket = Ticket.objects.create(
        organisation=here,
        number=number,
        kind=kind,
        channel=chance.choice(channels),
        structure=Structure.objects.filter(assignments__person=asker.person).first(),
        subject=subject,
        text=text,
        account=asker,
        login=asker.login,
        name=name,
        opened_by=asker,
        state=State.CLOSED,
        assignee=agent,
        incident=incident,
        search_name=fold(f"{number} {name} {asker.login} {subject}"),
        first_answered_at=answered,
        last_message_at=answered,
        resolved_at=resolved,
    )
    _date(ticket, at)
    said = TicketMessage.objects.create(ticket=ticket, author=agent, side=TicketMessage.Side.SUPPORT, text=answer)
    _date(said, answered)
    for step, actor, when in (
        (Step.OPENED, asker, at),
        (Step.ANSWERED, agent, answered),
        (Step.CLOSED, None, resolved),
    ):
        _date(TicketEvent.objects.create(ticket=ticket, kind=step, actor=actor), when)
    if chance.random() < RATED:
        score = chance.choices(Satisfaction.Score.values, [1, 2, 9])[0]
        _date(Satisfaction.objects.create(ticket=ticket, score=score), resolved)


def _date(
    row: Ticket | TicketMessage | TicketEvent | Incident | IncidentUpdate | Satisfaction, at: dt.datetime
) -> None:
    type(row).objects.filter(pk=row.pk).update(created_at=at)
