from django.urls import path

from . import views

app_name = "ending"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("renouvellement/", views.renewal, name="renewal"),
    path("masquer/", views.hide, name="hide"),
]
