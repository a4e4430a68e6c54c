from django.urls import path

from .views import desk, following, names, reading, writing

app_name = "forum"
urlpatterns = [
    path("", reading.home, name="home"),
    path("charte/", reading.conduct, name="conduct"),
    path("reglages/", following.settings, name="settings"),
    path("nouveau/", writing.ask, name="ask"),
    path("proches/", reading.similar, name="similar"),
    path("noms/", names.names, name="names"),
    path("suivis/", following.follow, name="follow"),
    path("lus/", following.read, name="read"),
    path("sujets/<int:pk>/", reading.topic, name="topic"),
    path("sujets/<int:pk>/suivi/", following.subscribe, name="subscribe"),
    path("sujets/<int:pk>/demande/", writing.ticket, name="ticket"),
    path("messages/<int:pk>/", reading.post, name="post"),
    path("messages/<int:pk>/texte/", writing.edit, name="edit"),
    path("messages/<int:pk>/suppression/", writing.delete, name="delete"),
    path("messages/<int:pk>/utile/", writing.vote, name="vote"),
    path("messages/<int:pk>/reponse/", writing.accept, name="accept"),
    path("messages/<int:pk>/signalement/", writing.flag, name="flag"),
    path("desabonnement/<str:token>/", following.unsubscribe, name="unsubscribe"),
    path("moderation/", desk.index, name="desk"),
    path("moderation/signalements/<int:pk>/", desk.decide, name="decide"),
    path("moderation/sujets/<int:pk>/", desk.moderate, name="moderate"),
    path("moderation/sujets/<int:pk>/separation/", desk.split, name="split"),
    path("moderation/messages/<int:pk>/", desk.post, name="desk-post"),
    path("moderation/sections/nouvelle/", desk.section, name="section-create"),
    path("moderation/sections/<int:pk>/", desk.section, name="section-edit"),
]
