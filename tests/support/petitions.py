"""Filling in a petition as a browser does: one form after the other, the code from the email that was sent."""

import re

from django.core import mail as mailbox
from django.urls import reverse

from cpor_cases.mail.delivery import deliver_all
from cpor_cases.models import Petition
from cpor_core.models import PartyRole
from tests import factories

ADDRESS = "wang@example.com"
CODE = re.compile(r"^(\d{3}) (\d{3})$", re.MULTILINE)


def prepare(court, *, word="訴", category="civil") -> PartyRole:
    """Open a case word at a court, and return the role that may apply."""
    factories.make_word(word, category=category)
    return factories.make_role(category=category)


def send(client, step: str, *args, **typed):
    return client.post(reverse(f"petitions:{step}", args=args), typed)


def answer_case(client, court, role, *, place=1, number="115年度訴字第123號"):
    """Answer the questions about a case; without a `number` that there is none yet."""
    send(client, "court", place, court=court.pk)
    send(client, "category", place, category=role.category)
    send(client, "number", place, **({"number": number} if number else {"none": "1"}))
    return send(client, "role", place, role=role.pk)


def answer_person(client, *, name="王大明", address=ADDRESS, language="zh-hant"):
    send(client, "name", name=name, phone="0912-345-678")
    return send(client, "email", address=address, language=language)


def latest_code() -> str:
    """Send what waits, and return the code in the latest email."""
    deliver_all()
    return "".join(CODE.search(mailbox.outbox[-1].body).groups())


def fill_in(client, court, role, **facts) -> list[Petition]:
    """Fill in a whole petition, and return what was made."""
    client.post(reverse("petitions:start"))
    answer_case(client, court, role, **{name: facts.pop(name) for name in ("number",) if name in facts})
    answer_person(client, **facts)
    send(client, "code", code=latest_code())
    send(client, "check")
    return list(Petition.objects.order_by("pk"))
