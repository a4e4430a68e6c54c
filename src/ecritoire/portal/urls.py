from django.urls import include, path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("intrusion/", include("ecritoire.portal.urls_intrusion")),
    path("favoris/", views.favourite, name="favourite"),
]
