"""A journey in a host site, run by its own `manage.py shell`: applied for, approved, told by mail, activated, logged in, seen.

It finds the addresses by their names alone, as a host may give them any.
"""

import datetime as dt
import os
import re

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from cpor_cases.models import Application, OutgoingMail
from cpor_core.models import CaseWord, ClerkPost, Court, PartyRole

PASSWORD = "a long walk to the court"  # noqa: S105
BACKEND = "cpor_cases.accounts.login_backend.LogInBackend"
SCREENS = [
    *(f"office_{name}:index" for name in ("applications", "cases", "mails", "imports", "activations")),
    "wagtailadmin_home",
    "office_applications:add",
]


def make_clerk() -> Client:
    person, _made = get_user_model().objects.get_or_create(username="clerk", email="clerk@court.example")
    person.groups.set(Group.objects.filter(name="Clerks"))
    ClerkPost.objects.get_or_create(user=person, court=Court.objects.get(code="TPD"))
    client = Client()
    client.force_login(person, BACKEND)
    return client


def apply_for(clerk: Client, number: int, address: str) -> Application:
    """Have the clerk type in a form, and approve it."""
    CaseWord.objects.filter(word="訴").update(openness="yes")
    page = clerk.get(reverse("office_applications:add"))
    token = re.search('name="form_token" value="([^"]+)"', page.content.decode())
    form = {
        "court": Court.objects.get(code="TPD").pk,
        "category": "civil",
        "case_number": f"115年度訴字第{number}號",
        "applicant_name": "王大明",
        "role": PartyRole.objects.filter(category="civil", is_entitled=True).first().pk,
        "email": address,
        "email_again": address,
        "language": "zh-hant",
        "received_on": dt.date.today().isoformat(),
        "receipt_number": f"R-{number}",
    } | ({"form_token": token[1]} if token else {})
    answer = clerk.post(reverse("office_applications:add"), form)
    assert answer.status_code == 302, re.findall("<li[^>]*>([^<]+)", answer.content.decode())
    application = Application.objects.latest("pk")
    clerk.post(reverse("office_applications:approve", args=[application.pk]))
    application.refresh_from_db()
    assert application.status == Application.Status.APPROVED, application.status
    return application


def sent() -> list[str]:
    """Deliver what is due; return the texts of the mails."""
    mail.outbox = []
    call_command("deliver_mail", verbosity=0)
    return [message.body for message in mail.outbox]


def activate(text: str) -> Client:
    """Follow the link of an activation mail, as a person without any log-in."""
    path = re.search(r"https?://[^/\s]+(/\S*activate/\S+)", text)[1]
    visitor = Client()
    assert visitor.get(path, follow=True).status_code == 200
    answer = visitor.post(
        visitor.get(path).headers.get("Location", path),
        {"name": "王大明", "username": "wang", "password1": PASSWORD, "password2": PASSWORD},
        follow=True,
    )
    assert answer.status_code == 200, answer.status_code
    return visitor


def log_in() -> Client:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": "wang", "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    return client


def sees(client: Client, number: int) -> bool:
    page = client.get(reverse("cpor_cases:cases"))
    assert page.status_code == 200, page.status_code
    return f"訴字第{number}號" in re.sub(r"<[^>]*>|\s", "", page.content.decode())


def walk() -> None:
    clerk = make_clerk()
    for name in SCREENS:
        answer = clerk.get(reverse(name))
        assert answer.status_code == 200, (name, answer.status_code)
    apply_for(clerk, 123, "wang@example.com")
    [text] = sent()
    assert sees(activate(text), 123)
    assert sees(log_in(), 123)
    assert OutgoingMail.objects.filter(state="sent").exists()


def walk_after_an_upgrade() -> None:
    """What was there before is there, and goes on."""
    assert sees(log_in(), 123)
    apply_for(make_clerk(), 124, "wang@example.com")
    assert sent()
    assert sees(log_in(), 124)


with override_settings(
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend", ALLOWED_HOSTS=["*"], DEBUG=False
):
    {"first": walk, "after an upgrade": walk_after_an_upgrade}[os.environ["JOURNEY"]]()
    print("journey done")  # noqa: T201
