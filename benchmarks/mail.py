"""Mail: our workers beside a bare smtplib loop that sends the same finished bytes over one connection, beside
django-post_office and django-mailer, and beside one mail a task. Then over TLS, and to a relay that takes its time for each mail.

Every contender sends the same messages to the same sink; nothing but the sending is measured, which for our workers
means: claiming, reading, rendering, sending and recording each answer.
"""

import argparse
import datetime as dt
import ipaddress
import multiprocessing
import os
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.mail import EmailMultiAlternatives

from tests.support.ports import free_port

from .peers import is_installed
from .processes import ends_by_sigterm, wait_or_stop

ROOT = Path(__file__).resolve().parents[1]
PEERS = ["post_office", "mailer"]
LATENCY, CONNECTIONS = 0.02, 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mails", type=int, default=1500, help="how many mails each contender sends in a round"
    )


def run(options: argparse.Namespace) -> None:
    """Run in a separate process: the peers need tables, and so settings, of their own."""
    home = os.environ | {"DJANGO_SETTINGS_MODULE": "benchmarks.mail_settings"}
    home["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    command = [sys.executable, "-m", "benchmarks.mail", str(options.mails), str(options.rounds)]
    process = subprocess.Popen(command, env=home, cwd=ROOT)
    wait_or_stop(process, process.wait)
    if process.returncode:
        sys.exit(process.returncode)


# The ground


@contextmanager
def sink(*arguments: str):
    """A mail server in a process of its own; yields its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.smtp_sink", str(port), *arguments], cwd=ROOT
    )
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def make_certificate(folder: Path) -> list[str]:
    """Make a certificate for the sink, and trust it beside the authorities that every machine trusts."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "sink.pem").write_bytes(certificate)
    (folder / "sink.key").write_bytes(secret)
    usual = Path("/etc/ssl/certs/ca-certificates.crt")
    (folder / "trusted.pem").write_bytes((usual.read_bytes() if usual.exists() else b"") + certificate)
    os.environ["SSL_CERT_FILE"] = str(folder / "trusted.pem")
    return [str(folder / "sink.pem"), str(folder / "sink.key")]


def make_tables_of_peers() -> None:
    """Make them at once; their migrations would take longer than what is measured, each time."""
    from django.apps import apps
    from django.db import connection

    with connection.schema_editor() as editor:
        for peer in filter(apps.is_installed, PEERS):
            for model in apps.get_app_config(peer).get_models():
                editor.create_model(model)


def write_mails(count: int) -> None:
    """Write the progress mails of one import to `count` people, as an import does."""
    from django.utils import timezone

    from cpor_cases.mail import notifications, outbox
    from cpor_cases.models import OutgoingMail
    from tests import factories

    court = factories.make_court("TPD")
    run = factories.make_run(court=court)
    cases = []
    for number in range(count):
        right = factories.make_access(
            factories.make_user(f"bench-{number}", password=None), factories.make_case(court)
        )
        factories.make_entry(right.case, changed_in=run)
        cases.append(right.case_id)
    notifications.progress(run, cases)
    outbox.release_progress_mails(run, timezone.now())
    assert OutgoingMail.objects.waiting().count() == count


def make_all_wait() -> None:
    from cpor_cases.models import OutgoingMail

    OutgoingMail.objects.update(state="waiting", ended_at=None, lease=None, leased_until=None, attempts=0)


def assert_all_sent() -> None:
    from cpor_cases.models import OutgoingMail

    assert not OutgoingMail.objects.exclude(state="sent").exists()


def written_mails() -> list:
    from cpor_cases.mail import messages, rendering
    from cpor_cases.models import OutgoingMail

    rows = list(OutgoingMail.objects.select_related("account__litigant", "court", "access__case__court"))
    messages.prefetch(rows)
    return [rendering.render(row) for row in rows]


# The contenders


def bare_loop(port: int, ready: list[tuple[str, bytes]]):
    def send():
        with smtplib.SMTP("127.0.0.1", port) as server:
            for address, message in ready:
                server.sendmail("no-reply@court.example", [address], message)

    return send


class Workers:
    """A number of our worker processes, started and waiting for a signal."""

    def __init__(self, processes: int, threads: int = 1, take_out: Callable[[], None] | None = None):
        self.processes, self.threads, self.take_out = processes, threads, take_out

    def prepare(self) -> None:
        from django.db import connections

        make_all_wait()
        connections.close_all()
        fork = multiprocessing.get_context("fork")
        self.start, self.ready = fork.Event(), fork.Barrier(self.processes + 1)
        self.running = [fork.Process(target=self._work) for _ in range(self.processes)]
        for process in self.running:
            process.start()
        self.ready.wait(30)

    def _work(self) -> None:
        from django.db import connection

        from cpor_cases.mail import delivery

        def deliver():
            connection.ensure_connection()
            begin.wait(30)
            delivery.deliver_all()
            connection.close()

        if self.take_out:
            self.take_out()
        begin = threading.Event()
        threads = [threading.Thread(target=deliver) for _ in range(self.threads)]
        for thread in threads:
            thread.start()
        self.ready.wait(30)
        self.start.wait(30)
        begin.set()
        for thread in threads:
            thread.join()

    def run(self) -> None:
        self.start.set()
        for process in self.running:
            process.join()
            assert process.exitcode == 0


def post_office(ready: list):
    from post_office import mail
    from post_office.models import Email

    def prepare():
        Email.objects.all().delete()
        mail.send_many(
            [
                {
                    "recipients": each.to,
                    "sender": each.from_email,
                    "subject": each.subject,
                    "message": each.body,
                    "html_message": each.html,
                }
                for each in ready
            ]
        )

    def run():
        mail.send_queued_mail_until_done(processes=1)
        assert Email.objects.filter(status=0).count() == len(ready)

    return prepare, run


def django_mailer(ready: list):
    from mailer.engine import send_all
    from mailer.models import PRIORITY_MEDIUM, Message, make_message

    def prepare():
        Message.objects.all().delete()
        rows = []
        for each in ready:
            row = make_message(
                subject=each.subject,
                body=each.body,
                from_email=each.from_email,
                to=each.to,
                priority=PRIORITY_MEDIUM,
            )
            email = row.email
            email = EmailMultiAlternatives(email.subject, email.body, email.from_email, email.to)
            email.attach_alternative(each.html, "text/html")
            row.email = email
            rows.append(row)
        Message.objects.bulk_create(rows)

    def run():
        send_all()
        assert not Message.objects.exists()

    return prepare, run


@cache
def task_of_one_mail():
    from django.core.mail import get_connection
    from huey.contrib.djhuey import HUEY

    @HUEY.task()
    def send(subject, text, html, to):
        connection = get_connection("django.core.mail.backends.smtp.EmailBackend")
        message = EmailMultiAlternatives(subject, text, to=[to], connection=connection)
        message.attach_alternative(html, "text/html")
        message.send()

    return send


def one_mail_a_task(ready: list):
    """What most sites do: a task for each mail, which opens a connection, sends, and closes it."""
    from huey.contrib.djhuey import HUEY

    send = task_of_one_mail()

    def prepare():
        HUEY.flush()
        for each in ready:
            send(each.subject, each.body, each.html, each.to[0])

    def run():
        while task := HUEY.dequeue():
            HUEY.execute(task)

    return prepare, run


# The parts


def measure_plain(mails: list, rounds: int) -> None:
    from django.conf import settings

    from .timing import Contender, medians, print_table

    with sink() as port:
        settings.EMAIL_PORT = port
        ready = [(each.to[0], each.as_bytes()) for each in mails]
        one, two = Workers(1), Workers(2)
        peers = {"one mail a task": one_mail_a_task}
        if is_installed("post_office", "django-post_office"):
            peers["django-post_office"] = post_office
        if is_installed("mailer", "django-mailer"):
            peers["django-mailer"] = django_mailer
        contenders = [
            Contender("a bare smtplib loop", bare_loop(port, ready)),
            Contender("one worker", one.run, one.prepare),
            Contender("two workers", two.run, two.prepare),
        ]
        for name, peer in peers.items():
            prepare, send = peer(mails)
            contenders.append(Contender(name, send, prepare))
        taken = medians(contenders, rounds=rounds)
        assert_all_sent()
    against = ["a bare smtplib loop", *peers]
    print_table("Mail", taken, work=len(mails), unit="mails", against=against)


def measure_plain_ways(mails: list, rounds: int) -> None:
    """Show what each trick of the worker gains."""
    from django.conf import settings

    from .plain_mail import PLAIN_WAYS
    from .timing import Contender, medians, print_table

    with sink() as port:
        settings.EMAIL_PORT = port
        workers = {"one worker": Workers(1)} | {
            name: Workers(1, take_out=take_out) for name, take_out in PLAIN_WAYS.items()
        }
        contenders = [Contender(name, worker.run, worker.prepare) for name, worker in workers.items()]
        taken = medians(contenders, rounds=rounds)
        assert_all_sent()
    print_table(
        "Mail, the plain way beside each trick",
        taken,
        work=len(mails),
        unit="mails",
        against=["one worker"],
    )


def measure_slow_relay(mails: list, rounds: int) -> None:
    from django.conf import settings

    from .timing import Contender, medians, print_table

    with sink("--latency", str(LATENCY)) as port:
        settings.EMAIL_PORT = port
        workers = Workers(1, threads=CONNECTIONS)
        taken = medians([Contender("one worker", workers.run, workers.prepare)], rounds=min(rounds, 3))
        assert_all_sent()
    title = f"Mail to a relay that takes {LATENCY * 1000:.0f} ms for each, over {CONNECTIONS} connections"
    taken = {"connections ÷ latency": len(mails) * LATENCY / CONNECTIONS} | taken
    print_table(title, taken, work=len(mails), unit="mails", against=["connections ÷ latency"])


def measure_tls(mails: list, rounds: int) -> None:
    from django.conf import settings

    from .timing import Contender, medians, print_table

    with TemporaryDirectory() as folder, sink("--tls", *make_certificate(Path(folder))) as port:
        settings.EMAIL_PORT, settings.EMAIL_USE_SSL = port, True
        workers = Workers(1)
        fill_queue, send_queue = one_mail_a_task(mails)
        contenders = [
            Contender("one worker", workers.run, workers.prepare),
            Contender("one mail a task", send_queue, fill_queue),
        ]
        ssl.create_default_context()
        taken = medians(contenders, rounds=min(rounds, 3))
        assert_all_sent()
        settings.EMAIL_USE_SSL = False
    print_table("Mail over TLS", taken, work=len(mails), unit="mails", against=["one mail a task"])


def main(mails: int, rounds: int) -> None:
    import django

    ends_by_sigterm()
    django.setup()
    make_tables_of_peers()
    write_mails(mails)
    mails = written_mails()
    measure_plain(mails, rounds)
    measure_plain_ways(mails, rounds)
    measure_slow_relay(mails, rounds)
    measure_tls(mails, rounds)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
