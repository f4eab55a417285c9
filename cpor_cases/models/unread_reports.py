"""Bounce reports that could not be read."""

from django.db import models
from django.utils import timezone


class UnreadReport(models.Model):
    """A message that could not be read and stays in the mailbox of BOUNCES_URL. It is counted for a day."""

    came_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"unread {self.pk}"
