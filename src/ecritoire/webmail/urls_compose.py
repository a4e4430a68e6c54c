from django.urls import path

from .views import compose

urlpatterns = [
    path("ecrire/", compose.new, name="compose"),
    path("ecrire/brouillon/<str:email_id>/", compose.draft, name="draft"),
    path("ecrire/reponse/<str:email_id>/", compose.respond, {"mode": "reply"}, name="reply"),
    path("ecrire/reponse-a-tous/<str:email_id>/", compose.respond, {"mode": "reply-all"}, name="reply-all"),
    path("ecrire/transfert/<str:email_id>/", compose.respond, {"mode": "forward"}, name="forward"),
    path("destinataires/", compose.recipients, name="recipients"),
    path("signature/", compose.signature, name="signature"),
]
