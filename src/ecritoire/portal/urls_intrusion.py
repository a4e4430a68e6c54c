from django.urls import path

from . import intrusion

urlpatterns = [
    path("", intrusion.start, name="intrusion"),
    path("mot-de-passe/", intrusion.password, name="intrusion-password"),
    path("regles/", intrusion.rules, name="intrusion-rules"),
    path("secours/", intrusion.recovery, name="intrusion-recovery"),
    path("fin/", intrusion.done, name="intrusion-done"),
]
