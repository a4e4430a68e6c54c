"""Eight weeks of requests that are over: dated of then, in office hours or nearly, and nobody was written to."""

import datetime as dt

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone

from ecritoire.demo.past import COUNT, past_make
from ecritoire.support.models import Hotline, Incident, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def _past(anne, boris, admin):
    past_make({"V0001": admin, "V0003": boris, "V0006": anne})


@pytest.mark.usefixtures("_past")
def test_it_works():
    tickets = Ticket.objects.order_by("number")
    moments = [ticket.created_at for ticket in tickets]
    assert len(moments) == COUNT
    assert moments == sorted(moments), "numbers go up with time"
    assert moments[-1] < timezone.now() - dt.timedelta(days=1)
    assert not tickets.exclude(state=Ticket.State.CLOSED)
    assert not tickets.filter(first_answered_at__lte=F("created_at"))
    assert not [at for at in moments if timezone.localtime(at).weekday() > 4]
    assert TicketEvent.objects.count() == 3 * COUNT
    assert not mail.outbox


@pytest.mark.usefixtures("_past")
def test_an_incident_is_behind_us():
    incident = Incident.objects.get()
    assert incident.is_over
    assert incident.tickets.count() >= 6
    assert Hotline.objects.get().hours.count() == 10
