from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.notices import register_notice
from ecritoire.common.roles import Action


class AccountsConfig(AppConfig):
    name = "ecritoire.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        from ecritoire.directory.listing import register_badges, register_filter
        from ecritoire.directory.panels import register_panel

        from . import news, personal_parts, receivers  # noqa: F401
        from .overview import FILTERS, state_badges
        from .views import relaunches
        from .views.application_console import applications_panel
        from .views.console import person_panel
        from .views.contributors import notice as contributors_notice
        from .views.endings import life_panel
        from .views.factors import notice
        from .views.privacy_register import person_panel as privacy_panel
        from .views.vouching import factors_panel

        register(*ENTRIES)
        register_panel(person_panel)
        register_panel(life_panel)
        register_panel(factors_panel)
        register_notice(notice)
        register_notice(news.notice)
        register_notice(contributors_notice)
        register_notice(relaunches.notice)
        register_panel(applications_panel)
        register_panel(privacy_panel)
        personal_parts.register()
        register_filter(*FILTERS)
        register_badges(state_badges)


ENTRIES = (
    Entry("account", 10, _("Mot de passe"), _("Le changer quand vous le souhaitez."), "key", "accounts:password"),
    Entry(
        "account", 20, _("Secours"), _("Adresse et questions pour retrouver l'accès."), "shield", "accounts:recovery"
    ),
    Entry(
        "account",
        25,
        _("Double authentification"),
        _("Application, clés d'accès, codes de secours."),
        "lock",
        "accounts:factors",
    ),
    Entry("account", 30, _("Applications"), _("Téléphone, Thunderbird, Outlook…"), "phone", "accounts:app-passwords"),
    Entry("account", 40, _("Sessions"), _("Où vous êtes connecté ; fermer à distance."), "device", "accounts:sessions"),
    Entry(
        "account",
        70,
        _("Intervenants extérieurs"),
        _("Demander un accès pour un intervenant, le renouveler, y mettre fin."),
        "contacts",
        "accounts:contributors",
    ),
    Entry(
        "console",
        42,
        _("Intervenants"),
        _("Demandes d'accès, registre, délégations."),
        "contacts",
        "accounts:contributors-queue",
        Action.CONTRIBUTOR_DECIDE,
    ),
    Entry("account", 50, _("Connexions"), _("L'historique, sur le web et en IMAP."), "clock", "accounts:history"),
    Entry("account", 55, _("Alertes"), _("Les connexions inhabituelles à votre compte."), "flag", "accounts:alerts"),
    Entry(
        "account",
        66,
        _("Mes données personnelles"),
        _("Ce que le service sait de vous ; corriger, effacer."),
        "user",
        "accounts:privacy",
    ),
    Entry(
        "console",
        42,
        _("Droits des personnes"),
        _("Accès, rectification, effacement : le registre et ses délais."),
        "shield",
        "accounts:privacy-register",
        Action.PRIVACY_MANAGE,
    ),
    Entry(
        "console",
        5,
        _("Mon établissement"),
        _("Les comptes de vos collègues, à activer ou actifs."),
        "school",
        "accounts:school",
        Action.SCHOOL_VIEW,
    ),
    Entry(
        "console",
        80,
        _("Tableaux de bord"),
        _("Activation, comptes à relancer, fins de droits, mouvements."),
        "list",
        "accounts:dashboards",
        Action.STATISTICS_VIEW,
    ),
    Entry(
        "console",
        6,
        _("Tableau de bord"),
        _("Activation et fins de droits dans votre établissement."),
        "list",
        "accounts:dashboards",
        Action.SCHOOL_VIEW,
    ),
    Entry(
        "console",
        30,
        _("Lettres"),
        _("Identifiants et mots de passe temporaires."),
        "mail",
        "accounts:letters",
        Action.LETTER_ISSUE,
    ),
    Entry(
        "console",
        40,
        _("Corrections"),
        _("Informations signalées inexactes."),
        "flag",
        "accounts:corrections",
        Action.ACCOUNT_MANAGE,
    ),
    Entry(
        "console",
        45,
        _("Seconds facteurs perdus"),
        _("Attester une identité, confirmer."),
        "users",
        "accounts:vouchings",
        Action.FACTOR_VOUCH,
    ),
    Entry(
        "console",
        50,
        _("Applications"),
        _("Demandes, confiance, applications en sommeil."),
        "phone",
        "accounts:applications-console",
        Action.APPLICATION_DECIDE,
    ),
    Entry(
        "console",
        85,
        _("Alertes de connexion"),
        _("Comptes menacés, balayages de mots de passe."),
        "shield",
        "accounts:alerts-all",
        Action.AUDIT_VIEW,
    ),
    Entry(
        "console",
        90,
        _("Journal"),
        _("Chaque acte d'administration."),
        "journal",
        "accounts:journal",
        Action.AUDIT_VIEW,
    ),
    Entry(
        "console",
        50,
        _("Règles d'accès"),
        _("Mots de passe, renouvellement, double authentification."),
        "settings",
        "accounts:policies",
        Action.POLICY_MANAGE,
    ),
    Entry(
        "console",
        55,
        _("Fins de contrat"),
        _("Délais, conservation et rappels de chaque catégorie."),
        "clock",
        "accounts:end-policies",
        Action.POLICY_MANAGE,
    ),
    Entry(
        "console",
        95,
        _("Académies"),
        _("Celles que sert l'installation : noms, pages, premiers administrateurs."),
        "school",
        "accounts:academies",
        Action.PLATFORM_MANAGE,
    ),
    Entry(
        "console",
        60,
        _("Blocages"),
        _("Leurs causes, semaine par semaine."),
        "lock",
        "accounts:lockouts",
        Action.STATISTICS_VIEW,
    ),
)
