from django.urls import path

from .urls_compose import urlpatterns as compose_urls
from .views import actions, content, conversation, folders, lists

app_name = "webmail"
urlpatterns = [
    path("", lists.inbox, name="inbox"),
    path("dossier/<str:folder_id>/", lists.folder, name="folder"),
    path("recherche/", lists.search, name="search"),
    path("conversation/<str:thread_id>/", conversation.conversation, name="conversation"),
    path("message/<str:email_id>/details/", conversation.details, name="details"),
    path("message/<str:email_id>/corps/", content.body, name="body"),
    path("piece/<str:blob_id>/", content.blob, name="blob"),
    path("action/", actions.act, name="act"),
    path("annuler/", actions.undo, name="undo"),
    path("dossiers/", folders.manage, name="folders"),
    path("dossiers/<str:folder_id>/renommer/", folders.rename, name="folder-rename"),
    path("dossiers/<str:folder_id>/supprimer/", folders.delete, name="folder-delete"),
    path("dossiers/<str:folder_id>/vider/", folders.empty, name="folder-empty"),
    *compose_urls,
]
