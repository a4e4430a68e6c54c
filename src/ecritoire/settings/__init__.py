"""Django settings, derived from ``ecritoire.toml``: an installation is described once, there."""

from __future__ import annotations

import os

from csp.constants import NONCE, NONE, SELF

from launcher import config as site_config
from launcher.site import LETTERBOXES

CONFIG = site_config.load()
PROJECT_ROOT = site_config.PROJECT_ROOT

SECRET_KEY = CONFIG.secret("django-key")
DEBUG = False
ALLOWED_HOSTS = [*dict.fromkeys((CONFIG.site.host, "localhost", "127.0.0.1", *CONFIG.academy_hosts))]
DEMO = CONFIG.demo
SITE_NAME = CONFIG.site.name
SITE_THEME = CONFIG.site.theme
FEEDS_DIR = CONFIG.data_dir / "feeds"
MAIL_DOMAIN = CONFIG.site.domain

ROOMS = [
    "common",
    "directory",
    "accounts",
    "api",
    "mailstore",
    "mailflow",
    "webmail",
    "support",
    "knowledge",
    "forum",
    "portal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "ecritoire.common.apps.OurStaticFilesConfig",
    "django_htmx",
    "csp",
    "dsfr",
    "procrastinate.contrib.django",
    "oauth2_provider",
    *(f"ecritoire.{room}.apps.{room.title()}Config" for room in ROOMS),
    *(["ecritoire.demo.apps.DemoConfig"] if DEMO else []),
]
MIDDLEWARE = [
    "ecritoire.accounts.middleware.MailAuthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "ecritoire.accounts.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ecritoire.directory.organisations.OrganisationMiddleware",
    "ecritoire.common.middleware.PrivatePagesMiddleware",
    "ecritoire.common.middleware.PressingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ecritoire.accounts.middleware.ActivationMiddleware",
    "ecritoire.accounts.middleware.RenewalMiddleware",
    "ecritoire.accounts.middleware.FactorMiddleware",
    "ecritoire.portal.sso.middleware.FormActionMiddleware",
]
ROOT_URLCONF = "ecritoire.urls"
WSGI_APPLICATION = "ecritoire.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "ecritoire.common.context_processors.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "ecritoire.common.templatetags.ui"],
        },
    },
]
FORM_RENDERER = "ecritoire.common.forms.Renderer"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "ecritoire",
        "USER": "ecritoire",
        "HOST": str(CONFIG.data_dir / "run" / "postgres"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": os.environ.get("ECRITOIRE_TEST_DATABASE", "test_ecritoire")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"unix://:{CONFIG.secret('redis')}@{CONFIG.data_dir}/run/redis/redis.sock?db=1",
    }
}

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["ecritoire.accounts.hashers.OwaspArgon2Hasher"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
SUPPORT_ADDRESS = CONFIG.support.address
TEMPORARY_PASSWORD_DAYS = CONFIG.accounts.temporary_password_days

SESSION_ENGINE = "ecritoire.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = CONFIG.accounts.session_absolute_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = CONFIG.accounts.session_idle_minutes * 60
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ecritoire.common.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [
    *(CONFIG.url_of(host) for host in (CONFIG.site.host, *CONFIG.academy_hosts)),
    *(f"https://{host}:{CONFIG.listen.https}" for host in ("localhost", "127.0.0.1")),
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.site.profile == "production" else 0
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "manifest-src": [SELF],
    }
}

EMAIL_BACKEND = "ecritoire.mailflow.email.SubmissionBackend"
DEFAULT_FROM_EMAIL = f"{CONFIG.site.name} <ne-pas-repondre@{CONFIG.site.domain}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": f"{CONFIG.base_url}/sso/oidc",
    "OIDC_RSA_PRIVATE_KEY": CONFIG.secret("oidc-signing-key"),
    "OAUTH2_VALIDATOR_CLASS": "ecritoire.portal.sso.oidc.validator.Validator",
    "SCOPES_BACKEND_CLASS": "ecritoire.portal.sso.oidc.scopes.ClaimScopes",
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 15 * 60,
    "ID_TOKEN_EXPIRE_SECONDS": 15 * 60,
    "REFRESH_TOKEN_EXPIRE_SECONDS": SESSION_COOKIE_AGE,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    **{
        f"COMPLIANT_BCP_RFC9700_{gate}": True
        for gate in (
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "PKCE_REQUIRED",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "TOKEN_STORAGE",
            "REFRESH_TOKEN",
            "REDIRECT_URI_MATCHING",
            "REDIRECT_URI_SCHEME",
        )
    },
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PROJECT_ROOT / "src" / "ecritoire" / "locale"]
LANGUAGE_COOKIE_SECURE = True
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ecritoire.common.storage.StaticStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
EXPORTS_DIR = CONFIG.data_dir / "data" / "exports"
FILMS_DIR = CONFIG.data_dir / "data" / "films"
FILM_MAX_BYTES = CONFIG.help.video_megabytes * 1024 * 1024
SERVICE_ADDRESSES = frozenset({*LETTERBOXES, "ne-pas-repondre"})
"""Local parts that are the service's own in every académie."""
ATTACHMENTS_DIR = CONFIG.data_dir / "data" / "attachments"
MAIL_LOG_DIR = CONFIG.data_dir / "log"
TRACE_DAYS = CONFIG.mail.trace_days
MESSAGE_MAX_BYTES = CONFIG.mail.message_megabytes * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {name: {"level": "WARNING"} for name in ("procrastinate", "httpx", "oauth2_provider")},
}
# HSTS (W004, W021) waits for the production profile; nothing listens on plain HTTP (W008); a message's body is a frame (W019).
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W019", "security.W021"]
