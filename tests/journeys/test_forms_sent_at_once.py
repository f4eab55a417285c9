"""One form, sent several times in the same moment, on the real database."""

AT_ONCE = """
import threading, uuid
from django.conf import settings
from django.db import connection
from django.test import Client
from cpor_cases.models import Application
from cpor_core.models import Court, PartyRole

court = Court.objects.get(code="TPD")
clerk = factories.make_clerk(court, f"clerk-{uuid.uuid4().hex[:8]}")
logged_in = Client(SERVER_NAME="localhost")
logged_in.force_login(clerk)
role = PartyRole.objects.filter(category="civil", is_entitled=True).first()

def send(number, answers, start):
    browser = Client(SERVER_NAME="localhost")
    browser.cookies = logged_in.cookies
    form = {"court": court.pk, "category": "civil", "case_number": f"115年度訴字第{number}號", "applicant_name": "王大明",
        "role": role.pk, "email": "w@race.example", "email_again": "w@race.example", "language": "zh-hant",
        "received_on": "115/09/24", "form_token": f"token-{number}"}
    start.wait()
    try:
        answers.append(browser.post("/office/applications/new/", form).url)
    except Exception as error:
        answers.append(repr(error))
    finally:
        connection.close()

for number in range(9001, 9004):
    answers, start = [], threading.Barrier(3)
    threads = [threading.Thread(target=send, args=(number, answers, start)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = Application.objects.get(case__number=number)
    assert len(answers) == 3 and len(set(answers)) == 1 and str(made.pk) in answers[0], answers
"""


def test_a_form_sent_three_times_at_once_is_one_entry(site):
    site.python(AT_ONCE)
