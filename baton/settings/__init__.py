"""Django's settings, made of the variables in `baton.lib.variables`; `docs/settings.md` lists those."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from baton.lib import variables
from baton.lib.env import BadVariable
from baton.lib.hosts import host_name
from baton.lib.logs import logging_config
from baton.lib.secret_key import read_secret_key
from baton.lib.start_up import put, read_environment
from baton.settings.caches import choose_caches
from baton.settings.databases import choose_database
from baton.settings.files import choose_storages

try:
    _env, BATON_DATA = read_environment()
    _read = _env.read

    DEBUG = _read(variables.DEBUG)
    SECRET_KEY = _read(variables.SECRET_KEY) or read_secret_key(BATON_DATA)
    BATON_HOST = _read(variables.HOST)
    BATON_PORT = _read(variables.PORT)
    BATON_BASE_URL = _read(variables.BASE_URL) or f"http://{BATON_HOST}:{BATON_PORT}"
    BATON_ALLOWED_HOSTS = _read(variables.ALLOWED_HOSTS)
    BATON_TRUSTED_ORIGINS = _read(variables.TRUSTED_ORIGINS)
    BATON_TRUSTED_PROXIES = _read(variables.TRUSTED_PROXIES)
    BATON_REGISTRATION = _read(variables.REGISTRATION)
    BATON_STRICT_PASSWORDS = _read(variables.STRICT_PASSWORDS)
    BATON_DIALECTS = _read(variables.DIALECTS)
    BATON_TASKTABLE_PROJECT = _read(variables.TASKTABLE_PROJECT)
    BATON_TASKTABLE_STRICT = _read(variables.TASKTABLE_STRICT)
    BATON_TASKAPI_OLD_SECRET = _read(variables.TASKAPI_OLD_SECRET)
    BATON_PASS_SALT = _read(variables.PASS_SALT)
    BATON_ISSUETRACKER_PROJECT = _read(variables.ISSUETRACKER_PROJECT)
    ISSUETRACKER_ASSIGNED_AFTER = timedelta(minutes=_read(variables.ISSUETRACKER_ASSIGNED_MINUTES))
    ISSUETRACKER_REPORT_EVERY = timedelta(
        hours=_read(variables.ISSUETRACKER_REPORT_HOURS),
        minutes=_read(variables.ISSUETRACKER_REPORT_MINUTES),
        seconds=_read(variables.ISSUETRACKER_REPORT_SECONDS),
    )
    BATON_DIALECT_HOSTS = _read(variables.DIALECT_HOSTS)
    BATON_TASKMASTER_TIME_ZONE = _read(variables.TASKMASTER_TIME_ZONE)
    BATON_REQUIRE_VERIFIED_EMAIL = _read(variables.REQUIRE_VERIFIED_EMAIL)
    BATON_THREADS = _read(variables.THREADS)
    BATON_MAX_BODY = _read(variables.MAX_BODY)
    BATON_MAX_ATTACHMENT = _read(variables.MAX_ATTACHMENT)
    BATON_MAX_IMPORT = _read(variables.MAX_IMPORT)
    # With room for the form around the file: whoever raises one limit should not have to find the other.
    BATON_MAX_UPLOAD = max(_read(variables.MAX_UPLOAD), BATON_MAX_ATTACHMENT + 2**20, BATON_MAX_IMPORT + 2**20)
    BATON_STATIC = _read(variables.STATIC)
    BATON_REDIS_URL = _read(variables.REDIS_URL)
    BATON_BROKER_URL = _read(variables.BROKER_URL)
    BATON_FOLLOW_SECONDS = _read(variables.FOLLOW_SECONDS)
    BATON_UPKEEP_AT = _read(variables.UPKEEP_AT)
    BATON_SOCKETS_PER_USER = _read(variables.SOCKETS_PER_USER)
    BATON_STREAM_POLL_SECONDS = _read(variables.STREAM_POLL_SECONDS)
    BATON_PRESENCE = _read(variables.PRESENCE)
    BATON_TRASH_DAYS = _read(variables.TRASH_DAYS)
    BATON_ATTACHMENT_RETENTION_DAYS = _read(variables.ATTACHMENT_RETENTION_DAYS)
    BATON_OUTGOING_NETWORKS = _read(variables.OUTGOING_NETWORKS)
    BATON_OUTGOING_HTTPS_ONLY = _read(variables.OUTGOING_HTTPS_ONLY)
    BATON_WEBHOOKS_EACH = _read(variables.WEBHOOKS_EACH)
    BATON_WEBHOOK_PAUSE_DAYS = _read(variables.WEBHOOK_PAUSE_DAYS)
    BATON_DELIVERY_DAYS = _read(variables.DELIVERY_DAYS)
    BATON_NOTIFICATION_DAYS = _read(variables.NOTIFICATION_DAYS)
    BATON_REMINDER_HOUR = _read(variables.REMINDER_HOUR)
    BATON_METRICS_TOKEN = _read(variables.METRICS_TOKEN)
    PROMETHEUS_MULTIPROC_DIR = _read(variables.METRICS_FOLDER)
    if PROMETHEUS_MULTIPROC_DIR:
        # prometheus-client looks at the process environment only, never at a .env file.
        put(variables.METRICS_FOLDER.name, str(PROMETHEUS_MULTIPROC_DIR))

    DATABASES = {"default": choose_database(_env, BATON_DATA)}
    MEDIA_ROOT = BATON_DATA / "files"
    STORAGES = choose_storages(_env, MEDIA_ROOT)
    CACHES = choose_caches(BATON_REDIS_URL)
    LOGGING = logging_config(_read(variables.LOG_LEVEL), _read(variables.LOG_FORMAT))

    EMAIL_HOST = _read(variables.EMAIL_HOST)
    EMAIL_PORT = _read(variables.EMAIL_PORT)
    EMAIL_HOST_USER = _read(variables.EMAIL_USER)
    EMAIL_HOST_PASSWORD = _read(variables.EMAIL_PASSWORD)
    EMAIL_USE_TLS = _read(variables.EMAIL_SECURITY) == "starttls"
    EMAIL_USE_SSL = _read(variables.EMAIL_SECURITY) == "tls"
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = _read(variables.EMAIL_FROM)
except BadVariable as error:
    raise ImproperlyConfigured(str(error)) from None

if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            f"BATON_SECRET_KEY is not set and {BATON_DATA} holds no secret_key. "
            "Set it to a long random text, or start `serve` once: it makes one."
        )
    # A development process without a key gets one of its own: nothing guessable ever signs anything.
    SECRET_KEY = secrets.token_urlsafe(50)

INSTALLED_APPS = [
    "baton",
    "baton.core",
    "baton.surfaces.admin.apps.BatonAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    # Only its static files are used: Swagger UI and ReDoc.
    "drf_spectacular_sidecar",
]

# What every request passes through; the order is outside in.
MIDDLEWARE = [
    "baton.surfaces.wire.request_ids.request_ids",
    "baton.surfaces.wire.proxies.see_behind_proxies",
    "baton.surfaces.wire.dialects.finding.FindDialect",
    "baton.surfaces.health.metrics.measure_requests",
    "baton.surfaces.wire.last_resort.NeverHtml",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "baton.surfaces.wire.language.speak_language",
    "baton.surfaces.wire.last_resort.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "baton.surfaces.wire.lazy_messages.LazyMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "baton.urls"
WSGI_APPLICATION = "baton.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# The REST framework. The wire kit's classes are named here by dotted path: settings import no surface.
REST_FRAMEWORK: dict[str, Any] = {}

# Accounts.
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["baton.surfaces.wire.browser_login.GuardedLogin"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "baton.lib.old_hashes.SaltedMD5InArgon2",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# A browser's session stands in the database; a cache only spares looking there.
SESSION_ENGINE = f"django.contrib.sessions.backends.{'cached_db' if BATON_REDIS_URL else 'db'}"

# Language and time.
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]

# Hosts, headers and cookies.
_base = urlsplit(BATON_BASE_URL)
_https = _base.scheme == "https"
_served_on = set() if BATON_HOST in {"0.0.0.0", "::", ""} else {BATON_HOST}  # noqa: S104  (compared with, not bound)
_dialect_hosts = {host_name(host) for host in BATON_DIALECT_HOSTS}
ALLOWED_HOSTS = sorted(
    {"localhost", "127.0.0.1", "[::1]", str(_base.hostname), *_served_on, *_dialect_hosts, *BATON_ALLOWED_HOSTS}
)
CSRF_TRUSTED_ORIGINS = sorted({f"{_base.scheme}://{_base.netloc}", *BATON_TRUSTED_ORIGINS})
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = BATON_MAX_BODY
# Paths whose errors are pages for people; everywhere else they are problem documents.
HTML_PREFIXES = ["/admin/"]
CSRF_FAILURE_VIEW = "baton.surfaces.wire.last_resort.csrf_failure"

# Without a folder for them, static files come from the installed packages: a fresh checkout runs without a build step.
STATIC_URL = "/static/"
STATIC_ROOT = BATON_STATIC
WHITENOISE_USE_FINDERS = BATON_STATIC is None
WHITENOISE_AUTOREFRESH = DEBUG

EMAIL_BACKEND = "baton.adapters.smtp.EmailBackend" if EMAIL_HOST else "baton.adapters.mail_folder.FolderBackend"
EMAIL_FILE_PATH = BATON_DATA / "mail"
EMAIL_TIMEOUT = 30  # seconds that one try may take in all; the leases of letters are longer
