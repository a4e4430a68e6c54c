from django.urls import include, path

from . import jmap_ids  # noqa: F401 - registers <jmapid:>
from .urls_compose import urlpatterns as compose_urls
from .views import actions, compose, content, conversation, folders, lists

app_name = "webmail"
pages = [
    path("", lists.inbox, name="inbox"),
    path("dossier/<jmapid:folder_id>/", lists.folder, name="folder"),
    path("recherche/", lists.search, name="search"),
    path("conversation/<jmapid:thread_id>/", conversation.conversation, name="conversation"),
    path("message/<jmapid:email_id>/details/", conversation.details, name="details"),
    path("message/<jmapid:email_id>/corps/", content.body, name="body"),
    path("piece/<jmapid:blob_id>/", content.blob, name="blob"),
    path("action/", actions.act, name="act"),
    path("annuler/", actions.undo, name="undo"),
    path("dossiers/", folders.manage, name="folders"),
    path("dossiers/<jmapid:folder_id>/renommer/", folders.rename, name="folder-rename"),
    path("dossiers/<jmapid:folder_id>/supprimer/", folders.delete, name="folder-delete"),
    path("dossiers/<jmapid:folder_id>/vider/", folders.empty, name="folder-empty"),
    *compose_urls,
]
urlpatterns = [
    # The same pages twice: in one's own mailbox, and in the functional one whose number the address carries.
    path("boite/<int:mailbox_id>/", include(pages)),
    path("", include(pages)),
    path("destinataires/", compose.recipients, name="recipients"),
    path("signature/", compose.signature, name="signature"),
]
