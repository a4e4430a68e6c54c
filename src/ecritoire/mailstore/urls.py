from django.urls import path

from .views import functional, mine

app_name = "mailstore"
urlpatterns = [
    path("", functional.index, name="functional"),
    path("nouvelle/", functional.create, name="functional-create"),
    path("regles/", functional.rules, name="functional-rules"),
    path("regles/<int:pk>/retrait/", functional.rule_remove, name="functional-rule-remove"),
    path("<int:pk>/", functional.detail, name="functional-detail"),
    path("<int:pk>/reglages/", functional.settings_change, name="functional-settings"),
    path("<int:pk>/regles/", functional.rule_add, name="functional-rule-add"),
    path("<int:pk>/personnes/", functional.guest_add, name="functional-guest-add"),
    path("<int:pk>/personnes/<int:guest_pk>/retrait/", functional.guest_remove, name="functional-guest-remove"),
    path("<int:pk>/fermeture/", functional.close, name="functional-close"),
    path("<int:pk>/reouverture/", functional.reopen, name="functional-reopen"),
    path("miennes/", mine.index, name="mine-all"),
    path("miennes/<int:pk>/", mine.detail, name="mine"),
    path("miennes/<int:pk>/personnes/<int:guest_pk>/retrait/", mine.guest_remove, name="mine-guest-remove"),
]
