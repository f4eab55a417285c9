"""Mail is posted in one place: mail/notifications says who is told of what."""

import ast

import pytest
from django.conf import settings

PACKAGES = ("cpor_core", "cpor_cases", "cpor_pages", "site/cpor_site")
MAY_POST = {"cpor_cases/mail/notifications.py", "cpor_cases/mail/outbox.py"}
POSTING = {"post", "post_all", "post_jointly"}
WRITING = {"create", "bulk_create", "get_or_create", "update_or_create"}


def posts_in(tree: ast.AST) -> list[str]:
    """Return the calls that post a mail or write its row."""
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    imported = [
        f"outbox.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("outbox")
        for name in node.names
    ]
    forbidden = {f"outbox.{name}" for name in POSTING} | {f"OutgoingMail.objects.{name}" for name in WRITING}
    return [call for call in [*calls, *imported] if call in forbidden]


@pytest.mark.parametrize("package", PACKAGES)
def test_only_notifications_post_mails(package):
    found = {}
    for path in (settings.BASE_DIR / package).rglob("*.py"):
        name = str(path.relative_to(settings.BASE_DIR))
        if name not in MAY_POST and (posts := posts_in(ast.parse(path.read_text("utf-8")))):
            found[name] = posts

    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "outbox.post(kind, account=account)",
        "from cpor_cases.mail.outbox import post_all",
        "OutgoingMail.objects.bulk_create(mails)",
    ],
)
def test_a_mail_posted_elsewhere_is_noticed(source):
    assert posts_in(ast.parse(source))
