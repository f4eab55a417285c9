"""A person's mail choices: for all cases, for a single one, or no mails any more."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from cpor_cases.mail import notifications
from cpor_cases.mail.messages import with_own_choice
from cpor_cases.models import Announcement, CaseAccess, Litigant, litigant_of
from cpor_cases.models.case_accesses import CHOICES_OF_ACCOUNT
from cpor_cases.models.litigants import AS_ACCOUNT, MailPreference


@transaction.atomic
def choose_for_account(account, *, switched_off: Collection[str] = (), **choices) -> None:
    """Set what holds for every case without a choice of its own, including those added later: fields of `Litigant`."""
    chosen = {"switched_off": sorted(switched_off), "mails_chosen_at": timezone.now()}
    Litigant.objects.store(account, **chosen, **choices)
    _forget_unwanted(account)


@transaction.atomic
def choose_for_case(
    access: CaseAccess,
    *,
    preference: str,
    show_entry: bool | None,
    reminders: bool | None,
    reminder_days: str = "",
) -> None:
    """Set what is mailed about one case; AS_ACCOUNT, None or nothing follows the account's choice."""
    CaseAccess.objects.filter(pk=access.pk).update(
        mail_preference=preference,
        mails_show_entry=show_entry,
        reminders=reminders,
        reminder_days=reminder_days,
        mails_chosen_at=timezone.now(),
    )
    _forget_unwanted(access.account)


@transaction.atomic
def let_account_decide(account) -> int:
    """Apply the account's choices to each of its cases; return how many had choices of their own."""
    differing = CaseAccess.objects.live().with_own_mail_choices().filter(account=account)
    changed = differing.update(**CHOICES_OF_ACCOUNT, mails_chosen_at=timezone.now())
    _forget_unwanted(account)
    return changed


@transaction.atomic
def stop(account) -> bool:
    """End all mails about news of an account's cases and all reminders, of a case added later too, and confirm it by
    a mail; return whether there was anything to end."""
    profile = litigant_of(account)
    kinds = sorted({message.kind for message in with_own_choice()} | set(profile.switched_off))
    wanted = (
        profile.mail_preference != MailPreference.NONE or profile.reminders or profile.switched_off != kinds
    )
    live = CaseAccess.objects.live().filter(account=account).with_mail_choices()
    if not (wanted or live.exclude(wanted_mails=MailPreference.NONE, is_reminded=False).exists()):
        return False
    now = timezone.now()
    none = {"mail_preference": MailPreference.NONE, "reminders": False, "switched_off": kinds}
    Litigant.objects.store(account, **none, mails_chosen_at=now)
    live.update(mail_preference=AS_ACCOUNT, reminders=None, mails_chosen_at=now)
    _forget_unwanted(account)
    notifications.account_notice(account, "mails_stopped")
    return True


@transaction.atomic
def stop_for_case(access: CaseAccess) -> bool:
    """End the mails about news of one case and its reminders, and confirm it by a mail; return whether there was
    anything to end."""
    # Locked, so that two requests at the same moment are confirmed by one mail.
    locked = CaseAccess.objects.live().with_mail_choices().select_for_update(of=("self",))
    wanted = locked.filter(pk=access.pk).first()
    if wanted is None or (wanted.wanted_mails == MailPreference.NONE and not wanted.is_reminded):
        return False
    choose_for_case(
        access,
        preference=MailPreference.NONE,
        show_entry=access.mails_show_entry,
        reminders=False,
        reminder_days=access.reminder_days,
    )
    notifications.case_mails_stopped(access)
    return True


def _forget_unwanted(account) -> None:
    """Delete the announcements that wait for a digest about cases for which the person wants no mails any more."""
    waiting = Announcement.objects.awaiting_digest().filter(access__account=account)
    waiting.with_wanted_mails().filter(wanted_mails=MailPreference.NONE).delete()
