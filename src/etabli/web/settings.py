"""Settings of the Django project. Everything that may differ from one place to another comes from the environment:

ETABLI_DATA (folder), ETABLI_SECRET_KEY, DATABASE_URL, ETABLI_HOSTS (names, separated by commas), ETABLI_HTTPS (1 behind
a proxy that speaks HTTPS), ETABLI_BUS (only "local" today), ETABLI_DEBUG (1 while developing), ETABLI_DEMO (set by
``etabli demo``).
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from etabli.web import environment
from etabli.web.static_hash import static_hash

WEB = Path(__file__).resolve().parent
DATA = environment.data_folder()

DEBUG = environment.flag("ETABLI_DEBUG")
DEMO = environment.flag("ETABLI_DEMO")
SECRET_KEY = environment.secret_key(DATA)
ALLOWED_HOSTS = environment.hosts()
BUS = environment.bus()

INSTALLED_APPS = [
    "etabli.web.accounts",
    "etabli.web.workshop",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "etabli.web.urls"
ASGI_APPLICATION = "etabli.web.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "etabli.web.context.platform",
            ],
        },
    },
]

# --- data -----------------------------------------------------------------------------------------------------------

DATABASES = {"default": environment.database(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- accounts -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- languages: French is the source of every text, English its translation ---------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [WEB / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "etabli.web.formats"
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- static files: served by the application itself, under a name that changes with their content ---------------

STATICFILES_DIRS = [WEB / "static"]
STATIC_URL = f"/static/{static_hash([WEB / 'static'])}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
# The hash is in the address of every file: whitenoise may call them all immutable.
WHITENOISE_IMMUTABLE_FILE_TEST = "."

# --- security -------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "etabli_session"
CSRF_COOKIE_NAME = "etabli_csrf"
LANGUAGE_COOKIE_NAME = "etabli_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "etabli.web.errors.csrf_failure"

if environment.flag("ETABLI_HTTPS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]

# --- what is written where ------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own set-up sends errors by mail to administrators; here they go to the console, once.
        "django": {"handlers": [], "propagate": True},
    },
}
