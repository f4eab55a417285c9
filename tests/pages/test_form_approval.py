"""A form on its way from the editor who writes it to the chief editor who approves it, and to the public."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Workflow, WorkflowContentType

from cpor_pages.models import CourtForm, PlainPage
from tests.support.court_forms import edit_data_of, url_of

WORDS = "改寫後的書狀"


@pytest.fixture
def form(public_site) -> CourtForm:
    return CourtForm.objects.get(slug="civil-complaint")


@pytest.fixture
def send(client, form):
    """Send the form's screen as somebody, with a new title, by one of its buttons."""

    def send(who, button: str, title: str = WORDS):
        client.force_login(who)
        return client.post(url_of("edit", form), edit_data_of(form) | {"title_zh-hant": title, button: "1"})

    return send


def public_titles(client) -> str:
    client.logout()
    return BeautifulSoup(client.get("/forms/").content, "html.parser").find(id="civil-complaint").text


def buttons(client, who, form: CourtForm) -> set[str]:
    client.force_login(who)
    soup = BeautifulSoup(client.get(url_of("edit", form)).content, "html.parser")
    pressed = {each.get("name") for each in soup.select("button[name^=action-]")}
    return pressed | {
        each["data-workflow-action-name"] for each in soup.select("[data-workflow-action-name]")
    }


def test_forms_take_the_same_way_as_pages(form):
    workflow = form.get_workflow()

    assert workflow == Workflow.objects.get(workflow_pages__page__depth=1)
    groups = Group.objects.filter(groupapprovaltask__workflow_tasks__workflow=workflow)
    assert [group.name for group in groups] == ["Chief editors"]
    assert WorkflowContentType.objects.count() == 1


def test_what_is_handed_in_and_approved_is_told_in_one_mail_each(
    client, editor, chief_editor, send, form, mailoutbox, django_capture_on_commit_callbacks
):
    get_user_model().objects.filter(pk=chief_editor.pk).update(is_superuser=True)
    with django_capture_on_commit_callbacks(execute=True):
        send(editor, "action-submit")
    [handed_in] = mailoutbox
    form.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        form.current_workflow_state.current_task_state.approve(user=chief_editor)

    assert handed_in.to == [chief_editor.email]
    [approved] = mailoutbox[1:]
    assert approved.to == [editor.email]
    for mail in mailoutbox:
        assert "核準" not in mail.subject + mail.body


def test_an_editor_hands_in_and_a_chief_editor_publishes(client, editor, chief_editor, form):
    assert "action-submit" in buttons(client, editor, form)
    assert "action-publish" not in buttons(client, editor, form)
    assert "action-publish" in buttons(client, chief_editor, form)


def test_a_form_handed_in_and_approved_is_public_at_the_next_request(
    client, editor, chief_editor, form, send, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(editor, "action-submit")
    assert form.workflow_in_progress
    assert WORDS not in public_titles(client)

    client.force_login(chief_editor)
    assert WORDS in client.get(reverse("wagtailadmin_home")).text  # it waits on the chief editor's office
    waiting = form.current_workflow_task_state
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url_of("workflow_action", form, "approve", waiting.pk))

    assert WORDS in public_titles(client)


def test_changes_asked_for_bring_the_form_back_to_its_editor(client, editor, chief_editor, form, send):
    send(editor, "action-submit")
    client.force_login(chief_editor)
    task = form.current_workflow_task_state
    client.post(url_of("workflow_action", form, "reject", task.pk), {"comment": "請補上日期"})

    assert not form.workflow_in_progress
    assert "action-submit" in buttons(client, editor, form)
    assert WORDS not in public_titles(client)


def told(client, url: str) -> str:
    """Return what stands above a screen that somebody opens to edit."""
    return " ".join(str(message) for message in client.get(url).context["messages"])


def test_what_the_chief_editor_asked_for_stands_where_the_form_is_edited(
    client, editor, chief_editor, form, send
):
    send(editor, "action-submit")
    client.force_login(chief_editor)
    task = form.current_workflow_task_state
    client.post(url_of("workflow_action", form, "reject", task.pk), {"comment": "請補上日期\n<b>並換檔</b>"})

    client.force_login(editor)
    said = told(client, url_of("edit", form))
    assert "請補上日期<br>&lt;b&gt;並換檔" in said
    assert "chief-editor" in said

    send(editor, "action-submit")
    assert "請補上日期" not in told(client, url_of("edit", form))


def test_what_the_chief_editor_asked_for_stands_where_a_page_is_edited(
    client, editor, chief_editor, public_site
):
    page = PlainPage.objects.get(slug="about", locale__language_code="zh-hant")
    page.save_revision()
    workflow = page.get_workflow().start(page, editor)
    workflow.current_task_state.reject(user=chief_editor, comment="請補上日期")
    client.force_login(editor)

    assert "請補上日期" in told(client, reverse("wagtailadmin_pages:edit", args=[page.pk]))


def test_what_is_handed_in_is_changed_by_nobody_but_who_approves(client, editor, form, send):
    send(editor, "action-submit")
    handed_in = CourtForm.objects.get(pk=form.pk).latest_revision_id

    send(editor, "action-draft", "之後又改")

    assert CourtForm.objects.get(pk=form.pk).latest_revision_id == handed_in


@pytest.mark.parametrize("name", ["approve", "reject"])
def test_an_editor_cannot_approve_or_send_back(client, editor, form, send, name):
    send(editor, "action-submit")
    task = form.current_workflow_task_state

    client.post(url_of("workflow_action", form, name, task.pk), {"comment": ""})

    assert CourtForm.objects.get(pk=form.pk).workflow_in_progress
    assert WORDS not in public_titles(client)
    assert name not in buttons(client, editor, form)


def test_an_editor_cannot_publish_whatever_is_sent(client, editor, form, send):
    send(editor, "action-publish")

    assert WORDS not in public_titles(client)


@pytest.mark.parametrize(("name", "may"), [("editor", False), ("chief_editor", True)])
def test_only_a_chief_editor_locks_a_form(client, request, form, name, may):
    client.force_login(request.getfixturevalue(name))

    client.post(url_of("lock", form))

    assert CourtForm.objects.get(pk=form.pk).locked is may
