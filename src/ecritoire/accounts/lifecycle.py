"""The life of an account: its states, and everything that may happen to it. ``docs/lifecycle.md`` is drawn from this file."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    ANNOUNCED = "announced", _("annoncé")
    PROVISIONED = "provisioned", _("à activer")
    ACTIVATED = "activated", _("actif")
    ENDING = "ending", _("en fin de droits")
    SUSPENDED = "suspended", _("suspendu")
    DEACTIVATED = "deactivated", _("désactivé")
    PURGED = "purged", _("purgé")


OPEN = frozenset({State.ACTIVATED, State.ENDING})
"""What lets somebody in, on every protocol, once they have activated their account."""
RECEIVING = frozenset({State.PROVISIONED, State.ACTIVATED, State.ENDING, State.SUSPENDED})
"""What lets mail in."""
CLOSED = frozenset({State.DEACTIVATED, State.PURGED})


class Event(models.TextChoices):
    ANNOUNCE = "announce", _("affectation annoncée")
    PROVISION = "provision", _("compte ouvert")
    ACTIVATE = "activate", _("compte activé")
    END = "end", _("fin de droits")
    RENEW = "renew", _("droits renouvelés")
    SUSPEND = "suspend", _("compte suspendu")
    RESUME = "resume", _("suspension levée")
    DEACTIVATE = "deactivate", _("compte désactivé")
    RESTORE = "restore", _("compte rouvert")
    EXTEND = "extend", _("délai prolongé")
    PURGE = "purge", _("compte purgé")
    RETURN = "return", _("retour après purge")


BEFORE = "before"
"""A target: the state from which the account went, as far as it still holds (``state_before``)."""
MAY_RETURN_TO = (State.PROVISIONED, State.ACTIVATED, State.ENDING, State.SUSPENDED)


@dataclass(frozen=True)
class Transition:
    """``undone_by`` is the event that takes it back, where it may be taken back."""

    sources: frozenset[State]
    target: State | str
    undone_by: Event | None = None


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


TRANSITIONS: dict[Event, Transition] = {
    Event.PROVISION: Transition(_from(State.ANNOUNCED), State.PROVISIONED),
    Event.ACTIVATE: Transition(_from(State.PROVISIONED), State.ACTIVATED),
    Event.END: Transition(_from(State.ACTIVATED), State.ENDING, Event.RENEW),
    Event.RENEW: Transition(_from(State.ENDING), State.ACTIVATED, Event.END),
    Event.EXTEND: Transition(_from(State.ENDING), State.ENDING),
    Event.SUSPEND: Transition(_from(State.PROVISIONED, State.ACTIVATED, State.ENDING), State.SUSPENDED, Event.RESUME),
    Event.RESUME: Transition(_from(State.SUSPENDED), BEFORE, Event.SUSPEND),
    Event.DEACTIVATE: Transition(
        _from(State.ANNOUNCED, State.PROVISIONED, State.ACTIVATED, State.ENDING, State.SUSPENDED),
        State.DEACTIVATED,
        Event.RESTORE,
    ),
    Event.RESTORE: Transition(_from(State.DEACTIVATED), BEFORE, Event.DEACTIVATE),
    Event.PURGE: Transition(_from(State.DEACTIVATED), State.PURGED),
    Event.RETURN: Transition(_from(State.PURGED), State.PROVISIONED),
}


class TransitionRefused(Exception):
    """``event`` cannot happen to an account in ``state``."""

    def __init__(self, event: Event, state: State) -> None:
        super().__init__(f"{event} cannot happen to an account that is {state}")
        self.event, self.state = event, state


def state_after(*, event: Event, state: State, ever_activated: bool, ending: bool, suspended: bool) -> State:
    """Where ``event`` leads from ``state``. Raises TransitionRefused."""
    transition = TRANSITIONS.get(event)
    if transition is None or state not in transition.sources:
        raise TransitionRefused(event, state)
    if transition.target != BEFORE:
        return State(transition.target)
    return state_before(ever_activated=ever_activated, ending=ending, suspended=suspended and event != Event.RESUME)


def state_before(*, ever_activated: bool, ending: bool, suspended: bool) -> State:
    """The state of an account that is not closed, by what it went through: what a suspension or a closing is taken back to.

    A suspension lasts until it is lifted, whatever becomes of the right meanwhile.
    """
    if suspended:
        return State.SUSPENDED
    if not ever_activated:
        return State.PROVISIONED
    return State.ENDING if ending else State.ACTIVATED
