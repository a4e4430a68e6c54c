from django.urls import path

from .views import compose

urlpatterns = [
    path("ecrire/", compose.new, name="compose"),
    path("ecrire/brouillon/<jmapid:email_id>/", compose.draft, name="draft"),
    path("ecrire/reponse/<jmapid:email_id>/", compose.respond, {"mode": "reply"}, name="reply"),
    path("ecrire/reponse-a-tous/<jmapid:email_id>/", compose.respond, {"mode": "reply-all"}, name="reply-all"),
    path("ecrire/transfert/<jmapid:email_id>/", compose.respond, {"mode": "forward"}, name="forward"),
]
