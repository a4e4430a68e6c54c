"""The feeds' console, under /annuaire/import/."""

from django.urls import path

from .views import feed, feed_doubts, feed_runs, feed_sources

urlpatterns = [
    path("", feed.feed, name="feed"),
    path("modele.csv", feed.template, name="feed-template"),
    path("envois/", feed_runs.runs, name="feed-runs"),
    path("envois/<int:pk>/", feed_runs.run, name="feed-run"),
    path("envois/<int:pk>/appliquer/", feed_runs.run_confirm, name="feed-run-apply"),
    path("envois/<int:pk>/abandonner/", feed_runs.run_drop, name="feed-run-abandon"),
    path("envois/<int:pk>/refus.csv", feed_runs.run_faults, name="feed-run-faults"),
    path("sources/nouvelle/", feed_sources.source_create, name="feed-source-create"),
    path("sources/<int:pk>/", feed_sources.source_edit, name="feed-source"),
    path("doutes/", feed_doubts.doubts, name="feed-doubts"),
    path("doutes/<int:pk>/", feed_doubts.doubt, name="feed-doubt"),
]
