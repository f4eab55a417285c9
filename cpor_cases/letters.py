"""How each letter is written: text and HTML in the recipient's language, made only when it is sent.

A letter's links hold secrets (activation, password reset, unsubscribe). They are derived here from keys and the
site's secret key and never stored.
"""

import datetime as dt
from collections.abc import Iterable
from email.utils import format_datetime
from urllib.parse import unquote

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation

from . import letter_forms
from .letter_forms import Letter
from .models import Activation, Case, CaseAccess, OutgoingMail, ProgressEntry

Kind = OutgoingMail.Kind


def render(mail: OutgoingMail, now: dt.datetime | None = None) -> Letter | None:
    """Return the finished message of `mail`, or None if by now there is nothing left to say in it."""
    with translation.override(mail.account.language):
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
            "text": unquote(letter_forms.render(f"notifications/{kind}.txt", context)),
        }


def absolute(path: str) -> str:
    """Return the full address of a path of this site."""
    return settings.BASE_URL + path


def template_of(mail: OutgoingMail) -> str:
    """Return the name under which a letter's three templates lie in templates/notifications/."""
    return mail.about.get("letter", mail.kind)


def _subject(letter: str, context: dict) -> str:
    return " ".join(letter_forms.render(f"notifications/{letter}_subject.txt", context).split())


def _message(mail: OutgoingMail, context: dict, now: dt.datetime) -> Letter:
    name = f"notifications/{template_of(mail)}"
    letter = Letter(
        subject=_subject(template_of(mail), context),
        body=letter_forms.render(f"{name}.txt", context),
        html=letter_forms.render(f"{name}.html", context),
        to=[mail.address],
        headers={
            "Message-ID": f"<{mail.message_id}>",
            "Date": format_datetime(timezone.localtime(now)),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers, please
            "Content-Language": mail.account.language,
            **_unsubscribe_headers(mail),
        },
    )
    letter.metadata = {"message_id": mail.message_id}  # what a provider's webhook gives back (django-anymail)
    return letter


# What each letter is about


def _activation(mail: OutgoingMail) -> dict | None:
    activation = Activation.objects.get(account_id=mail.account_id)
    if activation.is_activated or activation.is_locked:
        return None
    return {
        "court": mail.court,
        "url": absolute(activation_path(activation)),
        "expires_at": activation.link_expires_at,
    }


def _case_added(mail: OutgoingMail) -> dict | None:
    if mail.access.ended_at is not None or not mail.account.is_active:
        return None
    return {
        "case": _named(mail.access.case),
        "url": absolute(reverse("cpor_cases:case", args=[mail.access.case.public_id])),
    }


def _progress(mail: OutgoingMail) -> dict | None:
    accesses = list(
        CaseAccess.objects.visible_to(mail.account)
        .filter(announcements__run=mail.run_id, announcements__in_digest=False)
        .filter(case__in=_cases_with_news(mail))
        .wanting_news_of(mail.run_id)
        .select_related("case__court")
        .order_by("case__court", "case__year", "case__word", "case__number")
    )
    if not accesses:
        return None
    entries = _entries_shown(mail, accesses)
    return _about_news(
        {"case": _named(access.case), "entries": entries.get(access.case_id, [])} for access in accesses
    )


def _about_news(news: Iterable[dict]) -> dict:
    return {
        "news": list(news),
        "url": absolute(reverse("cpor_cases:cases")),
        "settings_url": absolute(reverse("cpor_cases:settings")),
    }


def _cases_with_news(mail: OutgoingMail):
    changed = ProgressEntry.objects.filter(changed_in=mail.run_id).announced()
    return Case.objects.filter(pk__in=changed.values("case"))


def _entries_shown(mail: OutgoingMail, accesses: list[CaseAccess]) -> dict[int, list[ProgressEntry]]:
    """Return the changed entries by case, of those cases alone whose person asked to see them in the mail."""
    asked = [access.case_id for access in accesses if access.shows_entry]
    shown: dict[int, list[ProgressEntry]] = {}
    changed = ProgressEntry.objects.filter(changed_in=mail.run_id, case__in=asked).announced()
    for entry in changed.select_related("kind").newest_first():
        shown.setdefault(entry.case_id, []).append(entry)
    return {case: entries[: settings.ENTRIES_SHOWN] for case, entries in shown.items()}


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
    if access.wanted_mails == CaseAccess.MailPreference.WEIGHTY:
        entries = [entry for entry in entries if entry.is_weighty]
    if not entries:
        return None
    return {
        "case": _named(access.case),
        "entries": entries[: settings.ENTRIES_SHOWN] if access.shows_entry else [],
    }


def _entries_of_digest(mail: OutgoingMail):
    """Return the entries last changed by the imports a digest tells of, each with whether it `is_weighty`.

    Not those that came and were withdrawn again between two digests: nobody has been told of them.
    """
    told = mail.announcements.filter(access__case=OuterRef("case"))
    came = OuterRef("first_seen_at")
    came_with_these = told.filter(
        Q(run__ended_at__gte=came) | Q(announced_at__gte=came), run__started_at__lte=came
    )
    weighty = ProgressEntry.objects.weighty().filter(pk=OuterRef("pk"))
    changed = ProgressEntry.objects.announced().filter(Exists(told.filter(run=OuterRef("changed_in"))))
    gone = changed.filter(Exists(came_with_these), withdrawn_at__isnull=False)
    return changed.exclude(pk__in=gone.values("pk")).annotate(is_weighty=Exists(weighty))


def _hearing_reminder(mail: OutgoingMail) -> dict | None:
    access, day = _reminded(mail), dt.date.fromisoformat(mail.about["day"])
    if day <= timezone.localdate() or access is None:
        return None
    coming = ProgressEntry.objects.coming_hearings().filter(case=access.case_id).order_by("hearing_at", "pk")
    hearing = next((each for each in coming if timezone.localdate(each.hearing_at) == day), None)
    if hearing is None:  # moved or called off meanwhile
        return None
    days = (day - timezone.localdate()).days
    return _about_case(access) | {"days": days, "hearing": hearing if access.shows_entry else None}


def _query_ending(mail: OutgoingMail) -> dict | None:
    access = _reminded(mail)
    last_day = access and access.case.last_query_day
    if last_day is None or last_day.isoformat() != mail.about["day"]:
        return None
    return _about_case(access) | {"last_day": last_day}


def _reminded(mail: OutgoingMail) -> CaseAccess | None:
    """Return the access a reminder is about, if the person may still see the case and still wants to be reminded."""
    own = CaseAccess.objects.visible_to(mail.account).with_mail_choices()
    return own.filter(pk=mail.access_id, is_reminded=True).select_related("case__court").first()


def _named(case: Case) -> dict[str, str]:
    return {"court": str(case.court), "full_number": str(case.full_number)}


def _about_case(access: CaseAccess) -> dict:
    return {
        "case": _named(access.case),
        "url": absolute(reverse("cpor_cases:case", args=[access.case.public_id])),
        "settings_url": absolute(reverse("cpor_cases:settings")),
    }


def _password_reset(mail: OutgoingMail) -> dict | None:
    if not mail.account.is_active:
        return None
    key = default_token_generator.make_token(mail.account)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(mail.account), "key": key}
    )
    return {"username": mail.account.username, "url": absolute(path)}


def _email_confirmation(mail: OutgoingMail) -> dict | None:
    address = EmailAddress.objects.filter(pk=mail.about["email_address"], verified=False).first()
    if address is None:
        return None
    key = EmailConfirmationHMAC(address).key
    return {"username": mail.account.username, "url": absolute(reverse("account_confirm_email", args=[key]))}


# Where a notice about the account leads, if not to the setting of a new password
_NOTICE_PAGES = {
    "mails_stopped": "cpor_cases:settings",
    "calendar_address_made": "cpor_cases:calendar",
    "case_left": "cpor_cases:cases",
    "second_factor_added": "mfa_index",
    "second_factor_removed": "mfa_index",
    "recovery_codes_made": "mfa_index",
    "new_login": "usersessions_list",
}


def _account_notice(mail: OutgoingMail) -> dict:
    page = _NOTICE_PAGES.get(template_of(mail), "account_reset_password")
    return {
        "username": mail.account.username,
        "url": absolute(reverse(page)),
        "reset_url": absolute(reverse("account_reset_password")),
        "browser": mail.about.get("browser", ""),
        "case": _named(mail.access.case) if mail.access_id else None,
        # To the minute, as it is written: letters that differ in nothing else come from one form.
        "mail": {"created_at": mail.created_at.replace(second=0, microsecond=0)},
    }


# What a person may switch off, in their settings or by one click.
SUBSCRIBED = {Kind.PROGRESS, Kind.DIGEST, Kind.HEARING_REMINDER, Kind.QUERY_ENDING}

_CONTEXTS = {
    Kind.ACTIVATION: _activation,
    Kind.CASE_ADDED: _case_added,
    Kind.PROGRESS: _progress,
    Kind.DIGEST: _digest,
    Kind.HEARING_REMINDER: _hearing_reminder,
    Kind.QUERY_ENDING: _query_ending,
    Kind.PASSWORD_RESET: _password_reset,
    Kind.EMAIL_CONFIRMATION: _email_confirmation,
    Kind.ACCOUNT_NOTICE: _account_notice,
}

# Links that hold a secret


_activation_signer = signing.Signer(salt="cpor_cases.activation")
_unsubscribe_signer = signing.Signer(salt="cpor_cases.unsubscribe")


def activation_path(activation: Activation) -> str:
    """Return the path of the link that wakes the account; a new round makes another one and voids this."""
    token = _activation_signer.sign(f"{activation.public_id.hex}-{activation.round}")
    return reverse("account_activate", args=[token])


def read_activation_token(token: str) -> tuple[str, int] | None:
    """Return public id and round of a genuine activation token, else None."""
    try:
        public_id, _, round_number = _activation_signer.unsign(token).rpartition("-")
    except signing.BadSignature:
        return None
    return public_id, int(round_number)


def unsubscribe_path(account_id: int) -> str:
    """Return the path at which one POST, without log-in, ends an account's mails about news (RFC 8058)."""
    return reverse("cpor_cases:unsubscribe", args=[_unsubscribe_signer.sign(str(account_id))])


def read_unsubscribe_token(token: str) -> int | None:
    """Return the account's key of a genuine unsubscribe token, else None."""
    try:
        return int(_unsubscribe_signer.unsign(token))
    except signing.BadSignature:
        return None


def _unsubscribe_headers(mail: OutgoingMail) -> dict[str, str]:
    if mail.kind not in SUBSCRIBED:
        return {}
    return {
        "List-Unsubscribe": f"<{absolute(unsubscribe_path(mail.account_id))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
