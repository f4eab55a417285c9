"""Reading what came back: real-shaped reports of many servers, forged ones, broken ones, and mails of people."""

import base64
import datetime as dt
import mailbox
import socketserver
import threading
import time
from contextlib import suppress

import pytest
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cpor_cases import tasks
from cpor_cases.actions import bounces
from cpor_cases.actions.bounces import Came
from cpor_cases.mail import bounce_mailbox, bounce_reports, notifications
from cpor_cases.models import BouncedAddress, OutgoingMail, UnreadReport

pytestmark = pytest.mark.django_db

State = OutgoingMail.State
HARD, SOFT = BouncedAddress.Hardness.HARD, BouncedAddress.Hardness.SOFT


@pytest.fixture
def sent(litigant):
    """A mail of ours that a server has taken."""
    notifications.account_notice(litigant, "password_changed")
    row = OutgoingMail.objects.get()
    OutgoingMail.objects.update(state=State.SENT, ended_at=row.created_at, last_answer="250")
    row.refresh_from_db()
    return row


def dsn(
    mail,
    *,
    status="5.1.1",
    said="smtp; 550 5.1.1 user unknown",
    action="failed",
    to=None,
    message_id=None,
    **over,
):
    """A report as Postfix writes it; other servers' differ in what the tests name."""
    facts = {
        "sender": "MAILER-DAEMON@mx.example (Mail Delivery System)",
        "type": "rfc822",
        "report": "message/delivery-status",
        "about_all": "",
        "original": f"Original-Recipient: rfc822;{to or mail.address}\n",
        "diagnostic": f"Diagnostic-Code: {said}\n" if said else "",
        "returned": "message/rfc822",
        "replies_to": "",
    } | over
    head = f"Message-ID: <{message_id or mail.message_id}>\nFrom: no-reply@court.example\nSubject: x\n"
    returned = f"--B\nContent-Type: {facts['returned']}\n\n{head}\nbody\n" if facts["returned"] else ""
    return (
        f"From: {facts['sender']}\nTo: bounces@court.example\nSubject: Undelivered Mail Returned to Sender\n"
        f"{facts['replies_to']}Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        "--B\nContent-Type: text/plain\n\nThis is the mail system.\n\n"
        f"--B\nContent-Type: {facts['report']}\n\nReporting-MTA: dns; mx.example\nArrival-Date: Mon, 23 Nov 2026\n"
        f"{facts['about_all']}\nFinal-Recipient: {facts['type']}; {to or mail.address}\n{facts['original']}Action: {action}\nStatus: {status}\n"
        f"{facts['diagnostic']}\n{returned}--B--\n"
    ).encode()


def exim_in_words(mail):
    return (
        "From: Mail Delivery System <Mailer-Daemon@exim.example>\nX-Failed-Recipients: "
        f"{mail.address}\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed: returning message to sender\n\n"
        "This message was created automatically by mail delivery software.\n\n"
        f"  {mail.address}\n    host mx.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:\n"
        "    550 5.1.1 The email account that you tried to reach does not exist\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n"
        f"Message-ID: <{mail.message_id}>\nSubject: x\n"
    ).encode()


def in_base64(report, kind):
    """Some servers wrap the parts of an international report, as RFC 6533 allows."""
    start = report.index(kind) + len(kind) + 2
    end = report.index(b"\n--B", start)
    wrapped = base64.encodebytes(report[start:end])
    return report[: start - 1] + b"Content-Transfer-Encoding: base64\n\n" + wrapped + report[end:]


def qmail(mail):
    return (
        "From: MAILER-DAEMON@qmail.example\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at qmail.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{mail.address}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <no-reply@court.example>\n"
        f"Message-ID: <{mail.message_id}>\nTo: {mail.address}\nSubject: x\n\nbody\n"
    ).encode()


def in_words_of_an_office(mail):
    return (
        "From: Postmaster <postmaster@office.example>\nSubject: =?utf-8?b?54Sh5rOV5oqV6YGe?=\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: text/plain; charset=big5\n\n'
        f"Delivery to {mail.address} failed: 550 5.1.1 recipient not found\n\n"
        f"--B\nContent-Type: message/rfc822\n\nMessage-ID: <{mail.message_id}>\nTo: {mail.address}\n\nbody\n--B--\n"
    ).encode()


def exchange(mail):
    said = "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
    return dsn(mail, status="5.1.10", said=said, original="", sender="postmaster@office.example")


def gmail(mail):
    said = (
        "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
        " 550-5.1.1 double-checking the recipient's email address for typos or\n 550 5.1.1 unnecessary spaces."
    )
    return dsn(mail, said=said, original="", sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>")


def without_copy(mail):
    return dsn(
        mail, returned="", replies_to=f"In-Reply-To: <{mail.message_id}>\nReferences: <{mail.message_id}>\n"
    )


@pytest.mark.parametrize(
    "report",
    [
        dsn,
        exim_in_words,
        exchange,
        gmail,
        without_copy,
        lambda mail: dsn(mail, returned="text/rfc822-headers"),
        lambda mail: dsn(mail, status="5.0.0", said="smtp; 550 Unrouteable address"),
        lambda mail: dsn(mail, status="5.1.1", said=""),
        lambda mail: dsn(mail, status="5.4.4", said="X-Postfix; Host or domain name not found"),
        lambda mail: dsn(mail, to=mail.address.upper()),
        lambda mail: dsn(mail).replace(b"\n", b"\r\n"),
        # RFC 6533: what servers write that know internationalised addresses.
        lambda mail: dsn(mail, report="message/global-delivery-status", type="utf-8"),
        lambda mail: dsn(mail, returned="message/global-headers"),
        lambda mail: dsn(mail, returned="message/global"),
        lambda mail: in_base64(dsn(mail, report="message/global-delivery-status"), b"global-delivery-status"),
        lambda mail: in_base64(dsn(mail, returned="message/global-headers"), b"global-headers"),
        lambda mail: dsn(mail, returned="message/rfc822-headers"),
        # The Message-ID elsewhere than in the head that comes back.
        lambda mail: dsn(mail, returned="", about_all=f"X-Original-Message-ID: <{mail.message_id}>\n"),
        lambda mail: dsn(mail, returned="", replies_to=f"X-Original-Message-ID: <{mail.message_id}>\n"),
        lambda mail: dsn(mail).replace(b"\nMessage-ID: <", b"\nMessage-ID:\n <"),
        # Other spellings of address, action and status.
        lambda mail: dsn(mail, to='<"litigant"@example.com>', original=""),
        lambda mail: dsn(mail, to="litigant@example.com (no such user)", original=""),
        lambda mail: dsn(mail, action="Failed (user unknown)"),
        lambda mail: dsn(mail, action=""),
        lambda mail: dsn(mail).replace(b"\nReporting-MTA: dns; mx.example", b""),
        lambda mail: (
            dsn(mail).replace(b"\n\nFinal-", b"\nFinal-").replace(b"\nReporting-MTA", b"\n\n\nReporting-MTA")
        ),
        lambda mail: qmail(mail),
        lambda mail: in_words_of_an_office(mail),
    ],
    ids=[
        "postfix",
        "exim",
        "exchange",
        "gmail",
        "no copy",
        "head only",
        "exim dsn",
        "no words",
        "no host",
        "upper",
        "crlf",
        "global status",
        "global headers",
        "global",
        "global status in base64",
        "global headers in base64",
        "message/rfc822-headers",
        "id in the report",
        "id above",
        "folded id",
        "quoted",
        "comment",
        "action with a comment",
        "no action",
        "no word about the message",
        "one block",
        "qmail",
        "in words",
    ],
)
def test_a_dead_address_is_marked_and_its_mail_shown_as_failed(sent, report):
    assert bounces.take_back(report(sent)) == Came.BOUNCED

    assert BouncedAddress.objects.get().hardness == HARD
    sent.refresh_from_db()
    assert sent.state == State.FAILED
    assert sent.last_answer


@pytest.mark.parametrize(
    ("facts", "came", "state"),
    [
        ({"status": "5.2.2", "said": "smtp; 552 5.2.2 mailbox full"}, Came.BOUNCED, State.FAILED),
        ({"status": "4.4.7", "said": "smtp; delivery time expired"}, Came.BOUNCED, State.FAILED),
        ({"status": "4.4.1", "said": "", "action": "delayed"}, Came.DELAYED, State.SENT),
    ],
)
def test_a_full_mailbox_or_a_delay_is_only_noted(sent, facts, came, state):
    assert bounces.take_back(dsn(sent, **facts)) == came

    assert BouncedAddress.objects.get().hardness == SOFT
    sent.refresh_from_db()
    assert sent.state == state


def test_a_refusal_for_reasons_of_policy_says_nothing_about_the_address(sent):
    refused = dsn(sent, status="5.7.1", said="smtp; 550 5.7.1 rejected as spam")

    assert bounces.take_back(refused) == Came.BOUNCED

    assert not BouncedAddress.objects.exists()
    sent.refresh_from_db()
    assert sent.state == State.FAILED


@pytest.mark.parametrize(
    "forged",
    [
        {"message_id": "0123456789abcdef@court.example"},
        {"to": "other_litigant@example.com"},
    ],
)
def test_nobody_can_stop_anothers_mail(sent, other_litigant, forged):
    assert bounces.take_back(dsn(sent, **forged)) == Came.NOT_OURS

    assert not BouncedAddress.objects.exists()
    sent.refresh_from_db()
    assert sent.state == State.SENT


@pytest.mark.parametrize(
    "message",
    [
        b"From: someone@example.com\nSubject: Re: news\n\nThank you!\n",
        b"From: a@example.com\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nI am away until 550 5.1.1.\n",
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=B\n\n--B\n"
        b"Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;a@b.c\nDisposition: x\n--B--\n",
        b"",
        b"\x00\xff\xfe",
    ],
)
def test_mails_of_people_and_machines_are_no_reports(sent, message):
    assert bounces.take_back(message) == Came.NO_REPORT


@pytest.mark.parametrize(
    "recipient",
    [
        "甲14@資訊.台灣",
        "\\x{7532}14@\\x{8CC7}\\x{8A0A}.\\x{53F0}\\x{7063}",
        "litigant@XN--9Z2AX7C.xn--kpry57d",
    ],
)
@pytest.mark.parametrize("report", ["message/delivery-status", "message/global-delivery-status"])
def test_an_internationalised_address_is_known_in_each_of_its_spellings(sent, recipient, report):
    local = "甲14" if "14" in recipient else "litigant"
    OutgoingMail.objects.update(address=f"{local}@資訊.台灣")
    sent.refresh_from_db()

    returned = dsn(sent, to=recipient, original="", type="utf-8", report=report)

    assert bounces.take_back(returned) == Came.BOUNCED
    assert BouncedAddress.objects.get().address == sent.address


def test_an_address_that_was_typed_with_an_invisible_mark_is_known_without(sent):
    OutgoingMail.objects.update(address="jia\u200b@demo.example")

    assert bounces.take_back(dsn(sent, to="jia@demo.example")) == Came.BOUNCED


def test_the_original_recipient_may_stand_in_xtext(sent):
    OutgoingMail.objects.update(address="a+b@example.com")
    sent.refresh_from_db()
    returned = dsn(
        sent, to="elsewhere@forward.example", original="Original-Recipient: rfc822;a+2Bb@example.com\n"
    )

    assert bounces.take_back(returned) == Came.BOUNCED


def test_of_several_recipients_each_is_read_for_itself(sent, other_litigant):
    """A mail that was forwarded to several: one is delayed, the one it was sent to is gone."""
    second = "Final-Recipient: rfc822; other@example.com\nAction: delayed\nStatus: 4.4.1\n\nFinal-Recipient"
    returned = dsn(sent, original="").replace(b"Final-Recipient", second.encode(), 1)

    assert [report.action for report in bounce_reports.read(returned)] == ["delayed", "failed"]
    assert bounces.take_back(returned) == Came.BOUNCED


WARNING = (
    "From: Mail Delivery System <Mailer-Daemon@exim.example>\nX-Failed-Recipients: {0.address}\n"
    "Subject: Warning: message 1abcde-000000-00 delayed 24 hours\n\n"
    "This message was created automatically by mail delivery software. A message that you sent has not yet been delivered\n"
    "to one or more of its recipients after more than 24 hours on the queue.\n\n  {0.address}\n"
    "    host mx.example [192.0.2.1]: 451 4.7.1 try later\n\nNo action is required on your part.\n\n"
    "Message-ID: <{0.message_id}>\n"
)


def in_words(mail, said: str, charset: str = "utf-8") -> bytes:
    """A report of qmail's form, as providers in Taiwan write it too."""
    words = base64.encodebytes(f"<{mail.address}>:\n{said}\n".encode(charset)).decode()
    return (
        "From: MAILER-DAEMON@provider.example\nSubject: failure notice\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=B\n\n"
        f"--B\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n{words}\n"
        f"--B\nContent-Type: message/rfc822\n\nMessage-ID: <{mail.message_id}>\nTo: {mail.address}\n\nbody\n--B--\n"
    ).encode()


@pytest.mark.parametrize(
    ("said", "hardness"),
    [
        ("This address no longer accepts mail.", HARD),
        ("Sorry, no mailbox here by that name.", HARD),
        ("原因：查無此使用者", HARD),
        ("原因：550 5.1.1 查無此人", HARD),
        ("該帳號不存在，無法送達。", HARD),
        ("user is over quota", SOFT),
        ("對方信箱已滿", SOFT),
        ("This is a permanent error; I've given up.", SOFT),
        ("您的信件無法送達", SOFT),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "big5"])
def test_reports_in_words_without_a_code_are_read_in_their_own_encoding(sent, said, hardness, charset):
    assert bounces.take_back(in_words(sent, said, charset)) == Came.BOUNCED

    sent.refresh_from_db()
    assert (sent.state, sent.last_answer) == (State.FAILED, said)
    assert list(BouncedAddress.objects.values_list("hardness", flat=True)) == [hardness]


def test_a_warning_in_words_is_no_failure(sent):
    assert bounces.take_back(WARNING.format(sent).encode()) == Came.DELAYED

    sent.refresh_from_db()
    assert sent.state == State.SENT


@pytest.mark.parametrize(
    "unread",
    [
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\n"
        b"Content-Type: text/plain\n\nIt did not work.\n--B--\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\n"
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n--B--\n",
        b"From: MAILER-DAEMON@mx.example\nSubject: Undelivered\n\nIt did not work.\n",
        b"From: postmaster\nSubject: Zustellung fehlgeschlagen\n\nEs ging nicht.\n",
    ],
)
def test_a_report_that_cannot_be_read_is_counted_as_such(unread):
    assert bounces.take_back(unread) == Came.UNREADABLE


@given(
    st.sampled_from([dsn, exim_in_words, qmail, in_words_of_an_office]),
    st.integers(0, 2000),
    st.integers(0, 40),
    st.binary(max_size=60)
    | st.text(max_size=30).map(str.encode)
    | st.sampled_from([b"\n\n", b"--B\n", b"=?utf-8?b?"]),
)
def test_no_report_raises_whatever_stands_in_it(make, at, cut, put_in):
    whole = make(OutgoingMail(address="n@example.com", message_id="1@court.example"))

    try:
        reports = bounce_reports.read(whole[:at] + put_in + whole[at + cut :])
    except bounce_reports.NotReadable:
        return

    for report in reports:
        for text in (*report.message_ids, *report.addresses, report.answer, report.status):
            assert "\0" not in text
            text.encode()  # no lone surrogate, which no database takes
        assert len(report.status) <= BouncedAddress._meta.get_field("status").max_length


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", ""])
def test_good_news_is_no_bounce(sent, action):
    assert bounces.take_back(dsn(sent, status="2.0.0", action=action)) == Came.NO_REPORT


def test_broken_reports_never_break_the_run(sent):
    whole = dsn(sent)

    for cut in range(0, len(whole), 7):
        assert bounces.take_back(whole[:cut]) in set(Came)
        assert bounces.take_back(whole[cut:]) in set(Came)
        assert bounces.take_back(whole[:cut] + b"\xff\x00\xe4" + whole[cut:]) in set(Came)


def test_what_nobody_foresaw_is_unreadable_and_no_error(sent, monkeypatch):
    monkeypatch.setattr(bounce_reports, "_groups", lambda *args: 1 / 0)

    assert bounces.take_back(dsn(sent)) == Came.UNREADABLE


def test_the_same_report_twice_changes_nothing(sent):
    bounces.take_back(dsn(sent))
    ended = OutgoingMail.objects.get().ended_at

    assert bounces.take_back(dsn(sent)) == Came.BOUNCED
    assert OutgoingMail.objects.get().ended_at == ended


# The mailbox


REPLY = b"From: a@example.com\nSubject: hello\n\nI have a question.\n"


def run(settings, url, capsys):
    settings.CPOR = settings.CPOR | {"BOUNCES_URL": url}
    call_command("read_bounces")
    return dict(line.split(": ") for line in capsys.readouterr().out.splitlines())


def test_a_maildir_keeps_what_is_not_ours_and_moves_what_is(sent, settings, tmp_path, capsys):
    box = mailbox.Maildir(tmp_path / "box")
    box.add(dsn(sent))
    box.add(REPLY)

    first = run(settings, f"maildir://{tmp_path}/box", capsys)
    again = run(settings, f"maildir://{tmp_path}/box", capsys)

    assert (first["bounced"], first["no report"]) == ("1", "1")
    assert set(again.values()) == {"0"}
    assert len(mailbox.Maildir(tmp_path / "box")) == 1
    assert len(mailbox.Maildir(tmp_path / "box").get_folder("Handled")) == 1


def test_an_mbox_too(sent, settings, tmp_path, capsys):
    box = mailbox.mbox(tmp_path / "box")
    box.add(dsn(sent))
    box.add(REPLY)
    box.close()

    first = run(settings, f"mbox://{tmp_path}/box", capsys)
    again = run(settings, f"mbox://{tmp_path}/box", capsys)

    assert (first["bounced"], first["no report"]) == ("1", "1")
    assert set(again.values()) == {"0"}
    assert b"I have a question" in (tmp_path / "box").read_bytes()
    assert sent.message_id.encode() in (tmp_path / "box.handled").read_bytes()


class Imap(socketserver.StreamRequestHandler):
    """As much of an IMAP server as is asked for."""

    def handle(self):
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, verb, *rest = line.decode().split()
            verb = f"{verb} {rest.pop(0)}" if verb.upper() == "UID" else verb
            self.server.asked.append(verb.upper())
            getattr(self, "do_" + verb.lower().replace(" ", "_"), self.do_nothing)(rest)
            refused = verb.upper() == "LOGIN" and rest[1] != '"secret/word"'
            self.wfile.write(f"{tag} {'NO' if refused else 'OK'} done\r\n".encode())

    def do_nothing(self, rest):
        pass

    def do_capability(self, rest):
        self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")

    def do_select(self, rest):
        self.wfile.write(f"* {len(self.server.box)} EXISTS\r\n".encode())

    def do_uid_search(self, rest):
        new = [str(uid) for uid, (flags, _) in self.server.box.items() if "\\Seen" not in flags]
        self.wfile.write(f"* SEARCH {' '.join(new)}\r\n".encode())

    def do_uid_fetch(self, rest):
        raw = self.server.box[int(rest[0])][1]
        self.wfile.write(f"* 1 FETCH (UID {rest[0]} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def do_uid_copy(self, rest):
        self.server.handled.append(self.server.box[int(rest[0])][1])

    def do_uid_store(self, rest):
        self.server.box[int(rest[0])][0].extend(" ".join(rest[2:]).strip("()").split())

    def do_expunge(self, rest):
        self.server.box = {u: m for u, m in self.server.box.items() if "\\Deleted" not in m[0]}


@pytest.fixture
def imap(sent):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap)
    server.daemon_threads = True
    server.asked, server.handled = [], []
    server.box = {7: ([], dsn(sent)), 9: ([], REPLY)}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_an_imap_mailbox_too(sent, imap, settings, capsys):
    url = f"imap://bounces%40court.example:secret%2Fword@127.0.0.1:{imap.server_address[1]}/INBOX"

    first = run(settings, url, capsys)
    again = run(settings, url, capsys)

    assert (first["bounced"], first["no report"]) == ("1", "1")
    assert set(again.values()) == {"0"}
    assert list(imap.box) == [9]
    assert imap.handled == [dsn(sent)]


def test_a_mailbox_that_cannot_be_read_is_a_sentence_without_the_password(imap, settings):
    settings.CPOR = settings.CPOR | {
        "BOUNCES_URL": f"imap://bounces:wrong@127.0.0.1:{imap.server_address[1]}"
    }

    with pytest.raises(CommandError, match="cannot be read") as error:
        call_command("read_bounces")

    assert "wrong" not in str(error.value)


@pytest.mark.parametrize("url", ["", "maildir:///nowhere/at/all", "mbox:///nowhere/at/all"])
def test_a_missing_mailbox_is_a_sentence(settings, url):
    settings.CPOR = settings.CPOR | {"BOUNCES_URL": url}

    with pytest.raises(CommandError, match="BOUNCES_URL"):
        call_command("read_bounces")


def test_one_message_that_cannot_be_read_does_not_stop_the_others(
    sent, settings, tmp_path, capsys, monkeypatch
):
    box = mailbox.Maildir(tmp_path / "box")
    for raw in (REPLY, dsn(sent), b"\xff\xff"):
        box.add(raw)
    read = bounce_reports.read

    def breaks_on_replies(raw):
        if b"question" in raw:
            raise bounce_reports.NotReadable
        return read(raw)

    monkeypatch.setattr(bounce_reports, "read", breaks_on_replies)

    counts = run(settings, f"maildir://{tmp_path}/box", capsys)

    assert (counts["bounced"], counts["unreadable"], counts["no report"]) == ("1", "1", "1")


UNREAD = b"From: MAILER-DAEMON@mx.example\nSubject: Undelivered\n\nIt did not work, person@example.com.\n"


def test_what_could_not_be_read_stays_and_is_told_to_the_operator(settings, tmp_path, capsys, client, caplog):
    box = mailbox.Maildir(tmp_path / "box")
    box.add(UNREAD)
    assert client.get("/readyz", {"format": "json"}).json()["Returned"] == {"state": "ok"}

    counts = run(settings, f"maildir://{tmp_path}/box", capsys)

    assert counts["unreadable"] == "1"
    assert len(mailbox.Maildir(tmp_path / "box")) == 1
    assert "Returned: WARNING, 1 unread" in client.get("/readyz").content.decode()
    assert client.get("/readyz", {"format": "json"}).json()["Returned"] == {"state": "warning", "unread": 1}
    assert "1 returned messages could not be read" in caplog.text
    assert "person" not in caplog.text


def test_what_could_not_be_read_is_counted_for_a_day_though_the_cache_is_lost(settings, tmp_path, capsys):
    box = mailbox.Maildir(tmp_path / "box")
    for _report in range(2):
        box.add(UNREAD)
        run(settings, f"maildir://{tmp_path}/box", capsys)

    cache.clear()

    assert bounces.unread_of_the_day() == 2
    UnreadReport.objects.update(came_at=timezone.now() - dt.timedelta(days=1))
    assert bounces.unread_of_the_day() == 0
    run(settings, f"maildir://{tmp_path}/box", capsys)
    assert not UnreadReport.objects.exists()


def test_a_mailbox_that_cannot_be_opened_is_told_to_the_operator_until_it_can(
    settings, tmp_path, client, caplog
):
    settings.CPOR = settings.CPOR | {"BOUNCES_URL": f"maildir://{tmp_path}/box"}
    tasks.read_bounces.call_local()
    assert (
        "Returned: WARNING, the mailbox cannot be read: FileNotFoundError"
        in client.get("/readyz").content.decode()
    )
    assert "cannot be read" in caplog.text
    mailbox.Maildir(tmp_path / "box")

    bounces.read_mailbox()

    assert "Returned: OK, 0 unread" in client.get("/readyz").content.decode()


def test_no_more_than_a_thousand_in_one_run(settings, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(bounce_mailbox, "MOST", 2)
    box = mailbox.Maildir(tmp_path / "box")
    for _ in range(3):
        box.add(REPLY)

    assert run(settings, f"maildir://{tmp_path}/box", capsys)["no report"] == "2"
    assert run(settings, f"maildir://{tmp_path}/box", capsys)["no report"] == "1"


# A mail provider's webhook


@pytest.mark.parametrize(
    ("facts", "hardness"),
    [
        ({"event_type": EventType.BOUNCED, "mta_response": "550 5.1.1 user unknown"}, HARD),
        ({"event_type": EventType.REJECTED, "reject_reason": RejectReason.INVALID}, HARD),
        ({"event_type": EventType.DEFERRED, "mta_response": "452 4.2.2 mailbox full"}, SOFT),
        ({"event_type": EventType.BOUNCED, "mta_response": "550 5.7.1 spam"}, None),
        ({"event_type": EventType.DELIVERED}, None),
        (
            {
                "event_type": EventType.BOUNCED,
                "mta_response": "550 5.1.1 x",
                "recipient": "other@example.com",
            },
            None,
        ),
    ],
)
def test_a_providers_webhook_marks_addresses_too(sent, facts, hardness):
    from cpor_cases.api import mail_webhooks  # noqa: F401

    event = AnymailTrackingEvent(
        **{"recipient": sent.address, "metadata": {"message_id": sent.message_id}, "message_id": "theirs"}
        | facts
    )

    tracking.send(sender=None, event=event, esp_name="Provider")

    found = BouncedAddress.objects.first()
    assert (found and found.hardness) == hardness


@pytest.mark.parametrize(
    "piece", ["a", "a@", "<a@", "@", "5", "4 ", " ", "( ", "Message-ID:", "x\n", " \r\n"]
)
def test_what_anybody_may_write_without_end_is_read_at_once(piece):
    head = b"From: MAILER-DAEMON@mx.example\nIn-Reply-To: " + (piece * 20_000).replace("\n", " ").encode()
    raw = head + b"\nContent-Type: text/plain\n\nnot delivered\n" + (piece * (100_000 // len(piece))).encode()

    began = time.process_time()
    with suppress(bounce_reports.NotReadable):
        bounce_reports.read(raw)

    assert time.process_time() - began < 2  # a line of so many characters took minutes
