"""Messages above a page or form that is being edited: changes that the chief editor asked for, and invalid files."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page, TaskState, WorkflowMixin

from cpor_core import languages
from cpor_core.punctuation import labelled
from cpor_core.roc_dates import in_both_calendars
from cpor_pages.models import CourtForm

from . import page_reviews


def tell(request: HttpRequest, edited) -> None:
    """Add the messages to the screen that is about to be shown."""
    if request.method != "GET":
        return
    if said := changes_asked_for(edited):
        messages.warning(request, said)
    if isinstance(edited, Page):
        for said in older_versions(edited, request.user):
            messages.warning(request, said)
    if isinstance(edited, CourtForm) and (wrong := faulty_files(edited)):
        words = _("These files cannot be offered as they are, and no picture of the form can be drawn:")
        listed = format_html_join("", "<br>{}", ((sentence,) for sentence in wrong))
        messages.error(request, format_html("{}{}", words, listed))


def changes_asked_for(edited) -> str:
    """Return who asked for changes, when, and in which words; empty if nobody waits for any."""
    state = edited.current_workflow_state if isinstance(edited, WorkflowMixin) else None
    if state is None or state.status != state.STATUS_NEEDS_CHANGES:
        return ""
    task = state.current_task_state
    if task is None or task.status != TaskState.STATUS_REJECTED:
        return ""
    by = task.finished_by
    words = _("%(name)s asked for changes on %(day)s:") % {
        "name": (by.get_full_name() or by.get_username()) if by else _("Somebody"),
        "day": in_both_calendars(timezone.localdate(task.finished_at)),
    }
    comment = task.get_comment() or _("(no comment)")
    return format_html("{}<br>{}", words, linebreaksbr(comment, autoescape=True))


def older_versions(page: Page, user) -> list[str]:
    """Return a sentence for each translation of the page, or for itself, that is older than the page in the first language."""
    family = page_reviews.older_translations(user).filter(translation_key=page.translation_key)
    if page.locale.language_code != languages.first():
        family = family.filter(pk=page.pk)
    return [
        format_html(
            _(
                "The version in {language} is older: it was last published or reviewed on {day}, the original has been "
                "published since. {link}"
            ),
            language=languages.name(older.locale.language_code),
            day=in_both_calendars(timezone.localdate(older.reviewed_at)),
            link=format_html(
                '<a href="{}">{}</a>', reverse("wagtailadmin_pages:edit", args=[older.pk]), older.title
            ),
        )
        for older in family
    ]


def faulty_files(form: CourtForm) -> list[str]:
    """Return in sentences what is wrong with the files of a form's versions, as they are edited."""
    found = []
    for version in form.versions.all():
        try:
            version.clean()
        except ValidationError as error:
            found += [labelled(f"{version.version_date:%Y-%m-%d}", sentence) for sentence in error.messages]
    return found
