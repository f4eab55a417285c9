"""How each letter is written: text and HTML in the recipient's language, made only when it is sent.

A letter's links hold secrets (activation, password reset, unsubscribe). They are derived here from keys and the
site's secret key and never stored.
"""

import datetime as dt
from collections.abc import Iterable
from email.utils import format_datetime
from functools import cache
from urllib.parse import unquote

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation

from cpor_cases.address_register import find_by_address
from cpor_cases.models import (
    Activation,
    Case,
    CaseAccess,
    EnrolmentLink,
    OutgoingMail,
    ProgressEntry,
    litigant_of,
)
from cpor_core.models import Court

from . import compiled_templates
from .mime import MailMessage

Kind = OutgoingMail.Kind


def render(mail: OutgoingMail, now: dt.datetime | None = None) -> MailMessage | None:
    """Return the finished message of `mail`, or None if by now there is nothing left to say in it."""
    with translation.override(litigant_of(_reader_of(mail)).language):
        if mail.kind in _GATHERED and not hasattr(mail, "is_gathered"):
            gather([mail])
        context = _CONTEXTS[Kind(mail.kind)](mail)
        if context is None:
            return None
        context |= {"service_url": absolute("/")}
        return _message(mail, context, now or timezone.now())


def specimen(kind: OutgoingMail.Kind, *, case: Case, language: str) -> dict[str, str]:
    """Return subject and text of the mail that approving an application for `case` would send; its link leads nowhere."""
    now = timezone.now()
    with translation.override(language):
        context = {
            Kind.ACTIVATION: {
                "court": case.court,
                "url": absolute(reverse("account_activate", args=["…"])),
                "expires_at": now + dt.timedelta(days=settings.ACTIVATION_LINK_DAYS),
            },
            Kind.CASE_ADDED: {"case": case, "url": absolute(reverse("cpor_cases:cases") + "…/")},
        }[kind]
        context["service_url"] = absolute("/")
        return {
            "subject": _subject(kind, context),
            "text": unquote(compiled_templates.render(f"cpor_cases/mail/{kind}.txt", context)),
        }


def gather(mails: list[OutgoingMail]) -> None:
    """Read at once what the letters of a batch are about, however many they are; `render` does it for one."""
    for kind, gather_kind in _GATHERED.items():
        if of_kind := [mail for mail in mails if mail.kind == kind]:
            gather_kind(of_kind)
        for mail in of_kind:
            mail.is_gathered = True


def absolute(path: str) -> str:
    """Return the full address of a path of this site."""
    return settings.BASE_URL + path


_path_of = cache(reverse)  # of pages that have but one address
_TOKEN = "TOKEN"  # noqa: S105 (where a token goes in a path)


@cache
def _path_of_token(name: str) -> str:
    return reverse(name, args=[_TOKEN])


def template_of(mail: OutgoingMail) -> str:
    """Return the name under which a letter's three templates are in templates/cpor_cases/mail/."""
    return mail.about.get("letter", mail.kind)


def title_of(mail: OutgoingMail) -> str:
    """Return the subject of a mail in the reader's language: it names no case and no person."""
    return _subject(template_of(mail), {"court": mail.court})


def _subject(letter: str, context: dict) -> str:
    return _in_one_line(compiled_templates.render(f"cpor_cases/mail/{letter}_subject.txt", context))


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _reader_of(mail: OutgoingMail):
    """Return the account whose person reads the mail: its own, unless the address it asks to have is another's."""
    if mail.kind == Kind.EMAIL_CONFIRMATION:
        return find_by_address(mail.address) or mail.account
    return mail.account


def _message(mail: OutgoingMail, context: dict, now: dt.datetime) -> MailMessage:
    name = f"cpor_cases/mail/{context.pop('template', template_of(mail))}"
    subject, body, html = compiled_templates.render_all(
        [f"{name}_subject.txt", f"{name}.txt", f"{name}.html"], context
    )
    letter = MailMessage(
        subject=_in_one_line(subject),
        body=body,
        html=html,
        to=[mail.address],
        headers={
            "Message-ID": f"<{mail.message_id}>",
            "Date": format_datetime(timezone.localtime(now)),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers, please
            "Content-Language": translation.get_language(),
            **_unsubscribe_headers(mail),
        },
    )
    letter.metadata = {"message_id": mail.message_id}  # what a provider's webhook gives back (django-anymail)
    return letter


# What each letter is about


def _activation(mail: OutgoingMail) -> dict | None:
    activation = mail.activation
    if activation.is_activated or activation.is_locked or activation.is_expired():
        return None
    return {
        "court": mail.court,
        "url": absolute(activation_path(activation)),
        "expires_at": activation.link_expires_at,
    }


def _gather_activations(mails: list[OutgoingMail]) -> None:
    activations = Activation.objects.filter(account__in=[mail.account_id for mail in mails])
    of_account = {activation.account_id: activation for activation in activations}
    for mail in mails:
        mail.activation = of_account.get(mail.account_id)


def _case_added(mail: OutgoingMail) -> dict | None:
    if mail.access.ended_at is not None or not mail.account.is_active:
        return None
    return {
        "case": _named(mail.access.case),
        "url": absolute(reverse("cpor_cases:case", args=[mail.access.case.public_id])),
    }


def _progress(mail: OutgoingMail) -> dict | None:
    if not mail.news:
        return None
    return _about_news({"case": _named(access.case), "entries": entries} for access, entries in mail.news)


def _gather_news(mails: list[OutgoingMail]) -> None:
    """Give each progress mail its `news`: what its import changed that the person may see and wants news of, as
    accesses with the entries to be shown."""
    runs = {mail.run_id for mail in mails}
    told_of = ProgressEntry.objects.announced().filter(changed_in=OuterRef("told_of"), case=OuterRef("case"))
    accesses = (
        CaseAccess.objects.visible_to_each({mail.account for mail in mails})
        .filter(announcements__run__in=runs, announcements__in_digest=False)
        .annotate(told_of=F("announcements__run"))
        # Asked case by case: as a condition, a database that thinks it few reads all that the import changed.
        .annotate(has_news=Exists(told_of))
        .wanting_news_of(OuterRef("told_of"))
        .select_related("case__court")
        .order_by("case__court", "case__year", "case__word", "case__number")
    )
    accesses = [access for access in accesses if access.has_news]
    entries = _entries_shown(runs, accesses)
    news: dict[tuple[int, int], list[tuple]] = {}
    for access in accesses:
        shown = entries.get((access.told_of, access.case_id), []) if access.shows_entry else []
        told = news.setdefault((access.account_id, access.told_of), [])
        told.append((access, shown[: settings.ENTRIES_SHOWN]))
    for mail in mails:
        mail.news = news.get((mail.account_id, mail.run_id), [])


def _entries_shown(runs: set[int], accesses: list[CaseAccess]) -> dict[tuple[int, int], list[ProgressEntry]]:
    """Return the changed entries by import and case, of those cases alone whose person asked to see them in the mail."""
    asked = {access.case_id for access in accesses if access.shows_entry}
    shown: dict[tuple[int, int], list[ProgressEntry]] = {}
    if asked:
        changed = ProgressEntry.objects.announced().filter(changed_in__in=runs, case__in=asked)
        for entry in changed.select_related("kind").newest_first():
            shown.setdefault((entry.changed_in_id, entry.case_id), []).append(entry)
    return shown


def _about_news(news: Iterable[dict]) -> dict:
    return {
        "news": list(news),
        "url": absolute(_path_of("cpor_cases:cases")),
        "settings_url": absolute(_path_of("cpor_cases:settings")),
    }


def _digest(mail: OutgoingMail) -> dict | None:
    """What its announcements told of and still stands: each case once, however many imports brought news of it."""
    accesses = (
        CaseAccess.objects.visible_to(mail.account)
        .filter(pk__in=mail.announcements.values("access"))
        .with_mail_choices()
        .exclude(wanted_mails=CaseAccess.MailPreference.NONE)
        .select_related("case__court")
        .order_by("case__court", "case__year", "case__word", "case__number")
    )
    entries: dict[int, list[ProgressEntry]] = {}
    for entry in _entries_of_digest(mail).select_related("kind").newest_first():
        entries.setdefault(entry.case_id, []).append(entry)
    news = [_news_in_digest(access, entries.get(access.case_id, [])) for access in accesses]
    news = [item for item in news if item]
    return _about_news(news) if news else None


def _news_in_digest(access: CaseAccess, entries: list[ProgressEntry]) -> dict | None:
    if access.wanted_mails == CaseAccess.MailPreference.IMPORTANT:
        entries = [entry for entry in entries if entry.is_important]
    if not entries:
        return None
    return {
        "case": _named(access.case),
        "entries": entries[: settings.ENTRIES_SHOWN] if access.shows_entry else [],
    }


def _entries_of_digest(mail: OutgoingMail):
    """Return the entries last changed by the imports a digest tells of, each with whether it `is_important`.

    Not those that came and were withdrawn again between two digests: nobody has been told of them.
    """
    told = mail.announcements.filter(access__case=OuterRef("case"))
    came = OuterRef("first_seen_at")
    came_with_these = told.filter(
        Q(run__ended_at__gte=came) | Q(announced_at__gte=came), run__started_at__lte=came
    )
    important = ProgressEntry.objects.important().filter(pk=OuterRef("pk"))
    changed = ProgressEntry.objects.announced().filter(Exists(told.filter(run=OuterRef("changed_in"))))
    gone = changed.filter(Exists(came_with_these), withdrawn_at__isnull=False)
    return changed.exclude(pk__in=gone.values("pk")).annotate(is_important=Exists(important))


def _hearing_reminder(mail: OutgoingMail) -> dict | None:
    access, day = mail.reminded, dt.date.fromisoformat(mail.about["day"])
    if access is None:
        return None
    on_day = (each for each in mail.hearings if timezone.localdate(each.hearing_at) == day)
    hearing = next((each for each in on_day if each.hearing_at > timezone.now()), None)
    if hearing is None:  # over, moved or called off meanwhile
        return None
    days = (day - timezone.localdate()).days
    return _about_case(access) | {"days": days, "hearing": hearing if access.shows_entry else None}


def _query_ending(mail: OutgoingMail) -> dict | None:
    access = mail.reminded
    last_day = access and access.case.last_query_day
    if last_day is None or last_day.isoformat() != mail.about["day"]:
        return None
    return _about_case(access) | {"last_day": last_day}


def _gather_reminded(mails: list[OutgoingMail]) -> None:
    """Give each reminder the access it is about, if the person may still see the case and still wants to be reminded,
    in `reminded`, and the hearings to come in that case, in `hearings`."""
    own = CaseAccess.objects.visible_to_each({mail.account for mail in mails}).with_mail_choices()
    own = own.filter(pk__in=[mail.access_id for mail in mails], is_reminded=True).select_related(
        "case__court"
    )
    reminded = {(access.account_id, access.pk): access for access in own}
    hearings: dict[int, list[ProgressEntry]] = {}
    coming = ProgressEntry.objects.coming_hearings().filter(case__in={access.case_id for access in own})
    for entry in coming.order_by("hearing_at", "pk"):
        hearings.setdefault(entry.case_id, []).append(entry)
    for mail in mails:
        mail.reminded = reminded.get((mail.account_id, mail.access_id))
        mail.hearings = hearings.get(mail.reminded.case_id, []) if mail.reminded else []


def _named(case: Case) -> dict[str, str]:
    return {"court": str(case.court), "full_number": str(case.full_number)}


def _about_case(access: CaseAccess) -> dict:
    return {
        "case": _named(access.case),
        "url": absolute(reverse("cpor_cases:case", args=[access.case.public_id])),
        "settings_url": absolute(_path_of("cpor_cases:settings")),
    }


def _password_reset(mail: OutgoingMail) -> dict | None:
    if not mail.account.is_active:
        return None
    key = default_token_generator.make_token(mail.account)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(mail.account), "key": key}
    )
    return {"username": mail.account.username, "url": absolute(path)}


def _second_factor_link(mail: OutgoingMail) -> dict | None:
    link = EnrolmentLink.objects.filter(account=mail.account).first()
    if link is None or not link.is_usable() or not mail.account.is_active:
        return None
    return {
        "username": mail.account.username,
        "url": absolute(enrolment_path(link)),
        "expires_at": link.expires_at.replace(second=0, microsecond=0),
    }


def _email_confirmation(mail: OutgoingMail) -> dict | None:
    address = EmailAddress.objects.filter(pk=mail.about["email_address"], verified=False).first()
    if address is None:
        return None
    if find_by_address(address.email) not in (None, mail.account):
        # The page said that a mail is on its way, as for every address. Its owner is told; nobody gets a link.
        return {"template": "address_in_use", "url": absolute(reverse("account_login"))}
    key = EmailConfirmationHMAC(address).key
    return {"username": mail.account.username, "url": absolute(reverse("account_confirm_email", args=[key]))}


def end_of_undo(mail: OutgoingMail) -> dt.datetime:
    """Return until when a change of address can be undone by the link in the mail that told of it."""
    return mail.created_at + dt.timedelta(days=settings.ADDRESS_UNDO_DAYS)


def _email_changed(mail: OutgoingMail) -> dict | None:
    if mail.about.get("undone") or timezone.now() >= end_of_undo(mail):
        return None
    courts = Court.objects.filter(cases__accesses__in=CaseAccess.objects.live().filter(account=mail.account))
    return {
        "username": mail.account.username,
        "url": absolute(undo_path(mail)),
        "until": timezone.localdate(end_of_undo(mail)),
        "courts": [
            {"name": str(court), "phone": court.phone} for court in courts.exclude(phone="").distinct()
        ],
        "mail": {"created_at": mail.created_at.replace(second=0, microsecond=0)},
    }


# Where a notice about the account leads, if not to the setting of a new password
_NOTICE_PAGES = {
    "mails_stopped": "cpor_cases:settings",
    "calendar_address_made": "cpor_cases:calendar",
    "case_mails_stopped": "cpor_cases:settings",
    "case_left": "cpor_cases:cases",
    "second_factor_added": "mfa_index",
    "second_factor_removed": "mfa_index",
    "second_factor_reset": "account_reset_password",
    "recovery_codes_made": "mfa_index",
    "new_login": "usersessions_list",
    "account_ending": "account_data",
}


def _account_notice(mail: OutgoingMail) -> dict:
    page = _NOTICE_PAGES.get(template_of(mail), "account_reset_password")
    return {
        "username": mail.account.username,
        "url": absolute(reverse(page)),
        "reset_url": absolute(reverse("account_reset_password")),
        "browser": mail.about.get("browser", ""),
        "day": dt.date.fromisoformat(mail.about["day"]) if "day" in mail.about else None,
        "case": _named(mail.access.case) if mail.access_id else None,
        # To the minute, as it is written: letters that differ in nothing else come from one form.
        "mail": {"created_at": mail.created_at.replace(second=0, microsecond=0)},
    }


# What a person may switch off, in their settings or by one click.
SUBSCRIBED = {Kind.PROGRESS, Kind.DIGEST, Kind.HEARING_REMINDER, Kind.QUERY_ENDING}

# What is read for a whole batch at once.
_GATHERED = {
    Kind.ACTIVATION: _gather_activations,
    Kind.PROGRESS: _gather_news,
    Kind.HEARING_REMINDER: _gather_reminded,
    Kind.QUERY_ENDING: _gather_reminded,
}

_CONTEXTS = {
    Kind.ACTIVATION: _activation,
    Kind.CASE_ADDED: _case_added,
    Kind.PROGRESS: _progress,
    Kind.DIGEST: _digest,
    Kind.HEARING_REMINDER: _hearing_reminder,
    Kind.QUERY_ENDING: _query_ending,
    Kind.PASSWORD_RESET: _password_reset,
    Kind.EMAIL_CONFIRMATION: _email_confirmation,
    Kind.SECOND_FACTOR_LINK: _second_factor_link,
    Kind.EMAIL_CHANGED: _email_changed,
    Kind.ACCOUNT_NOTICE: _account_notice,
}

# Links that hold a secret


def _signer(what: str) -> signing.Signer:
    """Sign links of one kind with the secret key; what its fallbacks signed is good as long as they are kept."""
    return signing.Signer(salt=f"cpor_cases.{what}")


def enrolment_path(link: EnrolmentLink) -> str:
    """Return the path of the link by which a member of staff sets up the first second factor."""
    return reverse("mfa_enrol", args=[_signer("enrolment").sign(link.public_id.hex)])


def read_enrolment_token(token: str) -> str | None:
    """Return the public id, as 32 hexadecimal digits, of a genuine enrolment token, else None."""
    try:
        return _signer("enrolment").unsign(token)
    except signing.BadSignature:
        return None


def activation_path(activation: Activation) -> str:
    """Return the path of the link that wakes the account; a new round makes another one and voids this."""
    token = _signer("activation").sign(f"{activation.public_id.hex}-{activation.round}")
    return reverse("account_activate", args=[token])


def read_activation_token(token: str) -> tuple[str, int] | None:
    """Return public id and round of a genuine activation token, else None."""
    try:
        public_id, _, round_number = _signer("activation").unsign(token).rpartition("-")
    except signing.BadSignature:
        return None
    return public_id, int(round_number)


def undo_path(mail: OutgoingMail) -> str:
    """Return the path of the link by which the change of address that `mail` tells of is undone."""
    return reverse("account_undo_email", args=[_signer("undo_address_change").sign(mail.pk)])


def read_undo_token(token: str) -> int | None:
    """Return the key of the mail that told of a change of address, of a genuine undo token, else None."""
    try:
        return int(_signer("undo_address_change").unsign(token))
    except signing.BadSignature:
        return None


def unsubscribe_path(account_id: int, access_id: int | None = None) -> str:
    """Return the path at which one POST, without log-in, ends an account's mails about news (RFC 8058): those of one
    case if the mail was about one alone, so that nobody with many cases loses all of them by one click."""
    about = f"{account_id}-{access_id}" if access_id else str(account_id)
    return _path_of_token("cpor_cases:unsubscribe").replace(_TOKEN, _signer("unsubscribe").sign(about))


def read_unsubscribe_token(token: str) -> tuple[int, int | None] | None:
    """Return the keys of the account and of the access (None: all of them) of a genuine unsubscribe token, else None."""
    try:
        account_id, _, access_id = _signer("unsubscribe").unsign(token).partition("-")
    except signing.BadSignature:
        return None
    return int(account_id), int(access_id) if access_id else None


def _unsubscribe_headers(mail: OutgoingMail) -> dict[str, str]:
    if mail.kind not in SUBSCRIBED:
        return {}
    return {
        "List-Unsubscribe": f"<{absolute(unsubscribe_path(mail.account_id, _only_access_of(mail)))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _only_access_of(mail: OutgoingMail) -> int | None:
    """Return the access a mail is about, if it is about one alone."""
    if mail.kind == Kind.PROGRESS:
        return mail.news[0][0].pk if len(mail.news) == 1 else None
    return mail.access_id
