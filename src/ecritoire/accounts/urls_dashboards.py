"""Dashboards, and the list of people behind each figure."""

from django.urls import path

from .views import dashboards, relaunches

urlpatterns = [
    path("tableaux/", dashboards.overview, name="dashboards"),
    path("statistiques/activation/", dashboards.activation_page, name="statistics-activation"),
    path("statistiques/activation.csv", dashboards.activation_csv, name="statistics-activation-csv"),
    path("statistiques/activation/personnes/", dashboards.activation_people, name="statistics-activation-people"),
    path(
        "statistiques/activation/personnes.csv",
        dashboards.activation_people_csv,
        name="statistics-activation-people-csv",
    ),
    path("tableaux/a-activer/", relaunches.index, name="pending"),
    path("tableaux/a-activer.csv", relaunches.index_csv, name="pending-csv"),
    path("tableaux/a-activer/relance/", relaunches.send, name="relaunch"),
    path("tableaux/fins/", dashboards.ends_page, name="ends"),
    path("tableaux/fins.csv", dashboards.ends_csv, name="ends-csv"),
    path("tableaux/etats/", dashboards.states_page, name="states"),
    path("tableaux/etats.csv", dashboards.states_csv, name="states-csv"),
    path("tableaux/mouvements.csv", dashboards.flows_csv, name="flows-csv"),
]
