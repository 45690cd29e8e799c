"""Django's settings, made from `env.read()`. Nothing here reads the environment by itself."""

from __future__ import annotations

import secrets as random
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from toli.config import env as environment
from toli.config import postgres, texts
from toli.kit import secrets as keyring

ENV = environment.read()
ROOT = environment.ROOT
TESTING = ENV.mode == "test"


def present(*names: str) -> list[str]:
    """The modules that exist, in the order given."""
    specs = [(name, find_spec(f"toli.{name}")) for name in names]
    return [name for name, spec in specs if spec is not None and spec.origin is not None]


DEBUG = False
SECRET_KEY = (
    environment.secret_of_pages()
    if keyring.keyring_path().exists() or ENV.production
    else random.token_urlsafe(50)  # no database yet: only tools that read the code
)
ALLOWED_HOSTS = ENV.allowed_hosts or ["localhost", "127.0.0.1", "[::1]", ".localhost", "testserver", ENV.host]
PUBLIC_URL = ENV.public_url or f"http://localhost:{ENV.port}"
CSRF_TRUSTED_ORIGINS = [ENV.public_url] if ENV.public_url else []

ROOMS = present(
    "kit",
    "ui",
    "audit",
    "accounts",
    "people",
    "org",
    "consent",
    "elections",
    "delivery",
    "content",
    "broadcasts",
    "tasks",
    "recruitment",
    "volunteer",
    "warroom",
    "demo",
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "procrastinate.contrib.django",
    *(f"toli.{room}" for room in ROOMS),
    "allauth",  # below the rooms, so that its pages take our look
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "toli.config.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "toli.config.disk.RoomMiddleware",
    *(f"toli.{name}.WaitingMiddleware" for name in present("recruitment.middleware")),  # before anybody is looked up
    "django.middleware.common.CommonMiddleware",
    "toli.ui.sizes.SizeMiddleware",  # before anything reads a form
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    *(
        f"toli.{name}.{kind}"
        for name, kind in (
            ("accounts.middleware", "HolderMiddleware"),
            ("org.middleware", "ActorMiddleware"),
            ("ui.middleware", "ErrorsMiddleware"),
        )
        if name.split(".")[0] in ROOMS and present(name)
    ),
]

ROOT_URLCONF = "toli.config.urls"
WSGI_APPLICATION = "toli.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.template.context_processors.static",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *(f"toli.{name}.shell" for name in present("ui.context")),
            ],
        },
    }
]


def database(address: str) -> dict[str, Any]:
    """Django's description of one PostgreSQL address."""
    parts = conninfo_to_dict(address)
    options: dict[str, Any] = {"application_name": "toli", "connect_timeout": 10}
    if ENV.pool:
        options["pool"] = {"min_size": 1, "max_size": ENV.pool, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", postgres.DATABASE),
        "USER": parts.get("user", postgres.APP),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": bool(ENV.pool),  # after the database went and came, no request gets a dead connection
        "TEST": {"TEMPLATE": "template0"},
    }


DATABASES = {"default": database(ENV.database_url or postgres.url(postgres.socket_folder(ENV.home)))}

LANGUAGE_CODE = "hi"
LANGUAGES = [("hi", _("Hindi")), ("en", _("English"))]
LOCALE_PATHS: list[str] = []  # each room brings its own catalogue
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Kolkata"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = ENV.home / "files"
MEDIA_URL = ""
FILES_URL, FILES_REGION = ENV.files_url, ENV.files_region
FILES_KEY, FILES_SECRET = ENV.files_key, ENV.files_secret.get_secret_value()
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # without files; the whole of a request: ui/sizes.py
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

AUTH_USER_MODEL = "accounts.Login" if "accounts" in ROOMS else "auth.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/me/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "key"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_ADAPTER = "toli.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ADAPTER = "toli.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "Toli"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "toli.accounts.forms.ProofForm",
    "reauthenticate": "toli.accounts.forms.ProofAgainForm",
    "activate_totp": "toli.accounts.forms.AppForm",
    "authenticate_webauthn": "toli.accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "toli.accounts.forms.PasskeyAgainForm",
    "add_webauthn": "toli.accounts.forms.NewPasskeyForm",
}
# allauth counts in the memory of one process; accounts.services counts in the database.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.production
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "toli"
SESSION_COOKIE_AGE = 90 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENV.production
CSRF_FAILURE_VIEW = "toli.ui.views.csrf_failure"
CSRF_COOKIE_SECURE = ENV.production
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
SECURE_SSL_REDIRECT = ENV.production
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.production and ENV.proxies else None
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.proxies
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENV.production else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

PULSE_URL = ENV.pulse_url or f"http://localhost:{ENV.port + 1}"
SMS_URL = ENV.sms_url
SMS_TOKEN = ENV.sms_token.get_secret_value()
SMS_FALLBACK_URL = ENV.sms_fallback_url
SMS_FALLBACK_TOKEN = ENV.sms_fallback_token.get_secret_value()
SMS_SENDER = ENV.sms_sender
SMS_TEXT_IDS = texts.read(ENV.sms_texts) if ENV.sms_texts else {}
SMS_CHECKED_SENDERS = ENV.sms_checked_senders
# Nobody is asked to send an SMS that would prove nothing; outside production the local server plays the network.
SMS_NUMBER = ENV.sms_number if SMS_CHECKED_SENDERS or not ENV.production else ""
TELEGRAM_TOKEN = ENV.telegram_token.get_secret_value()
TELEGRAM_BOT = ENV.telegram_bot.lstrip("@")
MAIL_URL = ENV.mail_url.get_secret_value()
MAIL_SENDER = ENV.mail_sender
META_APP_SECRET = ENV.meta_app_secret.get_secret_value()
OUTSIDE_URL = ENV.outside_url
VOICE_URL = ENV.voice_url
VOICE_TOKEN = ENV.voice_token.get_secret_value()
VOICE_CALLER = ENV.voice_caller
# Outside production somebody may be missing: then the notice names who answers in the demo, and nobody real.
SHARED_BY = {"hi": ENV.shared_by_hi, "en": ENV.shared_by_en}
CONTACT = {
    "name": {"hi": ENV.contact_hi or "डेटा संरक्षण अधिकारी", "en": ENV.contact_en or "Data protection officer"},
    "address": ENV.contact_address or "privacy@example.invalid",
}
NUMBER_WAIT = timedelta(hours=ENV.number_wait_hours)
HOME = ENV.home
SHARED_DATA = ENV.data

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "toli.config.logs.ScrubbingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["out"], "level": ENV.log_level},
    "loggers": {
        "django.db.backends": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}
