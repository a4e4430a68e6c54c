from django.urls import path

from . import incidents, tickets

app_name = "desk-api"
urlpatterns = [
    path("tickets", tickets.tickets, name="tickets"),
    path("tickets/<str:number>", tickets.ticket, name="ticket"),
    path("tickets/<str:number>/messages", tickets.messages, name="messages"),
    path("incidents", incidents.incidents, name="incidents"),
    path("incidents/<str:pk>", incidents.incident, name="incident"),
    path("incidents/<str:pk>/updates", incidents.updates, name="updates"),
    path("status", incidents.status, name="status"),
]
