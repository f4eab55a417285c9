"""What is counted for editors when it happens."""

from django.dispatch import receiver
from wagtail.documents.models import document_served

from . import tallies
from .models.search import search_missed


@receiver(document_served)
def count_served_document(sender, instance, request, **kwargs):
    """Only whole fetches count: a phone that asks for the head or a part of a file has not read it."""
    if request.method == "GET" and "Range" not in request.headers:
        tallies.count_download(instance)


@receiver(search_missed)
def count_missed_search(sender, query, **kwargs):
    tallies.count_miss(query)
