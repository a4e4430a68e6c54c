"""What this room keeps about people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from oauth2_provider import models as oauth

from ecritoire.directory.personal_data import erasable, leave_out, register_erasure, register_part, table

from . import models


def register() -> None:
    service = {"service__name": _("Service")}
    register_part(
        table(
            models.Favourite,
            _("Services favoris"),
            "account__person",
            {"tile": _("Service"), "created_at": _("Depuis")},
        ),
        table(
            models.Consent,
            _("Services qui reçoivent des informations sur vous"),
            "account__person",
            {**service, "claims": _("Informations"), "created_at": _("Accepté")},
        ),
        table(
            models.ServiceSession,
            _("Entrées dans les services reliés"),
            "account__person",
            {**service, "created_at": _("Date"), "ended_at": _("Fin")},
        ),
        table(
            models.UpstreamIdentity,
            _("Identité chez un fournisseur externe"),
            "account__person",
            {"issuer": _("Fournisseur"), "subject": _("Identifiant"), "created_at": _("Depuis")},
        ),
    )
    register_erasure(
        erasable(models.Favourite, _("Services favoris"), "account__person", key="favourites"),
        erasable(
            models.ServiceSession,
            _("Entrées terminées dans les services reliés"),
            "account__person",
            key="ended_service_sessions",
            ended_at__isnull=False,
        ),
    )
    tokens = (oauth.AccessToken, oauth.RefreshToken, oauth.IDToken, oauth.Grant, oauth.DeviceGrant)
    leave_out("secret: tokens of a quarter of an hour, tied to the sessions listed", models.TokenFamily, *tokens)
    leave_out("clients of services, never a person's", oauth.Application, models.OidcClient)
