from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cpor_cases.actions import digests, entries
from cpor_cases.mail import delivery, queue
from cpor_cases.mail.smtp_replies import in_short
from cpor_cases.models import OutgoingMail


class Command(BaseCommand):
    help = (
        "Sends the mail that is due, once, without the worker. Fails, with the reason, if the mail server cannot be"
        " spoken to, if mails that were tried still wait, or if some were given up."
    )

    def handle(self, *args, **options) -> None:
        began = timezone.now()
        entries.publish_due()
        digests.post_due()
        try:
            self.stdout.write(f"{delivery.deliver_all()} sent")
        except delivery.ServerUnreachable as error:
            raise CommandError(
                f"The mail server cannot be spoken to: {in_short(str(error))}. The mails wait."
            ) from None
        if reasons := [*self._still_waiting(), *self._given_up(began)]:
            raise CommandError("\n".join(reasons))

    @staticmethod
    def _still_waiting() -> list[str]:
        refused = queue.refusals()
        if not refused:
            return []
        count = sum(group.count for group in refused)
        return [f"{count} wait because they were refused:", *(f"  {group}" for group in refused)]

    @staticmethod
    def _given_up(began) -> list[str]:
        failed = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED, ended_at__gte=began).count()
        return [f"{failed} given up; the log says which"] if failed else []
