"""The one way to the task queue. What is put there only makes a worker act sooner: what is to be done is a row of the
database, and the clock finds it within a minute."""

import logging

from django.db import transaction

logger = logging.getLogger(__name__)


def enqueue(task, *arguments, delay: float = 0, priority: int | None = None) -> None:
    """Have a worker run a task, in `delay` seconds or at once, before those of lower priority (None: that of the task).

    Never raises: whoever calls has done what matters.
    """
    try:
        if delay:
            task.schedule(args=arguments, delay=delay, priority=priority)
        else:
            task(*arguments, priority=priority)
    except Exception:
        logger.exception("%s could not be enqueued", task.task_class.__name__)


def enqueue_on_commit(task, *arguments, delay: float = 0, priority: int | None = None) -> None:
    """Have a worker run a task once the transaction is committed. A queue that is away fails no action that is done.

    Django's own log of a failing callback wants a plain function.
    """
    transaction.on_commit(lambda: enqueue(task, *arguments, delay=delay, priority=priority), robust=True)
