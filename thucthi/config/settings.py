"""All settings, from the environment only. Each variable is documented in docs/settings.md; a test compares the two."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from environs import Env

from thucthi.config.operation.networks import read_networks
from thucthi.indicators.calculations.addresses import read_allowed
from thucthi.publication.calculations.schedule import read_rhythm

env = Env()
PACKAGE = Path(__file__).resolve().parent.parent
STATE = Path(env.str("THUCTHI_STATE", str(PACKAGE.parent / "var")))

DEBUG = env.bool("THUCTHI_DEBUG", False)
PRODUCTION = env.bool("THUCTHI_PRODUCTION", False)
SECRET_KEY = env.str("THUCTHI_SECRET_KEY", "for-demonstrations-only-" + "0123456789" * 4)
if PRODUCTION and SECRET_KEY.startswith("for-demonstrations-only-"):
    raise RuntimeError("THUCTHI_SECRET_KEY must be set in production (docs/settings.md)")
ALLOWED_HOSTS = env.list("THUCTHI_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("THUCTHI_TRUSTED_ORIGINS", [], subcast=str)

# --- database: the application role; only `migrate` connects as the owner ------------------------------------------
_ROLE = env.str("THUCTHI_DATABASE_ROLE", "application")
# With whose eyes every connection begins: `system` sees all rows, `nobody` none that is restricted (kernel/sight.py).
# The entry point of the web server sets `nobody`, whatever the environment says (config/wsgi.py).
DATABASE_VIEWER = "system" if _ROLE == "owner" else env.str("THUCTHI_DATABASE_VIEWER", "system")
_ADDRESS = "DATABASE_OWNER_URL" if _ROLE == "owner" else "DATABASE_URL"
# Somebody waits for a page; nobody waits for a job that reads a whole country: it may take its time, but not for ever.
_STATEMENT, _IDLE = ("10s", "1min") if DATABASE_VIEWER == "nobody" else ("15min", "15min")
_LIMITS = (
    ""
    if _ROLE == "owner"
    else f"-c statement_timeout={_STATEMENT} -c lock_timeout=5s -c idle_in_transaction_session_timeout={_IDLE}"
)
# How many seconds a connection waits for any answer; 0 for ever. The entry point of the web server sets it.
DATABASE_PATIENCE = env.float("THUCTHI_DATABASE_PATIENCE", 0.0)
# Whether the address is that of a pool of transactions (PgBouncer): then nothing may be left behind in a connection,
# and what stands in `options` is told by the pool instead (deploy/pgbouncer; kernel/sight.py).
DATABASE_POOLED = env.bool("THUCTHI_DATABASE_POOLED", False)
_GIVEN = env.dj_db_url(_ADDRESS, "postgres://thucthi_app@/thucthi", conn_max_age=60)
DATABASES = {
    "default": {
        **_GIVEN,
        "ENGINE": "thucthi.config.patience",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_GIVEN.get("OPTIONS", {}),
            "connect_timeout": 5,
            "options": ""
            if DATABASE_POOLED
            else f"{_LIMITS} -c thucthi.viewer={'system' if DATABASE_VIEWER == 'system' else ''}".strip(),
        },
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLED,
    }
}
# Standbys for lists that tolerate an old answer, and how many seconds old it may be (kernel/replicas.py).
REPLICA_LAG = env.int("THUCTHI_REPLICA_LAG", 10)
if _REPLICA := env.str("THUCTHI_REPLICA_URL", ""):
    DATABASES["replica"] = {**DATABASES["default"], **env.dj_db_url("THUCTHI_REPLICA_URL", _REPLICA, conn_max_age=60)}
    DATABASES["replica"] |= {name: DATABASES["default"][name] for name in ("ENGINE", "CONN_HEALTH_CHECKS", "OPTIONS")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the house, from the bottom up ---------------------------------------------------------------------------------
OUR_APPS = [
    "thucthi.ledger",
    "thucthi.directory",
    "thucthi.documents",
    "thucthi.programmes",
    "thucthi.indicators",
    "thucthi.obstacles",
    "thucthi.reporting",
    "thucthi.intake",
    "thucthi.monitoring",
    "thucthi.publication",
    "thucthi.workspace",
    "thucthi.public_site",
    "thucthi.demonstration",
]
INSTALLED_APPS = [
    *OUR_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "anymail",
]
MIDDLEWARE = [
    "thucthi.config.operation.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "thucthi.config.middleware.RefusalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "thucthi.directory.middleware.ViewerMiddleware",
    "thucthi.kernel.gate.GateMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "thucthi.config.urls"
WSGI_APPLICATION = "thucthi.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "templates", *(PACKAGE / app.rpartition(".")[2] / "templates" for app in OUR_APPS)],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "thucthi.config.templating.environment",
            "context_processors": ["thucthi.workspace.page_context.around"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "allauth_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- sign-in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "thucthi.directory.sign_in.ClosedAccountAdapter"
SOCIALACCOUNT_ADAPTER = "thucthi.directory.sign_in.ClosedSocialAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
_OIDC_PROVIDERS = env.json("THUCTHI_OIDC_PROVIDERS", [])
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _OIDC_PROVIDERS}}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_USERNAME_CALLABLE = "thucthi.directory.sign_in.username_tried"
AXES_VERBOSE = False
# Failed attempts are counted in the database, for all processes (axes); the library's own count is kept per process.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "120/m/ip"}
SESSION_ENGINE = "thucthi.directory.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_NAME = "__Host-thucthi" if PRODUCTION else "thucthi"
SESSION_COOKIE_SAMESITE = "Lax"

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = env.str("THUCTHI_TIME_ZONE", "Asia/Ho_Chi_Minh")

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = STATE / "static"
EVIDENCE_ROOT = STATE / "evidence"
PUBLISHED_ROOT = STATE / "published"
# The private key under the checkpoints of the ledger, and the name of the log (empty: host of SITE_URL and /thuc-thi).
LEDGER_KEY_FILE = Path(env.str("THUCTHI_LEDGER_KEY_FILE", str(STATE / "ledger-key")))
LEDGER_ORIGIN = env.str("THUCTHI_LEDGER_ORIGIN", "")
LEDGER_RECEIPT_MINUTES = env.int("THUCTHI_LEDGER_RECEIPT_MINUTES", 60)
# Forced to the disk before it is shown; only tests, whose machines do not lose power, do without.
PUBLISHED_DURABLE = True
# Counts requests of the API for all processes of this machine (kernel/rates.py).
RATES_FILE = STATE / "rates"
EVIDENCE_MAX_BYTES = env.int("THUCTHI_EVIDENCE_MAX_BYTES", 20 * 1024 * 1024)
# A file of values; how many rows it may have stands in indicators/worksheets/reading.py (200,000).
VALUES_MAX_BYTES = env.int("THUCTHI_VALUES_MAX_BYTES", 30 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Five for each of the 500 rows of a table of reports; the size above is the real limit.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
FILE_UPLOAD_PERMISSIONS = 0o600
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "thucthi.kernel.kept_files.Directory"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# An S3-compatible store instead of EVIDENCE_ROOT, and beside PUBLISHED_ROOT (docs/adr/0042).
_STORE = {
    "endpoint_url": env.str("THUCTHI_STORE_ENDPOINT", "") or None,
    "region_name": env.str("THUCTHI_STORE_REGION", "") or None,
    "access_key": env.str("THUCTHI_STORE_KEY", "") or None,
    "secret_key": env.str("THUCTHI_STORE_SECRET", "") or None,
}
EVIDENCE_BUCKET = env.str("THUCTHI_EVIDENCE_BUCKET", "")
if EVIDENCE_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "thucthi.kernel.buckets.Bucket",
        "OPTIONS": {**_STORE, "bucket_name": EVIDENCE_BUCKET, "location": env.str("THUCTHI_EVIDENCE_PREFIX", "")},
    }
PUBLISHED_BUCKET = env.str("THUCTHI_PUBLISHED_BUCKET", "")
if PUBLISHED_BUCKET:
    STORAGES["published"] = {
        "BACKEND": "thucthi.publication.store.PublishedBucket",
        "OPTIONS": {**_STORE, "bucket_name": PUBLISHED_BUCKET, "location": env.str("THUCTHI_PUBLISHED_PREFIX", "")},
    }
# When issues are cut off and prepared, in the time zone of the site; what cannot be read stops the start.
ISSUE_RHYTHM = read_rhythm(
    weekly=env.str("THUCTHI_ISSUE_WEEKLY", "fri 16:00"),
    weekly_cut_off=env.str("THUCTHI_ISSUE_WEEKLY_CUT_OFF", "thu 17:00"),
    monthly=env.str("THUCTHI_ISSUE_MONTHLY", "25 16:00"),
    monthly_cut_off=env.str("THUCTHI_ISSUE_MONTHLY_CUT_OFF", "17:00"),
)
# Who turns the frozen data of an issue into pages: publication sits below public_site and may not import it (docs/adr).
SNAPSHOT_RENDERER = "thucthi.public_site.rendering.site.site_parts"
# Processes that make the files of an issue; the files are the same for any number.
SNAPSHOT_PROCESSES = env.int("THUCTHI_SNAPSHOT_PROCESSES", min(os.cpu_count() or 1, 2))
# Who issues the monthly report: superior, issuer, symbol, place, post; what is missing is left as dots on the paper.
REPORT_HEAD = env.json("THUCTHI_REPORT_HEAD", {})
# The certificate that signs the report (PKCS#12). The demonstration makes one for itself, which production never uses.
PAPER_KEY_FILE = env.str("THUCTHI_PAPER_KEY_FILE", "")
PAPER_KEY_PASSWORD = env.str("THUCTHI_PAPER_KEY_PASSWORD", "")
PAPER_KEY_PASSWORD_FILE = env.str("THUCTHI_PAPER_KEY_PASSWORD_FILE", "")
TEST_PAPER_KEY = STATE / "chung-thu-thu-nghiem.p12"

# --- suggestions of a language model for public documents; nothing is asked while the address is empty ---------------
ASSIST_URL = env.str("THUCTHI_ASSIST_URL", "")
ASSIST_MODEL = env.str("THUCTHI_ASSIST_MODEL", "")
ASSIST_KEY = env.str("THUCTHI_ASSIST_KEY", "")

# --- values from other systems; none is asked while the list is empty ------------------------------------------------
FEED_HOSTS = read_allowed(env.list("THUCTHI_FEED_HOSTS", []))
PROCRASTINATE_IMPORT_PATHS = [
    "thucthi.indicators.feed_tasks",
    "thucthi.publication.webhooks.tasks",
    "thucthi.config.operation.tasks",
]

# --- webhooks go to any machine of the open network, and to these inside the own one ---------------------------------
WEBHOOK_HOSTS = read_allowed(env.list("THUCTHI_WEBHOOK_HOSTS", []))

# --- mail; nothing is written or sent while neither a host nor a provider is named ------------------------------------
MAIL_BACKEND = env.str("THUCTHI_MAIL_BACKEND", "")
EMAIL_HOST = env.str("THUCTHI_MAIL_HOST", "")
EMAIL_PORT = env.int("THUCTHI_MAIL_PORT", 587)
EMAIL_HOST_USER = env.str("THUCTHI_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("THUCTHI_MAIL_PASSWORD", "")
EMAIL_USE_SSL = env.str("THUCTHI_MAIL_SECURITY", "starttls") == "tls"
EMAIL_USE_TLS = env.str("THUCTHI_MAIL_SECURITY", "starttls") == "starttls"
EMAIL_TIMEOUT = 20
ANYMAIL = env.json("THUCTHI_MAIL_OPTIONS", {})
MAIL_IS_SET_UP = bool(MAIL_BACKEND or EMAIL_HOST)
EMAIL_BACKEND = MAIL_BACKEND or f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("THUCTHI_MAIL_FROM", "Thực Thi <khong-tra-loi@localhost>")
SITE_URL = env.str("THUCTHI_SITE_URL", "http://127.0.0.1:8000").rstrip("/")

# --- open data --------------------------------------------------------------------------------------------------------
OPEN_DATA_LICENCE = env.str("THUCTHI_OPEN_DATA_LICENCE", "https://creativecommons.org/licenses/by/4.0/")
OPEN_DATA_LICENCE_NAME = env.str("THUCTHI_OPEN_DATA_LICENCE_NAME", "CC-BY-4.0")
OPEN_DATA_PUBLISHER = env.str("THUCTHI_OPEN_DATA_PUBLISHER", "Cơ quan vận hành Thực Thi")

# --- what a browser is told -------------------------------------------------------------------------------------------
# A browser applies form-action to where a posted form is redirected: here, to the provider that signs one in.
_SIGN_IN_ELSEWHERE = sorted(
    {"{0.scheme}://{0.netloc}".format(urlsplit(app["settings"]["server_url"])) for app in _OIDC_PROVIDERS}
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF, *_SIGN_IN_ELSEWHERE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
# Probes come from inside and without TLS; what they may read is a matter of config/operation/admission.py.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
BEHIND_PROXY = env.bool("THUCTHI_BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CSRF_FAILURE_VIEW = "thucthi.config.errors.csrf_failure"

# --- operation: who may read /readyz and /metrics, and what goes into the log -----------------------------------------
OPERATORS = read_networks(env.list("THUCTHI_OPERATORS", ["127.0.0.0/8", "::1/128"]))
OPERATORS_TOKEN = env.str("THUCTHI_OPERATORS_TOKEN", "")
TRAFFIC_FILE = STATE / "traffic"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "thucthi.config.operation.logs.Lines", "as_json": env.bool("THUCTHI_LOG_JSON", PRODUCTION)}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("THUCTHI_LOG_LEVEL", "WARNING")},
    "loggers": {"thucthi.request": {"level": "INFO" if env.bool("THUCTHI_LOG_REQUESTS", PRODUCTION) else "WARNING"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
