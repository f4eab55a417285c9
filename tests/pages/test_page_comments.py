"""Comments on a page: those who follow it are mailed by the outbox, in their language, and never by Wagtail."""

import pytest
from wagtail.admin.views.pages import edit
from wagtail.models import Comment, PageSubscription
from wagtail.users.models import UserProfile

from cpor_cases.mail import page_comments
from cpor_cases.mail.delivery import deliver
from cpor_cases.models import OutgoingMail
from cpor_pages.models import PlainPage


@pytest.fixture
def page(public_site) -> PlainPage:
    return PlainPage.objects.get(slug="privacy", locale__language_code="zh-hant")


def commented(page, by, *followers, text="這一段請補上日期"):
    """Do what Wagtail's view does when an editor has saved a comment."""
    comment = Comment.objects.create(page=page, user=by, text=text, contentpath="title")
    told = {
        "new_comments": [comment],
        "resolved_comments": [],
        "deleted_comments": [],
        "replied_comments": [],
    }
    return edit.send_notification(followers, "updated_comments", {"page": page, "editor": by} | told)


def test_wagtails_view_still_sends_by_the_function_that_is_ours():
    assert edit.send_notification is page_comments._tell
    assert "send_notification" in edit.EditView.send_commenting_notifications.__code__.co_names


def test_a_comment_is_one_mail_of_ours_to_who_follows_the_page(page, editor, chief_editor, mailoutbox):
    commented(page, editor, chief_editor)
    assert mailoutbox == []
    assert list(OutgoingMail.objects.values_list("kind", "address")) == [
        ("page_comments", chief_editor.email)
    ]
    assert "日期" not in str(OutgoingMail.objects.get().about)

    deliver.call_local()

    [mail] = mailoutbox
    assert mail.subject == "您關注的網頁有新的註解"
    assert f"editor在「{page.title}」留下註解。" in mail.body
    assert "- 這一段請補上日期" in mail.body
    assert f"/office/pages/{page.pk}/edit/" in mail.body
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"


def test_who_switched_such_mails_off_gets_none(page, editor, chief_editor):
    profile = UserProfile.get_for_user(chief_editor)
    profile.updated_comments_notifications = False
    profile.save()

    commented(page, editor, chief_editor)

    assert not OutgoingMail.objects.exists()


def test_who_may_no_longer_edit_the_page_is_told_nothing(page, editor, chief_editor, mailoutbox):
    commented(page, editor, chief_editor)
    chief_editor.groups.clear()

    deliver.call_local()

    assert mailoutbox == []


def test_the_whole_way_from_the_view_of_the_page(page, editor, chief_editor, client, rf):
    PageSubscription.objects.create(page=page, user=chief_editor, comment_notifications=True)
    comment = Comment.objects.create(page=page, user=editor, text="請補上", contentpath="title")
    view = edit.EditView()
    view.page, view.request = page, rf.post("/")
    view.request.user = editor
    changes = {"new_comments": [comment], "resolved_comments": [], "deleted_comments": [], "new_replies": []}

    view.send_commenting_notifications(changes)

    assert [mail.account for mail in OutgoingMail.objects.filter(kind="page_comments")] == [chief_editor]
