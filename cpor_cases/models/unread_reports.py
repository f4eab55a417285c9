"""Bounce reports that could not be read."""

from django.db import models
from django.utils import timezone


class UnreadReport(models.Model):
    """A message in the mailbox of BOUNCES_URL that could not be read and stays there for a person. Counted for a day."""

    came_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"unread {self.pk}"
