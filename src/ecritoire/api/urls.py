from django.urls import path

from .rest import openapi, views
from .scim.views import scim
from .views import console

app_name = "api"
urlpatterns = [
    path("scim/v2", scim, {"path": ""}, name="scim-root"),
    path("scim/v2/", scim, {"path": ""}, name="scim-home"),
    path("scim/v2/<path:path>", scim, name="scim"),
    path("api/openapi.json", openapi.openapi, name="openapi"),
    path("api/v1/staff", views.batch, name="staff"),
    path("api/v1/staff/<path:external_id>", views.person, name="person"),
    path("api/clients/", console.index, name="clients"),
    path("api/documentation/", console.documentation, name="documentation"),
    path("api/clients/nouveau/", console.create, name="client-create"),
    path("api/clients/<int:pk>/", console.detail, name="client"),
    path("api/clients/<int:pk>/modification/", console.edit, name="client-edit"),
    path("api/clients/<int:pk>/jeton/", console.rotate, name="client-rotate"),
    path("api/clients/<int:pk>/retrait/", console.revoke, name="client-revoke"),
]
