"""The plain way beside each trick of the mail worker (docs/decisions/0012): what Django and smtplib do by themselves.

Each function takes one trick out of the process that calls it.
"""

from django.template.loader import render_to_string

from cpor_cases.mail import compiled_templates, delivery, mime, smtp


def render_each_mail() -> None:
    compiled_templates.render_all = lambda names, context: [render_to_string(name, context) for name in names]


def let_django_make_messages() -> None:
    mime.MailMessage.as_bytes = lambda message: message.message().as_bytes(linesep="\r\n")


def wait_for_each_answer() -> None:
    delivery.Session._work_while_waiting = lambda session: None


def send_by_smtplib() -> None:
    """Four round trips a mail instead of two; smtplib lets nothing be done while it waits."""

    def hand_over(backend, sender, recipients, message):
        backend.connection.ehlo_or_helo_if_needed()
        options = [] if message.isascii() else ["BODY=8BITMIME"]
        backend.connection.sendmail(sender, recipients, message, options)

    smtp.SMTPBackend._hand_over = hand_over


def do_all_plainly() -> None:
    for take_out in PLAIN_WAYS.values():
        if take_out is not do_all_plainly:
            take_out()


PLAIN_WAYS = {
    "templates rendered for each mail": render_each_mail,
    "messages made by Django": let_django_make_messages,
    "nothing done while the server answers": wait_for_each_answer,
    "sent by smtplib": send_by_smtplib,
    "all four": do_all_plainly,
}
