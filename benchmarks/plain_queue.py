"""The plain queue beside ours: what came first is done first, mails and tasks alike, whoever waits for them.

As many workers do the same work. The settings in `plain_queue_settings` take it in; whatever else lets something overtake
is taken out here, too, or the comparison would no longer be with a plain queue.
"""

from django.apps import AppConfig

from cpor_site.task_queue import RedisQueue, RobustQueue, SqliteQueue


class WithoutPriorities(RobustQueue):
    def enqueue(self, task):
        task.priority = None
        return super().enqueue(task)


class PlainRedisQueue(WithoutPriorities, RedisQueue):
    pass


class PlainSqliteQueue(WithoutPriorities, SqliteQueue):
    pass


class PlainQueueConfig(AppConfig):
    name = "benchmarks"

    def ready(self) -> None:
        from cpor_cases.actions import submissions, uploads
        from cpor_cases.mail import messages, outbox
        from cpor_cases.models import OutgoingMail

        submissions.is_small = uploads.is_small = lambda _rows: False
        outbox.URGENT = outbox.OF_FEW = OutgoingMail.LOWEST_PRIORITY
        for message in messages.MESSAGES.values():
            message.priority = OutgoingMail.LOWEST_PRIORITY
