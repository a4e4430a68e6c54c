from django.urls import path

from .views import colours, feed, people

app_name = "directory"
urlpatterns = [
    path("couleurs/<slug:key>.css", colours.colours, name="colours"),
    path("", people.people, name="people"),
    path("personnes.csv", people.people_export, name="people-export"),
    path("personnes/<int:pk>/", people.person, name="person"),
    path("structures/", people.structures, name="structures"),
    path("import/", feed.feed, name="feed"),
    path("import/<int:pk>/", feed.feed_confirm, name="feed-confirm"),
    path("import/modele.csv", feed.template, name="feed-template"),
]
