from django.urls import path

from . import console, views

app_name = "exports"
urlpatterns = [
    path("", views.index, name="index"),
    path("demande/", views.ask, name="ask"),
    path("<uuid:key>/etat/", views.progress, name="progress"),
    path("<uuid:key>/suppression/", views.cancel, name="cancel"),
    path("<uuid:key>/archive.zip", views.download, name="download"),
    path("console/", console.index, name="console"),
    path("console/pour/<int:pk>/", console.make, name="make"),
    path("console/<uuid:key>/lien/", console.link, name="link"),
    path("console/<uuid:key>/suppression/", console.remove, name="remove"),
    path("remise/<str:token>/", console.handover, name="handover"),
    path("remise/<str:token>/archive.zip", console.handover_file, name="handover-file"),
]
