"""Signal receivers: counters for editors, and changes that outdate cached public pages."""

from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from modelsearch.tasks import insert_or_update_object_task
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document, document_served
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site
from wagtail.signals import page_published, page_unpublished, post_page_move, published, unpublished

from cpor_core.allauth_internals import consume_limit
from cpor_core.models import CaseWord, CaseWordRecord, Court, PartyRole
from cpor_core.signals import branding_asked, content_changed
from cpor_core.task_queue import enqueue_on_commit

from . import logos, tasks
from .documents import serving
from .models import CourtForm, FormVersion, GuidePage, GuidePdf, RoleGroup, ServiceSettings
from .office import counters
from .pdf import previews
from .signals import search_missed


@receiver(document_served)
def count_served_document(sender, instance, request, **kwargs):
    """Only whole fetches count: a phone that asks for the head or a part of a file has not read it."""
    if request.method == "GET" and "Range" not in request.headers:
        counters.count_download(instance)


@receiver(search_missed)
def count_missed_search(sender, query, request, **kwargs):
    """Count it for the editors, unless somebody makes up words to fill the table."""
    if consume_limit(request, action="search_miss"):
        counters.count_miss(query)


@receiver(pre_save, sender=Document)
def note_new_file(sender, instance, raw, **kwargs):
    """Wagtail's forms note it; whatever else makes or replaces a document would leave an empty ETag, or the one before."""
    instance.has_new_file = not raw and serving.note_new_file(instance)


@receiver(post_save, sender=Document)
def index_forms_that_offer_it(sender, instance, created, **kwargs):
    """A form is found by the titles of its files."""
    if created:
        return
    offered_in = Q(versions__odt=instance) | Q(versions__pdf=instance) | Q(versions__docx=instance)
    for pk in CourtForm.objects.filter(offered_in).values_list("pk", flat=True).distinct():
        insert_or_update_object_task.enqueue("cpor_pages", "courtform", str(pk))


@receiver(post_save, sender=Document)
def draw_new_file(sender, instance, created, **kwargs):
    if instance.has_new_file and not created:
        previews.draw_again(instance)


@receiver(published, sender=CourtForm)
def draw_first_pages(sender, instance, **kwargs):
    previews.draw_missing(instance)


@receiver(page_published, sender=GuidePage)
def make_pdf_of_guide(sender, instance, **kwargs):
    enqueue_on_commit(tasks.make_guide_pdf, instance.pk)


@receiver(branding_asked)
def tell_branding(sender, request, **kwargs):
    return ServiceSettings.load(request_or_site=request).branding


@receiver(post_save, sender=ServiceSettings)
def draw_logo(sender, instance, raw, **kwargs):
    """Not in the first visitor's request."""
    if not raw:
        logos.shown(instance)


# What public pages show. A change of any of these drops the cached pages, once it is committed.
SHOWN = {
    CaseWord,
    CaseWordRecord,
    Court,
    CourtForm,
    Document,
    FormVersion,
    GuidePdf,
    get_image_model(),
    Locale,
    PartyRole,
    Redirect,
    RoleGroup,
    ServiceSettings,
    Site,
}


@receiver([post_save, post_delete])
def announce_changed_row(sender, **kwargs):
    if sender in SHOWN or issubclass(sender, Page):
        content_changed.send(sender)


@receiver([page_published, page_unpublished, post_page_move, published, unpublished])
def announce_publication(sender, **kwargs):
    content_changed.send(sender)
