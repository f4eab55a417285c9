"""The mails about news in cases: at once after each import, or one a day."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.hearings.of_cases import attach_to_entries
from cpor_cases.hearings.standing import Mention
from cpor_cases.mail import links
from cpor_cases.models import Case, CaseAccess, HearingNotice, OutgoingMail, ProgressEntry
from cpor_core import conf
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS, HearingEffect, ProgressKind

from .base import Context, Message, named

CHANGED = _("A hearing in your case has changed")
CALLED_OFF_AND_MOVED = _("Hearings called off and moved")
CALLED_OFF = pgettext_lazy("subject", "Hearing called off")
MOVED = pgettext_lazy("subject", "Hearing moved")
OF_HEARINGS = (CHANGED, CALLED_OFF_AND_MOVED, CALLED_OFF, MOVED)


class Progress(Message):
    """What one import changed that the person may see and wants news of."""

    kind = "progress"
    label = _("news of progress")
    subject = _("There is news in your case")
    other_subjects = OF_HEARINGS
    can_be_switched_off = True
    is_previewed = True

    @classmethod
    def prefetch(cls, mails: list[OutgoingMail]) -> None:
        """Give each mail its news: accesses with the entries to be shown."""
        runs = {mail.run_id for mail in mails}
        told_of = ProgressEntry.objects.announced().filter(
            changed_in=OuterRef("told_of"), case=OuterRef("case")
        )
        accesses = (
            CaseAccess.objects.visible_to_each({mail.account for mail in mails})
            .filter(announcements__run__in=runs, announcements__in_digest=False)
            .annotate(told_of=F("announcements__run"), is_ahead=F("announcements__is_ahead"))
            # An annotation, not a filter: a planner that expects few rows would read all entries that the import changed.
            .annotate(has_news=Exists(told_of))
            .wanting_news_of(OuterRef("told_of"))
            .select_related("case__court")
            .order_by("case__court", "case__year", "case__word", "case__number")
        )
        told: list[Any] = [access for access in accesses if access.has_news]  # with annotations
        entries = _entries_shown(runs, told)
        news: dict[tuple[int | None, int | None, bool], list[tuple]] = {}
        for access in told:
            shown = entries.get((access.told_of, access.case_id), []) if access.shows_entry else []
            of_mail = news.setdefault((access.account_id, access.told_of, access.is_ahead), [])
            of_mail.append((access, shown[: conf.ENTRIES_SHOWN]))
        changes = _changes_of_hearings(runs, {access.case_id for access in told})
        notices = HearingNotice.objects.mailed().filter(run__in=runs)
        urgent = set(notices.values_list("access__account", "run", "is_ahead").distinct())
        for mail in mails:
            mail.facts = {
                "news": news.get((mail.account_id, mail.run_id, mail.is_ahead), []),
                "changes": {case: found for (run, case), found in changes.items() if run == mail.run_id},
                "is_urgent": (mail.account_id, mail.run_id, mail.is_ahead) in urgent,
            }

    @property
    def only_access(self) -> int | None:
        news = self.facts["news"]
        return news[0][0].pk if len(news) == 1 else None

    def keep_to_its_court(self) -> bool:
        """Impossible if the import has news of other courts, too: the mail may name their cases."""
        return self.mail.run is None or self.mail.run.court_id == self.mail.court_id

    def get_context(self) -> Context | None:
        if not self.facts["news"]:
            return None
        news, changes = self.facts["news"], self.facts["changes"]
        told = _about_news(_news_of(access.case, entries) for access, entries in news)
        changed = ((access, changes.get(access.case_id, set())) for access, _entries in news)
        subject = _subject_of(changed, otherwise=self.subject)
        return told | subject | _question_of(self.mail, told["news"]) | {"known_url": self._known_url()}

    def _known_url(self) -> str:
        """Return the link by which the reader says that they know of the changed hearings; empty if none changed soon."""
        if not self.facts["is_urgent"]:
            return ""
        return links.absolute(links.known_path(self.mail.account.pk, self.mail.run_id))


class Digest(Message):
    """The daily mail: what has been announced and is still current. Each case appears once, however many imports changed it."""

    kind = "digest"
    label = _("one email a day")
    subject = _("News of your cases")
    other_subjects = OF_HEARINGS
    can_be_switched_off = True
    is_previewed = True

    def get_context(self) -> Context | None:
        accesses = (
            CaseAccess.objects.visible_to(self.mail.account)
            .filter(pk__in=self.mail.announcements.values("access"))
            .with_mail_choices()
            .exclude(wanted_mails=CaseAccess.MailPreference.NONE)
            .select_related("case__court")
            .order_by("case__court", "case__year", "case__word", "case__number")
        )
        entries: dict[int, list[ProgressEntry]] = {}
        told = list(_entries_of_digest(self.mail).select_related("kind").newest_first())
        attach_to_entries(told)
        for entry in told:
            entries.setdefault(entry.case_id, []).append(entry)
        found = ((access, _news_in_digest(access, entries.get(access.case_id, []))) for access in accesses)
        told = [(access, item) for access, item in found if item]
        self.mail.facts = {"accesses": [access.pk for access, _item in told]}
        if not told:
            return None
        changed = {
            access.pk: {_change(entry.mention) for entry in entries[access.case_id] if entry.mention}
            for access, _item in told
        }
        by_access = ((access, changed[access.pk]) for access, _item in told)
        subject = _subject_of(by_access, otherwise=self.subject)
        said = _about_news(item for _access, item in told)
        return said | subject | _question_of(self.mail, said["news"])

    @property
    def only_access(self) -> int | None:
        accesses = self.facts.get("accesses", [])
        return accesses[0] if len(accesses) == 1 else None


def _changes_of_hearings(
    runs: set[int | None], cases: set[int]
) -> dict[tuple[int | None, int], set[HearingEffect | None]]:
    """Return by import and case what was done to hearings: moved or called off."""
    changed = ProgressEntry.objects.announced().filter(
        Q(kind__hearing_effect__in=CHANGES_OF_HEARINGS)
        | Q(corrected_at__isnull=False)
        | Q(withdrawn_at__isnull=False),
        changed_in__in=runs,
        case__in=cases,
    )
    entries = list(changed)
    attach_to_entries(entries)
    found: dict[tuple[int | None, int], set[HearingEffect | None]] = {}
    for entry in entries:
        if entry.mention:
            found.setdefault((entry.changed_in_id, entry.case_id), set()).add(_change(entry.mention))
    return found


def _change(mention: Mention) -> HearingEffect | None:
    """Return what a reader learns from an entry about a hearing known before: that it is moved or called off."""
    if mention.calls_off and not mention.is_withdrawn:
        return HearingEffect.CALLS_OFF
    if mention.moves or mention.moved_to or (mention.before and mention.stands):
        return HearingEffect.MOVES
    return None if mention.stands else HearingEffect.CALLS_OFF


def _subject_of(told: Iterable[tuple[Any, set]], *, otherwise: str | Promise) -> Context:
    """Return the subject: what happened to hearings, or `otherwise`.

    It says what happened only where the person lets mails show the entry.
    """
    shown: set = set()
    hidden: set = set()
    for access, changes in told:
        (shown if access.shows_entry else hidden).update(changes - {None})
    return {"subject": _said_of_hearings(shown) or (str(CHANGED) if hidden else str(otherwise))}


def _said_of_hearings(changes: set) -> str:
    is_called_off, is_moved = HearingEffect.CALLS_OFF in changes, HearingEffect.MOVES in changes
    if is_called_off and is_moved:
        return str(CALLED_OFF_AND_MOVED)
    if is_called_off:
        return str(CALLED_OFF)
    return str(MOVED) if is_moved else ""


def _entries_shown(
    runs: set[int | None], accesses: list[Any]
) -> dict[tuple[int | None, int], list[ProgressEntry]]:
    """Return the changed entries by import and case, of those cases alone whose person asked to see them in the mail."""
    asked = {access.case_id for access in accesses if access.shows_entry}
    shown: dict[tuple[int | None, int], list[ProgressEntry]] = {}
    if asked:
        changed = ProgressEntry.objects.announced().filter(changed_in__in=runs, case__in=asked)
        found = list(changed.select_related("kind").newest_first())
        attach_to_entries(found)
        for entry in found:
            shown.setdefault((entry.changed_in_id, entry.case_id), []).append(entry)
    return shown


def _about_news(news: Iterable[dict]) -> Context:
    """Return what the mail says; its link leads to the case if there is one alone, else to all of them."""
    news = list(news)
    return {
        "news": news,
        "url": news[0]["url"] if len(news) == 1 else links.to_page("cpor_cases:cases"),
        "settings_url": links.to_page("cpor_cases:settings"),
    }


def _news_of(case: Case, entries: list[ProgressEntry]) -> dict:
    """Return what is said of one case: its entries, if they are to be shown, each kind explained once."""
    told = {"case": named(case), "url": links.to_case(case), "entries": entries}
    if not entries:
        return told
    explained: set[int] = set()
    whom: list[str] = []
    for entry in entries:
        # What a kind means ("nobody need come") does not hold as long as it is unclear which hearing is meant.
        is_clear = not (entry.mention and entry.mention.is_unclear)
        entry.is_explained = entry.withdrawn_at is None and entry.kind_id not in explained and is_clear
        if entry.is_explained:
            explained.add(entry.kind_id)
        if entry.is_explained or not is_clear:
            whom.append(entry.kind.whom_to_ask)
    website = case.court.website
    contact = {
        "phone": case.court.phone,
        "website": website,
        "in_words": links.host_in_words(website) if website and links.are_in_words() else "",
    }
    return told | {"whom_to_ask": _each_once(whom), "contact": contact}


def _question_of(mail: OutgoingMail, news: list[dict]) -> Context:
    """Return the link to the questions whether the mail was clear, and the kind of entry that they are about.

    A mail asks once, about the entry that matters most to its reader, however many it tells of: who has to answer for each
    of several entries answers for none. One that shows no entry, explains none, or has no links, does not ask.
    """
    explained = [entry for item in news for entry in item["entries"] if entry.is_explained]
    if not explained or links.are_in_words():
        return {"clarity_url": "", "clarity_kind": ""}
    kind = min((entry.kind for entry in explained), key=_rank)  # the first of equal ones is the newest
    return {"clarity_url": links.absolute(links.clarity_path(mail, kind.pk)), "clarity_kind": str(kind)}


def _rank(kind: ProgressKind) -> int:
    """Return how much an entry of a kind matters to those who read it, the most important first."""
    if kind.hearing_effect in CHANGES_OF_HEARINGS:
        return 0
    important = [ProgressKind.Stage.DISPOSITION, ProgressKind.Stage.HEARING]
    return 1 + important.index(ProgressKind.Stage(kind.stage)) if kind.stage in important else 3


def _each_once(sentences: list[str]) -> list[str]:
    """Return the sentences without duplicates, and without those that another one contains."""
    distinct = [each for each in dict.fromkeys(sentences) if each]
    return [
        each
        for each in distinct
        if not any(each.rstrip("。.") in other for other in distinct if other is not each)
    ]


def _news_in_digest(access: Any, entries: list[Any]) -> dict | None:
    if access.wanted_mails == CaseAccess.MailPreference.IMPORTANT:
        entries = [entry for entry in entries if entry.is_important]
    if not entries:
        return None
    return _news_of(access.case, entries[: conf.ENTRIES_SHOWN] if access.shows_entry else [])


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
