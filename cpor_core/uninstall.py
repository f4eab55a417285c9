"""Takes the service out of a site: what is its own goes, what others use stays and is named.

Pages go through the ORM, so that the tree stays whole; then the tables by the migrations, backwards; then what Wagtail and
Django noted about them: content types, and with these permissions, revisions, references and entries of the search index.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import ModelLogEntry, Page, PageLogEntry, ReferenceIndex, Site

from . import conf

APPS = ["cpor_cases", "cpor_pages", "cpor_core"]
GROUPS = ["Clerks", "Court managers", "Service managers", "Chief editors"]  # Editors are Wagtail's own


class Refused(Exception):
    """The service cannot be taken out yet; the message says what stands on it."""


@dataclass
class Plan:
    """What goes, and what stays because others use it, each in words."""

    goes: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)


def plan() -> Plan:
    """Return what would be done. Raises Refused if something of the site stands on the service."""
    _refuse_roots()
    _refuse_foreign_pages()
    _refuse_dependents()
    made = Plan()
    made.goes += [f"page {page} ({page.url_path})" for page in _top_pages()]
    made.goes += [f"document {document}" for document in _own_documents()]
    made.goes += [f"all tables, permissions and notes of {label}" for label in _labels()]
    made.goes += [f"group {group}" for group in _groups(is_used=False)]
    made.stays += [f"group {group}: it has members" for group in _groups(is_used=True)]
    made.stays += ["the accounts of litigants and staff, which are the site's", "languages and collections"]
    return made


def carry_out() -> None:
    """Take the service out. Its apps can be removed from the settings afterwards."""
    plan()
    unused = [group.pk for group in _groups(is_used=False)]
    with transaction.atomic():
        documents = _own_documents()
        for page in _top_pages():
            page.specific.delete()
        _delete_logs()
    _empty_queue()
    call_command("migrate", "cpor_core", "zero", interactive=False, verbosity=0)
    with transaction.atomic():
        without_us = _models_without_us()
        without_us.get_model("auth", "Group").objects.filter(pk__in=unused).delete()
        without_us.get_model("contenttypes", "ContentType").objects.filter(app_label__in=APPS).delete()
        _delete_documents(documents, without_us)
    _delete_files()


def _labels() -> list[str]:
    return [label for label in APPS if apps.is_installed(label)]


def _pages():
    return Page.objects.filter(content_type__app_label__in=APPS)


def _top_pages() -> list[Page]:
    """Return the pages of ours that are below none of ours: with each go those below it."""
    found: list[Page] = []
    for page in _pages().order_by("path"):
        if not any(page.path.startswith(above.path) for above in found):
            found.append(page)
    return found


def _refuse_roots() -> None:
    if sites := Site.objects.filter(root_page__in=_pages()):
        names = ", ".join(str(site) for site in sites)
        raise Refused(f"{names} begins with a page of the service. Choose another root page first.")


def _refuse_foreign_pages() -> None:
    for top in _top_pages():
        foreign = top.get_descendants().exclude(content_type__app_label__in=APPS).first()
        if foreign:
            raise Refused(f"Page “{foreign}” is below a page of the service. Move or delete it first.")


def _refuse_dependents() -> None:
    """Refuse if migrations of another app stand on ours: going back would undo them."""
    executor = MigrationExecutor(connection)
    undone = {migration.app_label for migration, _backwards in executor.migration_plan([("cpor_core", None)])}
    if others := sorted(undone - set(APPS)):
        raise Refused(
            f"Migrations of {', '.join(others)} stand on the service. Remove what refers to it first."
        )


def _groups(*, is_used: bool) -> Iterator[Group]:
    for group in Group.objects.filter(name__in=GROUPS):
        if group.user_set.exists() == is_used:
            yield group


def _own_documents() -> list:
    """Return the documents that only the service's own rows and pages refer to."""
    from wagtail.documents import get_document_model

    found = []
    for document in get_document_model().objects.all():
        references = ReferenceIndex.get_references_to(document)
        labels = set(references.values_list("base_content_type__app_label", flat=True))
        if labels and labels <= set(APPS):
            found.append(document)
    return found


def _delete_documents(documents: list, models) -> None:
    """Delete documents and their files, once the transaction is committed."""
    if not documents:
        return
    rows = models.get_model(documents[0]._meta.label).objects
    rows.filter(pk__in=[document.pk for document in documents]).delete()
    transaction.on_commit(lambda: _delete_stored([document.file for document in documents]), robust=True)


def _delete_stored(files: list) -> None:
    for file in files:
        file.storage.delete(file.name)


def _delete_logs() -> None:
    for log in (ModelLogEntry, PageLogEntry):
        log.objects.filter(content_type__app_label__in=APPS).delete()


def _empty_queue() -> None:
    """Take the service's tasks out of the queue, and put those of others back."""
    from huey.contrib.djhuey import HUEY

    waiting, scheduled = HUEY.pending(), HUEY.scheduled()
    HUEY.storage.flush_queue()
    HUEY.storage.flush_schedule()
    for task in waiting:
        if not _is_ours(task):
            HUEY.enqueue(task)
    for task in scheduled:
        if not _is_ours(task):
            HUEY.add_schedule(task)


def _is_ours(task) -> bool:
    return type(task).__module__.split(".")[0] in APPS


def _models_without_us():
    """Return the models in the state without our tables: those of today would search for what refers to them there."""
    loader = MigrationExecutor(connection).loader
    leaves = [node for node in loader.graph.leaf_nodes() if node[0] not in APPS]
    return loader.project_state(leaves).apps


def _delete_files() -> None:
    Path(conf.CONTENT_VERSION_FILE).unlink(missing_ok=True)
    shutil.rmtree(Path(conf.VAR_DIR) / "court_locks", ignore_errors=True)
