from django.urls import path

from . import views

app_name = "directory"
urlpatterns = [
    path("", views.people, name="people"),
    path("personnes/<int:pk>/", views.person, name="person"),
    path("structures/", views.structures, name="structures"),
    path("import/", views.feed, name="feed"),
    path("import/<int:pk>/", views.feed_confirm, name="feed-confirm"),
    path("import/modele.csv", views.template, name="feed-template"),
]
