"""Rule 7 with real processes: a worker killed with -9 in the middle of its batches loses no mail."""

import random
import time
from collections import Counter

from tests.support.running_site import wait_for

MAILS = 60
KILLS = 2

POST = """
from django.db import transaction
from cpor_cases.mail import notifications
with transaction.atomic():
    for n in range({mails}):
        person = factories.make_user(f"{name}-{{n}}", email=f"{name}-{{n}}@mail.example")
        notifications.account_notice(person, "password_changed")
"""
FIVE_MINUTES_LATER = """
import datetime as dt
from django.db.models import F
from cpor_cases.models import OutgoingMail
held = OutgoingMail.objects.waiting().exclude(lease=None)
held.update(leased_until=F("leased_until") - dt.timedelta(minutes=5))
"""


def addresses(postbox, name):
    return [mail["To"] for mail in postbox.mails if mail["To"].startswith(f"{name}-")]


def test_no_mail_is_lost_and_a_second_copy_has_the_same_message_id(site, postbox, monkeypatch):
    monkeypatch.setattr(postbox, "seconds_a_mail", 0.05)
    random_moments = random.Random(7)
    site.python(POST.format(mails=MAILS, name="killed"))

    for kill in range(1, KILLS + 1):
        wait_for(lambda enough=kill * MAILS // (KILLS + 2): len(set(addresses(postbox, "killed"))) >= enough)
        time.sleep(random_moments.uniform(0, 0.2))
        site.kill_workers()
        site.python(FIVE_MINUTES_LATER)
        site.start_workers()
    wait_for(lambda: len(set(addresses(postbox, "killed"))) == MAILS)

    copies = Counter(addresses(postbox, "killed"))
    assert len(copies) == MAILS
    assert max(copies.values()) <= 1 + KILLS
    assert sum(copies.values()) <= MAILS + KILLS * 2
    message_ids = {mail["Message-ID"] for mail in postbox.mails if mail["To"].startswith("killed-")}
    assert len(message_ids) == MAILS


def test_a_worker_asked_to_stop_finishes_the_mail_in_hand(site, postbox, monkeypatch):
    monkeypatch.setattr(postbox, "seconds_a_mail", 0.05)
    site.python(POST.format(mails=30, name="asked"))
    wait_for(lambda: len(addresses(postbox, "asked")) >= 5)

    site.ask_workers_to_stop()
    site.python(FIVE_MINUTES_LATER)
    site.start_workers()

    wait_for(lambda: len(set(addresses(postbox, "asked"))) == 30)
    assert max(Counter(addresses(postbox, "asked")).values()) == 1


FIFTY_KILLS = """
import os, random, signal, time, traceback
from django.db import connections, transaction
from cpor_cases.mail import delivery, notifications
from cpor_cases.models import OutgoingMail

random_moments = random.Random({seed})

def post(kill):
    with transaction.atomic():
        for n in range({mails}):
            name = f"often-{{kill}}-{{n}}"
            person = factories.make_user(name, email=f"{{name}}@mail.example", password=None)
            notifications.account_notice(person, "password_changed")

def work():
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        delivery.deliver_all()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)

for kill in range({kills}):
    post(kill)
    killed, other = work(), work()  # side by side, so that either may hold what the other wants
    time.sleep(random_moments.uniform(0.0, 0.25))
    os.kill(killed, signal.SIGKILL)
    os.waitpid(killed, 0)
    assert os.waitpid(other, 0)[1] == 0
    OutgoingMail.objects.waiting().exclude(lease=None).update(leased_until="2000-01-01T00:00Z")
assert os.waitpid(work(), 0)[1] == 0
print(OutgoingMail.objects.filter(address__startswith="often-").exclude(state="sent").count())
"""


def test_fifty_kills_at_any_moment_lose_nothing_and_repeat_at_most_the_mail_in_hand(site, postbox):
    kills, mails = 50, 6
    site.ask_workers_to_stop()  # their task of each minute would send the mails, too
    try:
        unsent = site.python(FIFTY_KILLS.format(seed=11, kills=kills, mails=mails))
    finally:
        site.start_workers()

    copies = Counter(addresses(postbox, "often"))
    assert unsent.strip().endswith("0")
    assert len(copies) == kills * mails
    assert sum(copies.values()) <= kills * mails + kills
    of_often = {mail["Message-ID"] for mail in postbox.mails if mail["To"].startswith("often-")}
    assert len(of_often) == kills * mails
