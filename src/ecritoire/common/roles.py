"""The eight kinds of user, and what each may do. ``docs/permissions.md`` is this table in prose."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    AGENT = "agent", _("agent")
    EXTERNAL = "external", _("intervenant extérieur")
    LOCAL_CONTACT = "local_contact", _("référent numérique")
    SUPPORT = "support", _("agent d'assistance")
    SPECIALIST = "specialist", _("interlocuteur spécialisé")
    COMMUNICATION = "communication", _("chargé de communication")
    SECURITY = "security", _("RSSI")
    ADMINISTRATOR = "administrator", _("administrateur DSI")


class Action(models.TextChoices):
    """A privileged act; an ordinary page needs none of these."""

    FEED_IMPORT = "feed.import", _("importer un flux RH")
    SOURCE_MANAGE = "source.manage", _("régler les sources des flux RH")
    PERSON_VIEW = "person.view", _("consulter une fiche")
    PERSON_EXPORT = "person.export", _("exporter une liste de personnes")
    SCHOOL_VIEW = "school.view", _("suivre les comptes de son établissement")
    LETTER_ISSUE = "letter.issue", _("éditer les courriers d'activation")
    ACCOUNT_MANAGE = "account.manage", _("gérer un compte")
    ROLE_GRANT = "role.grant", _("attribuer un rôle")
    API_MANAGE = "api.manage", _("gérer les clients de l'API")
    JOB_VIEW = "job.view", _("consulter les tâches")
    AUDIT_VIEW = "audit.view", _("consulter le journal d'audit")
    POLICY_MANAGE = "policy.manage", _("fixer les règles d'accès")
    APPLICATION_DECIDE = "application.decide", _("autoriser une application de messagerie")
    SERVICE_MANAGE = "service.manage", _("enregistrer un service relié")
    TICKET_HANDLE = "ticket.handle", _("traiter les demandes d'assistance")
    TICKET_RELAY = "ticket.relay", _("relayer les demandes de son établissement")
    STATISTICS_VIEW = "statistics.view", _("consulter les statistiques")
    LIFECYCLE_MANAGE = "lifecycle.manage", _("décider de la fin d'un compte")
    HOLD_MANAGE = "hold.manage", _("geler les données d'un compte")
    FACTOR_VOUCH = "factor.vouch", _("attester l'identité de qui a perdu son second facteur")


LOCAL = frozenset({Action.SCHOOL_VIEW, Action.TICKET_RELAY})
"""What a role for one structure allows, there and nowhere else: those who see everything need none of it."""

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.ADMINISTRATOR: frozenset(Action) - LOCAL,
    Role.SECURITY: frozenset(
        {
            Action.PERSON_VIEW,
            Action.AUDIT_VIEW,
            Action.JOB_VIEW,
            Action.APPLICATION_DECIDE,
            Action.STATISTICS_VIEW,
            Action.HOLD_MANAGE,
        }
    ),
    Role.SUPPORT: frozenset(
        {
            Action.PERSON_VIEW,
            Action.PERSON_EXPORT,
            Action.LETTER_ISSUE,
            Action.ACCOUNT_MANAGE,
            Action.TICKET_HANDLE,
            Action.STATISTICS_VIEW,
            Action.FACTOR_VOUCH,
        }
    ),
    Role.LOCAL_CONTACT: LOCAL | {Action.FACTOR_VOUCH},
}


def actions_of(roles: set[Role]) -> frozenset[Action]:
    return frozenset().union(*(ALLOWED.get(role, frozenset()) for role in roles))
