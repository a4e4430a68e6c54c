from django.urls import include, path

from . import urls_feed
from .views import people

app_name = "directory"
urlpatterns = [
    path("", people.people, name="people"),
    path("personnes.csv", people.people_export, name="people-export"),
    path("personnes/<int:pk>/", people.person, name="person"),
    path("structures/", people.structures, name="structures"),
    path("import/", include(urls_feed)),
]
