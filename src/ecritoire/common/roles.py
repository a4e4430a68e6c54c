"""The nine kinds of user, and what each may do. ``docs/permissions.md`` is this table in prose."""

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
    PLATFORM = "platform", _("administrateur de l'installation")


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
    TICKET_SPECIALIST = "ticket.specialist", _("traiter les demandes de sa discipline")
    DESK_MANAGE = "desk.manage", _("régler l'assistance")
    FORUM_MODERATE = "forum.moderate", _("modérer le forum")
    INCIDENT_MANAGE = "incident.manage", _("déclarer un incident")
    HOTLINE_MANAGE = "hotline.manage", _("régler le téléphone de l'assistance")
    TICKET_RELAY = "ticket.relay", _("relayer les demandes de son établissement")
    STATISTICS_VIEW = "statistics.view", _("consulter les statistiques")
    CONTRIBUTOR_DECIDE = "contributor.decide", _("décider des accès d'intervenants extérieurs")
    LIFECYCLE_MANAGE = "lifecycle.manage", _("décider de la fin d'un compte")
    HOLD_MANAGE = "hold.manage", _("geler les données d'un compte")
    TRACE_VIEW = "trace.view", _("suivre un message")
    FUNCTIONAL_VIEW = "functional.view", _("consulter les boîtes fonctionnelles")
    FUNCTIONAL_MANAGE = "functional.manage", _("gérer les boîtes fonctionnelles")
    PLATFORM_MANAGE = "platform.manage", _("gérer les académies de l'installation")
    KNOWLEDGE_WRITE = "knowledge.write", _("rédiger l'aide")
    KNOWLEDGE_PUBLISH = "knowledge.publish", _("relire et publier l'aide")
    FACTOR_VOUCH = "factor.vouch", _("attester l'identité de qui a perdu son second facteur")
    EXPORT_MAKE = "export.make", _("exporter les données d'une personne")
    PRIVACY_MANAGE = "privacy.manage", _("traiter les droits sur les données personnelles")


LOCAL = frozenset({Action.SCHOOL_VIEW, Action.TICKET_RELAY})
"""What a role for one structure allows, there and nowhere else: those who see everything need none of it."""

INSTALLATION = frozenset({Action.PLATFORM_MANAGE, Action.JOB_VIEW})
"""What concerns the installation as a whole, every académie's people left out. All the other roles hold in one's own académie."""

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.PLATFORM: INSTALLATION,
    Role.ADMINISTRATOR: frozenset(Action) - LOCAL - INSTALLATION,
    Role.SECURITY: frozenset(
        {
            Action.PERSON_VIEW,
            Action.AUDIT_VIEW,
            Action.APPLICATION_DECIDE,
            Action.STATISTICS_VIEW,
            Action.HOLD_MANAGE,
            Action.TRACE_VIEW,
        }
    ),
    Role.SUPPORT: frozenset(
        {
            Action.PERSON_VIEW,
            Action.PERSON_EXPORT,
            Action.LETTER_ISSUE,
            Action.ACCOUNT_MANAGE,
            Action.TICKET_HANDLE,
            Action.TRACE_VIEW,
            Action.FUNCTIONAL_VIEW,
            Action.INCIDENT_MANAGE,
            Action.STATISTICS_VIEW,
            Action.FACTOR_VOUCH,
            Action.KNOWLEDGE_WRITE,
            Action.FORUM_MODERATE,
        }
    ),
    Role.COMMUNICATION: frozenset(
        {Action.INCIDENT_MANAGE, Action.KNOWLEDGE_WRITE, Action.KNOWLEDGE_PUBLISH, Action.FORUM_MODERATE}
    ),
    Role.SPECIALIST: frozenset({Action.KNOWLEDGE_WRITE, Action.TICKET_SPECIALIST}),
    Role.LOCAL_CONTACT: LOCAL | {Action.FACTOR_VOUCH},
}


def actions_of(roles: set[Role]) -> frozenset[Action]:
    return frozenset().union(*(ALLOWED.get(role, frozenset()) for role in roles))
