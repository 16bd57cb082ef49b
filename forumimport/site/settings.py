"""Settings of the reference site: everything comes from the environment, safe by default."""

import os
from pathlib import Path

import dj_database_url
from django.contrib.messages import constants as messages
from machina import MACHINA_MAIN_STATIC_DIR, MACHINA_MAIN_TEMPLATE_DIR

from forumimport.site import environment

BASE_DIR = Path(__file__).resolve().parents[2]

#: Everything the site writes lies under this folder.
DATA_DIR = Path(os.environ.get("CORPUS_DATA_DIR", BASE_DIR / "var")).resolve()

DEBUG = environment.flag("CORPUS_DEBUG")
SECRET_KEY = environment.secret_key(DATA_DIR)
ALLOWED_HOSTS = environment.names("CORPUS_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.names("CORPUS_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    # Before haystack, whose commands rebuild_index and update_index they extend.
    "corpus",
    "forumimport",
    "forumimport.site",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "mptt",
    "haystack",
    "widget_tweaks",
    "django_tasks",
    "django_tasks_db",
    "machina",
    "machina.apps.forum",
    "machina.apps.forum_conversation",
    "machina.apps.forum_conversation.forum_attachments",
    "machina.apps.forum_conversation.forum_polls",
    "machina.apps.forum_feeds",
    "machina.apps.forum_moderation",
    "machina.apps.forum_search",
    "machina.apps.forum_tracking",
    "machina.apps.forum_member",
    "machina.apps.forum_permission",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "machina.apps.forum_permission.middleware.ForumPermissionMiddleware",
    # Sends the policy that the corpus's own pages state; the forum's pages state none.
    "csp.middleware.CSPMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            BASE_DIR / "templates",
            Path(__file__).with_name("templates"),
            MACHINA_MAIN_TEMPLATE_DIR,
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "machina.core.context_processors.metadata",
            ],
        },
    },
]

ROOT_URLCONF = "forumimport.site.urls"
WSGI_APPLICATION = "forumimport.site.wsgi.application"

DATABASES = {
    # Named but empty, as in a file of settings to fill in, means the default, too.
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'corpus.sqlite3'}",
        conn_max_age=60,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Readers never wait, writers wait their turn instead of failing half way.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
    }
# The host's: at BigAutoField, makemigrations would write into machina's package.
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "corpus.search.whoosh_backend.WhooshEngine",
        "PATH": str(DATA_DIR / "index"),
        # Ours takes its place; two would find every post twice.
        "EXCLUDED_INDEXES": ["machina.apps.forum_search.search_indexes.PostIndex"],
    },
}

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "machina_attachments": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "attachments"),
    },
}

# Imports of uploads wait in the database for `manage.py db_worker`, which `make run` starts.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CORPUS_UPLOAD_FOLDER = str(DATA_DIR / "uploads")

MACHINA_FORUM_NAME = os.environ.get("CORPUS_SITE_NAME", "Discussion archive")

LANGUAGE_CODE = os.environ.get("CORPUS_LANGUAGE", "en")
TIME_ZONE = os.environ.get("CORPUS_TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [MACHINA_MAIN_STATIC_DIR]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "forum:index"

# As much as the import form says it takes; Django's own limits would cut it off without a word.
DATA_UPLOAD_MAX_MEMORY_SIZE = 33 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
MESSAGE_LEVEL = messages.INFO

# Behind HTTPS, say CORPUS_HTTPS=1: cookies then travel encrypted only.
HTTPS = environment.flag("CORPUS_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
