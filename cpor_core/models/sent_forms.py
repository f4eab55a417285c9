from django.db import models
from django.utils import timezone


class SentForm(models.Model):
    """A form that was processed. Sent again, by a double click or a reload, it redirects to the same page and does nothing.

    Deleted after a day. It does not tell who sent what.
    """

    # A digest of the form's token, its sender and its content.
    key = models.CharField(max_length=64, primary_key=True)
    led_to = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key
