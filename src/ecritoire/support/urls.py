from django.urls import path

from .views import desk, mine, school

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
    path("pour/<int:pk>/", school.ask_for, name="ask-for"),
]
