"""A form on its way from the editor who writes it to the chief editor who approves it, and to the public."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Workflow, WorkflowContentType
from wagtail.users.models import UserProfile

from cpor_cases.mail.delivery import deliver
from cpor_cases.models import OutgoingMail
from cpor_pages.models import CourtForm, PlainPage
from tests import factories
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


def test_what_is_handed_in_and_approved_is_one_mail_of_ours_each(
    editor, chief_editor, send, form, mailoutbox, django_capture_on_commit_callbacks
):
    get_user_model().objects.filter(pk=chief_editor.pk).update(is_superuser=True)
    with django_capture_on_commit_callbacks(execute=True):
        send(editor, "action-submit")
    assert list(OutgoingMail.objects.values_list("kind", "address")) == [("handed_in", chief_editor.email)]
    deliver.call_local()
    form.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        form.current_workflow_state.current_task_state.approve(user=chief_editor)
    deliver.call_local()

    handed_in, approved = mailoutbox
    assert (handed_in.to, approved.to) == ([chief_editor.email], [editor.email])
    assert handed_in.subject == "有網頁或書狀待您審核"
    assert f"editor已將「{WORDS}」送審，請您審核。" in handed_in.body
    assert url_of("edit", form) in handed_in.body
    assert f"chief-editor已核准「{WORDS}」。" in approved.body
    for mail in mailoutbox:
        assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
        assert "查證碼" in mail.body
        assert "電洽承辦法院書記官" not in mail.body


def test_what_the_chief_editor_asks_for_is_in_the_mail(editor, chief_editor, send, form, mailoutbox):
    send(editor, "action-submit")
    OutgoingMail.objects.all().delete()
    form.refresh_from_db()
    task = form.current_workflow_state.current_task_state
    task.reject(user=chief_editor, comment="請補上日期\n<b>並換檔</b>")

    deliver.call_local()

    [mail] = mailoutbox
    assert mail.subject == "您送審的內容需要修改"
    assert f"chief-editor請您修改「{WORDS}」：\n\n請補上日期\n<b>並換檔</b>" in mail.body
    assert "請補上日期\n&lt;b&gt;並換檔" in mail.alternatives[0].content


def test_who_works_in_english_is_told_in_english(editor, chief_editor, send, mailoutbox):
    profile = UserProfile.get_for_user(chief_editor)
    profile.preferred_language = "en"
    profile.save()
    send(editor, "action-submit")

    deliver.call_local()

    assert mailoutbox[0].subject == "A page or form awaits your approval"
    assert f"editor has handed in “{WORDS}” for approval." in mailoutbox[0].body


def test_nobody_is_mailed_who_switched_it_off_or_when_it_is_decided_already(
    editor, chief_editor, send, form, mailoutbox
):
    second = factories.make_user("second-chief")
    second.groups.add(Group.objects.get(name="Chief editors"))
    profile = UserProfile.get_for_user(second)
    profile.submitted_notifications = False
    profile.save()
    send(editor, "action-submit")
    form.refresh_from_db()
    form.current_workflow_state.current_task_state.approve(user=second)

    deliver.call_local()

    assert not OutgoingMail.objects.filter(account=second).exists()
    assert [mail.to for mail in mailoutbox] == [[editor.email]]


def test_a_page_that_is_handed_in_is_told_alike(editor, chief_editor, public_site, mailoutbox):
    page = PlainPage.objects.get(slug="about", locale__language_code="zh-hant")
    page.save_revision()
    page.get_workflow().start(page, editor)

    deliver.call_local()

    [mail] = mailoutbox
    assert mail.to == [chief_editor.email]
    assert page.title in mail.body


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
