from django.db import models
from django.utils import timezone


class SentForm(models.Model):
    """A form that was sent and did what it says: the same form sent again, by a double click or a reload, is led where the
    first one led, and does it no second time. Kept for a day; nothing in it says who sent what."""

    key = models.CharField(
        max_length=64, primary_key=True
    )  # a digest of the form's token, its sender and its content
    led_to = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key
