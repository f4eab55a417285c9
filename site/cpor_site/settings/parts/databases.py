"""The database, the cache and the queue of tasks."""

from typing import Any

from environ import Env

from cpor_site.settings import values
from cpor_site.task_queue import SiteKeySerializer

from .environment import VAR_DIR, env

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
IS_DATABASE_CONFIGURED = bool(env("DATABASE_URL"))
_EMBEDDED = Env.db_url_config(f"sqlite:///{VAR_DIR / 'site.sqlite3'}")
DATABASES = {"default": env("DATABASE_URL", default=_EMBEDDED, read=values.database)}
# WAL with immediate transactions: with deferred ones, four writers get "database is locked".
# Full synchronisation: a court must not lose its last commits in a power cut.
# What is deleted is overwritten: a purged name must not be left in the file.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
}
# How long a page waits for a new connection, for a row that somebody else holds, and for one statement, in seconds. Only
# the first holds for workers and commands as well: imports, purges and migrations may take as long as they need.
DATABASE_CONNECT_SECONDS = env.int("DATABASE_CONNECT_SECONDS", default=3, most=600)
DATABASE_LOCK_SECONDS = env.int("DATABASE_LOCK_SECONDS", default=5, most=600)
DATABASE_STATEMENT_SECONDS = env.int("DATABASE_STATEMENT_SECONDS", default=10, most=600)
# With less space in a folder in which it writes, /readyz warns.
DISK_FREE_MB = env.int("DISK_FREE_MB", default=500, least=20, most=10_000_000)
# A connection opened anew for each request costs a public page 4 of its 16 ms with SQLite.
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    DATABASE_WEB_OPTIONS: dict[str, Any] = {"timeout": DATABASE_LOCK_SECONDS}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["ENGINE"] = "cpor_site.postgresql"
    # TCP notices a lost machine after a minute, not after hours.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": DATABASE_CONNECT_SECONDS,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    } | DATABASES["default"].get("OPTIONS", {})
    DATABASE_WEB_OPTIONS = {
        "options": f"{DATABASES['default']['OPTIONS'].get('options', '')}"
        f" -c statement_timeout={DATABASE_STATEMENT_SECONDS}s -c lock_timeout={DATABASE_LOCK_SECONDS}s".lstrip(),
        "answer_within": DATABASE_STATEMENT_SECONDS + 1,  # one that keeps no time-out is silent
    }

REDIS_URL = env("REDIS_URL", read=values.redis_server)
# Rate limits count in the cache, so all processes must share it.
DATABASE_CACHE: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "cache",
    "OPTIONS": {"MAX_ENTRIES": 100_000},  # Django's 300 would throw counts of failed log-ins away
}
if REDIS_URL:
    CACHES: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "cpor_site.cache.SignedRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"LIMITS_CACHE": "limits"},
        },
        "limits": DATABASE_CACHE,  # while Redis is away
    }
else:
    CACHES = {"default": DATABASE_CACHE}

# Wagtail would write each picture of a page into the cache each time the page is made: a row to read is cheaper.
CACHES["renditions"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

HUEY: dict[str, Any] = {
    "name": "cpor",
    "immediate": False,
    "results": True,
    "serializer": SiteKeySerializer(),
    "consumer": {
        "workers": env.int("WORKERS", default=3, most=100),  # one is kept for mail, one for what is small
        "worker_type": "thread",
        "initial_delay": 0.1,
        "max_delay": 2,
        "check_worker_health": True,
    },
}
if REDIS_URL:
    HUEY |= {"huey_class": "cpor_site.task_queue.RedisQueue", "connection": {"url": REDIS_URL}}
else:
    # A file apart from the site's: the queue's many small writes must not wait for the site's.
    HUEY |= {
        "huey_class": "cpor_site.task_queue.SqliteQueue",
        "connection": {"filename": str(VAR_DIR / "queue.sqlite3")},
    }
    HUEY["consumer"]["max_delay"] = 0.2  # it asks for tasks again and again: an idle thread this often

# How many public pages each worker caches for anonymous visitors.
PAGE_CACHE_PAGES = env.int("PAGE_CACHE_PAGES", default=500, least=0, most=1_000_000)

# Wagtail's own background work (search index, reference index) runs on the same queue, after the commit: a worker that is
# quicker than the commit would find no page, or the one before.
TASKS = {"default": {"BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend", "ENQUEUE_ON_COMMIT": True}}
