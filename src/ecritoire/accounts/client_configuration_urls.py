"""Addresses that mail applications know by heart; Outlook writes them with and without capitals."""

from django.urls import path, re_path

from .views.client_configuration import autoconfig, autodiscover, autodiscover_json

NAME = "[Aa]uto[Dd]iscover"

urlpatterns = [
    path(".well-known/autoconfig/mail/config-v1.1.xml", autoconfig, name="autoconfig"),
    path("mail/config-v1.1.xml", autoconfig),
    re_path(rf"^{NAME}/{NAME}\.(?:xml|XML)$", autodiscover, name="autodiscover"),
    re_path(rf"^{NAME}/{NAME}\.json$", autodiscover_json, name="autodiscover-json"),
    re_path(rf"^{NAME}/{NAME}\.json/v1\.0/(?P<address>[^/]+)$", autodiscover_json),
]
