"""Outside contributors."""

from django.urls import path

from .views import contributor_console, contributors

urlpatterns = [
    path("intervenants/", contributors.index, name="contributors"),
    path("intervenants/nouvelle/", contributors.create, name="contributor-create"),
    path("intervenants/<int:pk>/", contributors.detail, name="contributor"),
    path("intervenants/<int:pk>/modification/", contributors.edit, name="contributor-edit"),
    path("intervenants/<int:pk>/avis/", contributors.opine, name="contributor-opine"),
    path("intervenants/<int:pk>/abandon/", contributors.withdraw, name="contributor-withdraw"),
    path("intervenants/<int:pk>/renouvellement/", contributors.renew, name="contributor-renew"),
    path("intervenants/<int:pk>/fin/", contributors.end, name="contributor-end"),
    path("intervenants/<int:pk>/responsable/", contributors.hand_over, name="contributor-hand-over"),
    path("intervenants/<int:pk>/decision/", contributor_console.decide, name="contributor-decide"),
    path("intervenants/file/", contributor_console.queue, name="contributors-queue"),
    path("intervenants/registre.csv", contributor_console.register_csv, name="contributors-csv"),
    path("intervenants/delegations/", contributor_console.delegations, name="contributor-delegations"),
    path(
        "intervenants/delegations/<int:pk>/retrait/",
        contributor_console.delegation_end,
        name="contributor-delegation-end",
    ),
    path("intervenants/regles/", contributor_console.policy, name="contributor-policy"),
]
