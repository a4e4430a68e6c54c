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

        from . import news, receivers  # noqa: F401
        from .overview import FILTERS, state_badges
        from .views.application_console import applications_panel
        from .views.console import person_panel
        from .views.endings import life_panel
        from .views.factors import notice
        from .views.vouching import factors_panel

        register(*ENTRIES)
        register_panel(person_panel)
        register_panel(life_panel)
        register_panel(factors_panel)
        register_notice(notice)
        register_notice(news.notice)
        register_panel(applications_panel)
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
    Entry("account", 50, _("Connexions"), _("L'historique, sur le web et en IMAP."), "clock", "accounts:history"),
    Entry("account", 55, _("Alertes"), _("Les connexions inhabituelles à votre compte."), "flag", "accounts:alerts"),
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
        _("Activation"),
        _("La part des nouveaux arrivants qui activent leur compte."),
        "list",
        "accounts:statistics-activation",
        Action.STATISTICS_VIEW,
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
        60,
        _("Blocages"),
        _("Leurs causes, semaine par semaine."),
        "lock",
        "accounts:lockouts",
        Action.STATISTICS_VIEW,
    ),
)
