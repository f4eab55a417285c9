from django.db import models
from django.utils import timezone


class SentForm(models.Model):
    """A form that was taken. Sent again, by a double click or a reload, it leads where it led first, and nothing is done a
    second time. Kept for a day; nothing in it says who sent what."""

    # A digest of the form's token, its sender and its content.
    key = models.CharField(max_length=64, primary_key=True)
    led_to = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key
