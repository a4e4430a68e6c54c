"""Dashboards, and the list of people behind each figure."""

from django.urls import path

from .views import dashboard_activation, dashboard_ends, dashboard_feeds, dashboards, relaunches

urlpatterns = [
    path("tableaux/", dashboards.overview, name="dashboards"),
    path("statistiques/activation/", dashboard_activation.activation_page, name="statistics-activation"),
    path("statistiques/activation.csv", dashboard_activation.activation_csv, name="statistics-activation-csv"),
    path(
        "statistiques/activation/personnes/",
        dashboard_activation.activation_people,
        name="statistics-activation-people",
    ),
    path(
        "statistiques/activation/personnes.csv",
        dashboard_activation.activation_people_csv,
        name="statistics-activation-people-csv",
    ),
    path("tableaux/a-activer/", relaunches.index, name="pending"),
    path("tableaux/a-activer.csv", relaunches.index_csv, name="pending-csv"),
    path("tableaux/a-activer/relance/", relaunches.send, name="relaunch"),
    path("tableaux/fins/", dashboard_ends.ends_page, name="ends"),
    path("tableaux/fins.csv", dashboard_ends.ends_csv, name="ends-csv"),
    path("tableaux/etats/", dashboards.states_page, name="states"),
    path("tableaux/etats.csv", dashboards.states_csv, name="states-csv"),
    path("tableaux/flux/", dashboard_feeds.feeds_page, name="feeds"),
    path("tableaux/flux.csv", dashboard_feeds.feeds_csv, name="feeds-csv"),
    path("tableaux/mouvements.csv", dashboards.flows_csv, name="flows-csv"),
]
