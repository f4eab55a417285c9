"""The task queue: signed messages, and behaviour while its server is unavailable.

Messages are signed with the site's key, because unpickling one that somebody else wrote would run their code. The cache in
Redis, which holds pickles as well, takes the same signature (`cpor_site.cache`).
"""

import logging
import sqlite3
import time

from django.conf import settings
from django.dispatch import Signal
from django.utils.module_loading import import_string
from huey import Huey, MemoryHuey, PriorityRedisHuey, SqliteHuey
from huey.api import PeriodicTask
from huey.serializer import Serializer, SignedSerializer
from huey.storage import SqliteStorage
from redis import ConnectionPool

from cpor_core import log_context, request_ids
from cpor_core.circuit_breaker import QUEUE_FILE, Away
from cpor_core.redis_server import REDIS, REDIS_TIMEOUTS

logger = logging.getLogger(__name__)
task_logger = logging.getLogger("cpor.tasks")
# Sent for each task that was done, with its `name`, `outcome` ("done" or "failed") and `seconds`.
task_done = Signal()

OF_REQUEST = "/"  # between the id of the request that enqueued a task and the task's own

READ_TIMEOUT = 1  # seconds for which a worker waits at Redis for the next message
WAGTAILS = "djtasks.run"  # the name under which Huey's backend of django.tasks enqueues


class ForgedMessage(Exception):
    """A message without a signature of this site. The consumer logs it and drops it."""


class SiteKeySerializer(Serializer):
    """Sign with SECRET_KEY; read what SECRET_KEY or one of SECRET_KEY_FALLBACKS signed, as Django's own signers do.

    Huey's SignedSerializer has one secret and is made while the settings are read; this one reads them when it is used.
    """

    def __init__(self, salt: str = "cpor_site.task_queue", **options):
        super().__init__(**options)
        self.salt = salt

    def _serialize(self, data) -> bytes:
        return SignedSerializer(settings.SECRET_KEY, self.salt)._serialize(data)

    def _deserialize(self, data: bytes):
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
            try:
                message = SignedSerializer(secret, self.salt)._unsign(data)
            except ValueError:
                continue
            return super()._deserialize(message)
        raise ForgedMessage("a message without this site's signature was dropped")


class RobustQueue(Huey):
    """A queue that may be unavailable: enqueueing never raises, failures are logged.

    The work of our tasks is in rows of the database, which a periodic task finds. Wagtail's own (search index, references)
    is in no row: it is done at once, as Wagtail does it without a queue.
    """

    breaker = REDIS

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.post_execute("log")(_log_task)

    def execute(self, task, timestamp=None):
        """Do a task with the id of the request that enqueued it in each line that is logged meanwhile."""
        request, found, _own = task.id.rpartition(OF_REQUEST)
        facts = {"task": task.name, "began": time.monotonic()} | ({"request": request} if found else {})
        with log_context.scope(**facts):
            return super().execute(task, timestamp)

    def enqueue(self, task):
        if request_ids.current() and OF_REQUEST not in task.id:
            task.id = f"{request_ids.current()}{OF_REQUEST}{task.id}"
        try:
            with self.breaker:
                return super().enqueue(task)
        except Away:
            if task.name == WAGTAILS:
                _do_now(*task.args)
            return None

    def put_result(self, key, data):
        """Drop a result that cannot be stored: nobody waits for one."""
        try:
            with self.breaker:
                return super().put_result(key, data)
        except Away:
            return None


def _log_task(task, _value, error) -> None:
    """Log that a task has ended. What the clock starts each minute is logged only if it was slow or failed."""
    seconds = time.monotonic() - float(log_context.current()["began"])
    outcome = "failed" if error else "done"
    task_done.send(RobustQueue, name=task.name, outcome=outcome, seconds=seconds)
    is_worth_it = error or seconds > 1 or not isinstance(task, PeriodicTask)
    facts = {"outcome": outcome, "ms": round(seconds * 1000, 1)}
    task_logger.log(logging.INFO if is_worth_it else logging.DEBUG, "task %s", outcome, extra=facts)


def _do_now(path: str, arguments: list, named: dict) -> None:
    try:
        import_string(path).call(*arguments, **named)
    except Exception:
        logger.exception("%s failed", path)


class RedisQueue(RobustQueue, PriorityRedisHuey):
    def __init__(self, name: str, url: str, **options):
        # A worker waits for a message longer than a request may wait for anything.
        timeouts = REDIS_TIMEOUTS | {"socket_timeout": READ_TIMEOUT + 0.5}
        pool = ConnectionPool.from_url(url, **timeouts)
        super().__init__(name, connection_pool=pool, read_timeout=READ_TIMEOUT, **options)


class LateSqliteStorage(SqliteStorage):
    """Opens its file, and makes its tables, on first use: the site must start on a full disk, too."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, create_tables=False, **options)

    def _create_connection(self) -> sqlite3.Connection:
        connection = super()._create_connection()
        try:
            for statement in self.ddl:  # each says "if not exists"
                connection.execute(statement)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


class SqliteQueue(RobustQueue, SqliteHuey):
    breaker = QUEUE_FILE
    storage_class = LateSqliteStorage


class MemoryQueue(RobustQueue, MemoryHuey):
    """For tests: tasks run at once, or stay in this process."""
