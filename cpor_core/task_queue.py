"""The one way to the task queue. What is put there only makes a worker act sooner: what is to be done is a row of the
database, and the clock finds it within a minute."""

import logging

from django.db import transaction

logger = logging.getLogger(__name__)


def enqueue(task, *arguments, delay: int = 0) -> None:
    """Have a worker run a task, in `delay` seconds or at once. Never raises: whoever calls has done what matters."""
    try:
        if delay:
            task.schedule(args=arguments, delay=delay)
        else:
            task(*arguments)
    except Exception:
        logger.exception("%s could not be enqueued", task.task_class.__name__)


def enqueue_on_commit(task, *arguments) -> None:
    """Have a worker run a task once the transaction is committed. A queue that is away fails no action that is done.

    Django's own log of a failing callback wants a plain function.
    """
    transaction.on_commit(lambda: enqueue(task, *arguments), robust=True)
