from django.urls import path

from .views import desk, hotline, incidents, mine, pieces, school

app_name = "support"
urlpatterns = [
    path("", mine.index, name="mine"),
    path("nouvelle/", mine.ask, name="ask"),
    path("demandes/<str:number>/", mine.ticket, name="ticket"),
    path("demandes/<str:number>/close/", mine.settle, name="settle"),
    path("file/", desk.queue, name="queue"),
    path("file/<str:number>/", desk.handle, name="handle"),
    path("file/<str:number>/prise/", desk.take, name="take"),
    path("etablissement/", school.queue, name="school-queue"),
    path("etablissement/<str:number>/", school.ticket, name="school-ticket"),
    path("pieces/<uuid:key>/", pieces.piece, name="piece"),
    path("telephone/", hotline.telephone, name="telephone"),
    path("telephone/rappel/", hotline.callback, name="callback"),
    path("telephone/reglages/", hotline.settings_page, name="hotline"),
    path("incidents/", incidents.index, name="incidents"),
    path("incidents/nouveau/", incidents.declare, name="incident-declare"),
    path("incidents/propositions/<int:proposal>/", incidents.declare, name="incident-accept"),
    path("incidents/propositions/<int:pk>/ecarter/", incidents.dismiss, name="incident-dismiss"),
    path("incidents/masquer/", incidents.hide, name="incident-hide"),
    path("incidents/<int:pk>/", incidents.detail, name="incident"),
    path("incidents/<int:pk>/moi-aussi/", incidents.join, name="incident-join"),
    path("file/<str:number>/incident/", incidents.attach, name="incident-attach"),
    path("pour/<int:pk>/", school.ask_for, name="ask-for"),
]
