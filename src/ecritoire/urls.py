"""Every room's addresses, under French paths since people read them."""

from django.urls import include, path

urlpatterns = [
    path("", include("ecritoire.portal.urls")),
    path("compte/", include("ecritoire.accounts.urls")),
    path("annuaire/", include("ecritoire.directory.urls")),
    path("boites/", include("ecritoire.mailstore.urls")),
    path("suivi/", include("ecritoire.mailflow.urls")),
    path("courrier/", include("ecritoire.webmail.urls")),
    path("fin-de-contrat/", include("ecritoire.mailstore.ending.urls")),
    path("export/", include("ecritoire.mailstore.export.urls")),
    path("", include("ecritoire.accounts.client_configuration_urls")),
    path("sso/", include("ecritoire.portal.sso.urls")),
    path("assistance/", include("ecritoire.support.urls")),
    path("forum/", include("ecritoire.forum.urls")),
    path("aide/", include("ecritoire.knowledge.urls")),
    path("api/v1/", include("ecritoire.support.api.urls")),
    path("", include("ecritoire.api.urls")),
    path("langue/", include("django.conf.urls.i18n")),
]

handler400 = "ecritoire.common.views.bad_request"
handler403 = "ecritoire.common.views.forbidden"
handler404 = "ecritoire.common.views.not_found"
handler500 = "ecritoire.common.views.server_error"
