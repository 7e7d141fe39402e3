"""Every setting, read from the environment once, here.

With no environment at all the site is whole on one machine: SQLite, a broker made of files,
images in a folder. DATABASE_URL and REDIS_URL turn the same code to PostgreSQL and Redis.
"""

import logging
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()
env.read_env(str(Path(__file__).resolve().parents[2] / ".env"), recurse=False)

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.str("TRIPTYCH_DATA", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DATABASE_URL: str = env.str("DATABASE_URL", "")
REDIS_URL: str = env.str("REDIS_URL", "")
EMBEDDED = not DATABASE_URL

MIN_SECRET_KEY_LENGTH = 50


def _kept_secret_key(path: Path) -> str:
    """The key of the embedded site: made once, readable by its owner alone."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def _secret_key() -> str:
    given: str = env.str("SECRET_KEY", "")
    if not given and EMBEDDED:
        given = _kept_secret_key(DATA_DIR / "secret_key")
    if len(given) < MIN_SECRET_KEY_LENGTH:
        raise ImproperlyConfigured(
            f"SECRET_KEY is missing or shorter than {MIN_SECRET_KEY_LENGTH} characters. Make one "
            'with: python -c "import secrets; print(secrets.token_urlsafe(64))" and put it into '
            "the environment or .env."
        )
    return given


SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if EMBEDDED else []
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "annotator.ops",
    "annotator.accounts",
    "annotator.actions",
    "annotator.preferences",
    "annotator.projects",
    "annotator.items",
    "annotator.judges",
    "annotator.ingest",
    "annotator.guidelines",
    "annotator.webhooks",
    "annotator.groups",
    "annotator.assignments",
    "annotator.measurements",
    "annotator.annotations",
    "annotator.reviews",
    "annotator.gold",
    "annotator.training",
    "annotator.consensus",
    "annotator.exports",
    "annotator.rewards",
    "annotator.reports",
    "annotator.audit",
    "annotator.workers",
    # Images and people to look at; no deployment carries this folder.
    *(["demo"] if (BASE_DIR / "demo").is_dir() else []),
]

MIDDLEWARE = [
    "annotator.api.database_timeout.DatabaseTimeoutMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "annotator.api.headers.HeadersMiddleware",
]

ROOT_URLCONF = "annotator.config.urls"
WSGI_APPLICATION = "annotator.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = []

# FULL: an answer is acknowledged when it is on the disk, so a power cut takes none back.
# A deferred SQLite transaction that read first fails at once when it wants to write; IMMEDIATE
# takes the write lock at BEGIN and waits its turn (41 % of requests failed without it).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
}
# Seconds until a silent server counts as away; a broken network is noticed after so many ms.
# Only what core.statements sends is prepared, each at its first use on a connection.
POSTGRES_OPTIONS = {"connect_timeout": 3, "tcp_user_timeout": 10_000, "prepare_threshold": 0}
# A server that takes a statement of a request and says nothing for so long is away: TCP alone would
# not tell. Workers wait: theirs may take minutes. 0: requests wait too.
DATABASE_ANSWER_SECONDS: float = env.float("DATABASE_ANSWER_SECONDS", 20.0)
# Each thread keeps its connection, and looks whether it lives before a request uses it (ADR 21).
POSTGRES_CONNECTION = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def _database() -> dict[str, Any]:
    if EMBEDDED:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "triptych.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
        }
    parsed: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL))
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        parsed["OPTIONS"] = SQLITE_OPTIONS
    else:
        parsed |= {**POSTGRES_CONNECTION, "ENGINE": "annotator.core.postgres"}
        parsed["OPTIONS"] = {**POSTGRES_OPTIONS, **parsed.get("OPTIONS", {})}
        parsed["TEST"] = {"NAME": f"test_triptych{env.str('TEST_DB_SUFFIX', '')}"}
    return parsed


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Signing in by the organisation's own OpenID provider; no issuer: by passwords alone.
OIDC_ISSUER: str = env.str("OIDC_ISSUER", "")
OIDC_CLIENT_ID: str = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET: str = env.str("OIDC_CLIENT_SECRET", "")
OIDC_NAME: str = env.str("OIDC_NAME", "") or urlsplit(OIDC_ISSUER).netloc
OIDC_SCOPES: str = env.str("OIDC_SCOPES", "openid profile email")
OIDC_USERNAME_CLAIM: str = env.str("OIDC_USERNAME_CLAIM", "preferred_username")
OIDC_DISPLAY_NAME_CLAIM: str = env.str("OIDC_DISPLAY_NAME_CLAIM", "name")
OIDC_GROUPS_CLAIM: str = env.str("OIDC_GROUPS_CLAIM", "groups")
# What each group gives; accounts/groups.py reads it, and refuses what it can't.
OIDC_GROUPS: str = env.str("OIDC_GROUPS", "")
# Whoever comes by the provider for the first time gets an account.
OIDC_CREATE_ACCOUNTS: bool = env.bool("OIDC_CREATE_ACCOUNTS", True)
LOCAL_PASSWORDS: bool = env.bool("LOCAL_PASSWORDS", True)
# Of whose passwords a second factor is demanded: none, leads, all.
SECOND_FACTOR_FOR: str = env.str("SECOND_FACTOR_FOR", "none")
if SECOND_FACTOR_FOR not in {"none", "leads", "all"}:
    raise ImproperlyConfigured("SECOND_FACTOR_FOR is one of none, leads, all.")


def _refuse_ways_in_that_lead_nowhere() -> None:
    if not OIDC_ISSUER:
        if not LOCAL_PASSWORDS:
            raise ImproperlyConfigured("LOCAL_PASSWORDS=false needs OIDC_ISSUER: nobody gets in.")
        return
    address = urlsplit(OIDC_ISSUER)
    here = address.hostname in {"localhost", "127.0.0.1", "::1"}
    if address.scheme != "https" and not (address.scheme == "http" and here):
        raise ImproperlyConfigured("OIDC_ISSUER has to begin with https://.")
    if not OIDC_CLIENT_ID:
        raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID.")
    if "openid" not in OIDC_SCOPES.split():
        raise ImproperlyConfigured("OIDC_SCOPES has to name openid.")


_refuse_ways_in_that_lead_nowhere()

# Sessions live in the database: nobody is logged out when Redis is emptied.
SESSION_ENGINE = "annotator.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Nobody used it for so long: it has ended. Three days outlive a weekend; 0: only its age counts.
SESSION_IDLE_SECONDS: int = env.int("SESSION_IDLE_SECONDS", 3 * 24 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "annotator.api.errors.csrf_failed"

HTTPS: bool = env.bool("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The proxy redirects to HTTPS; what a domain promises for its subdomains is its owner's decision.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "blob:", "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# How many proxies in front may be believed about the client's address.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", 0)

LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Script and style are read by the site's own pages alone.
WHITENOISE_ALLOW_ALL_ORIGINS = False


def _is_hashed_asset(_path: str, url: str) -> bool:
    return url.startswith("/static/assets/")


WHITENOISE_IMMUTABLE_FILE_TEST = _is_hashed_asset

# Files go through Django's storage API, so S3 is a setting: one bucket for images, uploads and
# exports, which is what several machines share. The folders are then for work under way.
S3_BUCKET: str = env.str("S3_BUCKET", "")
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(DATA_DIR / "media")))
UPLOAD_ROOT = Path(env.str("UPLOAD_ROOT", str(DATA_DIR / "uploads")))
WEIGHTS_ROOT = Path(env.str("WEIGHTS_ROOT", str(DATA_DIR / "weights")))
EXPORT_ROOT = Path(env.str("EXPORT_ROOT", str(DATA_DIR / "exports")))
# A finished export's files are removed after so many days; 0 keeps them for good.
EXPORT_KEEP_DAYS: int = env.int("EXPORT_KEEP_DAYS", 30)
# Where the proxy finds MEDIA_ROOT and EXPORT_ROOT; empty: Django sends the bytes itself.
ACCEL_REDIRECT: str = env.str("ACCEL_REDIRECT", "")
ACCEL_REDIRECT_EXPORTS: str = env.str("ACCEL_REDIRECT_EXPORTS", "")
S3_ENDPOINT_URL: str | None = env.str("S3_ENDPOINT_URL", None)
S3_REGION: str | None = env.str("S3_REGION", None)
# Where images may lie that a manifest only names; ingest/roots.py reads it, and refuses what it
# can't.
IMAGE_SOURCES: str = env.str("IMAGE_SOURCES", "")
# Whether datasets are taken from a hub by their address, with whose rights, and from which hub;
# "" is the one that huggingface_hub asks.
HUB_DATASETS: bool = env.bool("HUB_DATASETS", False)
HUB_TOKEN: str = env.str("HUB_TOKEN", "")
HUB_ENDPOINT: str = env.str("HUB_ENDPOINT", "")
# What stands in the bucket, and below which name; images' own names begin with projects/.
IN_THE_BUCKET = {"default": "", "uploads": "uploads", "exports": "exports"}


def _bucket(location: str) -> dict[str, Any]:
    options = {
        "bucket_name": S3_BUCKET,
        "endpoint_url": S3_ENDPOINT_URL,
        "region_name": S3_REGION,
        "location": location,
        "default_acl": None,
        "file_overwrite": True,
    }
    return {"BACKEND": "annotator.core.bucket.BucketStorage", "OPTIONS": options}


def _folder(location: Path) -> dict[str, Any]:
    options = {"location": str(location)}
    return {"BACKEND": "annotator.core.storage.DurableFileStorage", "OPTIONS": options}


STORAGES: dict[str, Any] = {
    "default": _folder(MEDIA_ROOT),
    **{name: _bucket(place) for name, place in IN_THE_BUCKET.items() if S3_BUCKET},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A download holds its thread for as long as its reader is slow. A process has eight threads.
DOWNLOADS_AT_ONCE = 4
DOWNLOADS_EACH = 2
DATA_UPLOAD_MAX_MEMORY_SIZE = 9 * 1024 * 1024

# What an upload may hold; each limit is named in the refusal that it causes.
UPLOAD_MAX_BYTES: int = env.int("UPLOAD_MAX_BYTES", 20 * 1024**3)
UPLOAD_CHUNK_BYTES = 8 * 1024**2
IMAGE_MAX_SIDE: int = env.int("IMAGE_MAX_SIDE", 8192)
IMAGE_MAX_PIXELS: int = env.int("IMAGE_MAX_PIXELS", 40_000_000)
IMAGE_MAX_BYTES: int = env.int("IMAGE_MAX_BYTES", 50 * 1024**2)
ZIP_MAX_ENTRIES: int = env.int("ZIP_MAX_ENTRIES", 500_000)
ZIP_MAX_PRODUCED_BYTES: int = env.int("ZIP_MAX_PRODUCED_BYTES", 100 * 1024**3)
THUMBNAIL_SIDE = 384
# Less than this free on a disk that we write to, and the site says that it is not ready.
MIN_FREE_BYTES: int = env.int("MIN_FREE_BYTES", 1024**3)
# Who may read /metrics from elsewhere than this machine: the bearer of this. Empty: nobody.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")

# An answer may be changed by its author for this long, a working day, whatever has become of it.
REVISE_SECONDS: int = env.int("REVISE_SECONDS", 43_200)
# Ten ahead of the one on the desk, so that a network may be away for as many, and answers that are
# on their way.
MAX_HELD = 15
# A job's worker renews its lease; who does not is taken to be dead.
JOB_LEASE_SECONDS: int = env.int("JOB_LEASE_SECONDS", 40)
# Nobody came for a job that waits: another message is sent.
ENQUEUE_AGAIN_SECONDS: int = env.int("ENQUEUE_AGAIN_SECONDS", 30)
# After so long a worker that is at a large upload or export lets jobs that wait have their turn.
JOB_TURN_SECONDS: int = env.int("JOB_TURN_SECONDS", 60)
# A slice of images that takes longer has hung: its worker process is ended.
MEASURE_MAX_SECONDS: int = env.int("MEASURE_MAX_SECONDS", 900)
# Where networks run: auto takes the GPU where there is one; cpu; cuda, cuda:1 …
MEASURE_DEVICE: str = env.str("MEASURE_DEVICE", "auto")
# Threads of a network in each process that measures; 0 takes every core, right for one process.
MEASURE_THREADS: int = env.int("MEASURE_THREADS", 0)
# torch's threads sleep while they wait for one another: a site's other processes use these cores,
# and threads that spin then take four times as long as they save.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
JOB_MAX_ATTEMPTS = 3

# What training runs send to the reward service (`manage.py rewards`) as its token. Empty: `serve`
# starts none.
REWARD_TOKEN: str = env.str("REWARD_TOKEN", "")
REWARD_PORT: int = env.int("REWARD_PORT", 8100)
# A folder of what `python -m scoring train --out` writes, each in a folder of its own.
REWARD_HEADS_ROOT = Path(env.str("REWARD_HEADS_ROOT", str(DATA_DIR / "heads")))
# What a request to it may hold, and how long an image of it may wait; None: as it has them itself.
REWARD_MAX_BYTES: int | None = env.int("REWARD_MAX_BYTES", None)
REWARD_MAX_IMAGES: int | None = env.int("REWARD_MAX_IMAGES", None)
REWARD_MAX_SECONDS: float | None = env.float("REWARD_MAX_SECONDS", None)

# Webhooks may lead to this machine, to its own network, and without HTTPS.
WEBHOOK_PRIVATE_ADDRESSES: bool = env.bool("WEBHOOK_PRIVATE_ADDRESSES", False)

CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "jobs"
# Networks have a queue of their own, so that a machine with a GPU can serve them alone; without one
# the scorer listens to both.
CELERY_TASK_ROUTES = {
    "annotator.workers.measure.measure_by_networks": {"queue": "measure_gpu"},
    "annotator.workers.measure.measure_set": {"queue": "measure_gpu"},
    "annotator.workers.measure.train_reward_head": {"queue": "measure_gpu"},
    "annotator.workers.measure.*": {"queue": "measure"},
}
# Seconds between two rounds of `manage.py beat`.
SWEEP_SECONDS: float = env.float("SWEEP_SECONDS", 5.0)
BROKER_DIR = DATA_DIR / "broker"


def _broker_options() -> dict[str, Any]:
    if REDIS_URL:
        # A killed worker's message comes back after the visibility timeout and a sweep; the site's
        # own sweep sends another long before. Short socket timeouts: a silent broker must not hold
        # a process for 40 s.
        return {
            "global_keyprefix": env.str("REDIS_PREFIX", ""),
            "visibility_timeout": 3600,
            "unacked_restore_interval": 5,
            "socket_timeout": 10,
            "socket_connect_timeout": 2,
        }
    for name in ("messages", "control"):
        (BROKER_DIR / name).mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }


CELERY_BROKER_TRANSPORT_OPTIONS = _broker_options()

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "annotator.api.authentication.BearerAuthentication",
        "annotator.api.authentication.BrowserAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["annotator.api.parsing.BoundedJSONParser"],
    # No query parameter chooses the shape of an answer.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "annotator.api.errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Triptych",
    "DESCRIPTION": "Human judgements of generated images, and what they become.",
    "VERSION": "1",
    "SERVERS": [{"url": "/", "description": "The site that this was read from."}],
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "annotator.api.openapi.say_refusals",
    ],
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {
        "Role": "annotator.accounts.models.Role",
        "Language": "annotator.accounts.models.Language",
        "TemplateName": "annotator.projects.models.Template",
        "QuestionType": "annotator.questions.kinds.KINDS",
        "ProjectState": "annotator.projects.models.ProjectState",
        "BatchState": "annotator.projects.models.BatchState",
        "ItemState": "annotator.reports.item_filter.ItemState",
        "AssignmentState": "annotator.assignments.models.AssignmentState",
        "JobState": "annotator.jobs.models.JobState",
        "WeightsState": "scoring.weights.files.State",
        "AcceptOrReject": "annotator.reviews.models.AcceptOrReject",
        "WhichAnswers": "annotator.annotations.selectors.WhichAnswers",
        "BatchVerdict": "annotator.projects.models.BatchVerdict",
        "RejectionCode": "annotator.reviews.models.RejectionCode",
        "RuleOutcome": "annotator.reviews.acceptance.RuleOutcome",
        "GoldConsequence": "annotator.gold.models.Consequence",
        "GoldRuling": "annotator.gold.models.Ruling",
        "WebhookEvent": "annotator.webhooks.models.WebhookEvent",
        "TokenScope": "annotator.accounts.models.TokenScope",
        "GroupState": "annotator.groups.models.GroupState",
        "HeadState": "annotator.rewards.models.HeadState",
        "HeadStage": "annotator.rewards.models.HeadStage",
        "TestDecision": "scoring.statistics.sprt.Decision",
    },
}


def _is_no_health_check(record: logging.LogRecord) -> bool:
    """`/health/ready` answers 503 while the site starts: that is its answer and no error."""
    return getattr(getattr(record, "request", None), "path", "") != "/health/ready"


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_health_check": {
            "()": "django.utils.log.CallbackFilter",
            "callback": _is_no_health_check,
        }
    },
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "celery.utils.functional": {"level": "WARNING"},
        "django.request": {"level": "ERROR", "filters": ["no_health_check"]},
    },
}
