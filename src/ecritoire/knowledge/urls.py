from django.urls import path

from .views import desk, films, paths, reading

app_name = "knowledge"
urlpatterns = [
    path("", reading.home, name="home"),
    path("suggestions/", reading.suggest, name="suggest"),
    path("actualites/", reading.news, name="news"),
    path("themes/<str:topic>/", reading.topic, name="topic"),
    path("parcours/", reading.crossroad, name="crossroads"),
    path("parcours/<slug:slug>/", reading.crossroad, name="crossroad"),
    path("videos/", reading.collection, {"kind": "video"}, name="videos"),
    path("infographies/", reading.collection, {"kind": "graphic"}, name="graphics"),
    path("cas-d-usage/", reading.collection, {"kind": "use_case"}, name="use-cases"),
    path("films/<slug:slug>/<int:version>/<str:part>", films.part, name="film-part"),
    path("lire/<slug:slug>/", reading.article, name="article"),
    path("lire/<slug:slug>/avis/", reading.opinion, name="opinion"),
    path("redaction/", desk.index, name="desk"),
    path("redaction/nouveau/", desk.create, name="desk-create"),
    path("redaction/videos/nouvelle/", films.create, name="film-create"),
    path("redaction/propositions/<int:pk>/", desk.proposal, name="proposal"),
    path("redaction/parcours/", paths.index, name="paths"),
    path("redaction/parcours/nouveau/", paths.edit, name="path-create"),
    path("redaction/parcours/<slug:slug>/", paths.edit, name="path-edit"),
    path("redaction/parcours/<slug:slug>/suppression/", paths.delete, name="path-delete"),
    path("redaction/articles/<slug:slug>/", desk.detail, name="desk-article"),
    path("redaction/articles/<slug:slug>/texte/", desk.edit, name="desk-edit"),
    path("redaction/articles/<slug:slug>/video/", films.edit, name="film-edit"),
    path("redaction/articles/<slug:slug>/relecture/", desk.submit, name="desk-submit"),
    path("redaction/articles/<slug:slug>/publication/", desk.publish, name="desk-publish"),
    path("redaction/articles/<slug:slug>/reprise/", desk.refuse, name="desk-refuse"),
    path("redaction/articles/<slug:slug>/retrait/", desk.hide, name="desk-hide"),
]
