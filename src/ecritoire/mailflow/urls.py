from django.urls import path

from .trace import views

app_name = "mailflow"
urlpatterns = [
    path("", views.search, name="trace"),
    path("<str:token>/", views.results, name="trace-results"),
    path("<str:token>/<int:pk>/", views.detail, name="trace-detail"),
]
