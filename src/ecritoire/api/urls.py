from django.urls import path

from .scim.views import scim

app_name = "api"
urlpatterns = [
    path("scim/v2", scim, {"path": ""}, name="scim-root"),
    path("scim/v2/<path:path>", scim, name="scim"),
    path("scim/v2/", scim, {"path": ""}),
]
