from django.urls import include, path

from . import urls_feed
from .views import colours, people, records

app_name = "directory"
urlpatterns = [
    path("couleurs/<slug:key>.css", colours.colours, name="colours"),
    path("", people.people, name="people"),
    path("personnes.csv", people.people_export, name="people-export"),
    path("personnes/<int:pk>/", people.person, name="person"),
    path("personnes/<int:pk>/fiches/", records.records, name="records"),
    path("structures/", people.structures, name="structures"),
    path("import/", include(urls_feed)),
]
