"""Searches of the office's lists: by a whole case number, or by a part of a name.

The rows passed in are within the clerk's horizon. Rows of other relations are narrowed by `for_clerk` here, so that a search
reveals nothing that another court recorded.
"""

from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet

from cpor_cases import case_search
from cpor_cases.models import Application, Case, MergedCase, Petition
from cpor_cases.models.log_facts import row_token
from cpor_core import petition_numbers
from cpor_core.case_numbers import fold, parse_case_number, spellings_of_word
from cpor_core.email_addresses import normalise
from cpor_core.search_text import holds


def merged_numbers(text: str, clerk) -> list[MergedCase]:
    """The whole number in `text`, if it was merged into another one within the clerk's horizon: once, or more often."""
    number = parse_case_number(text)
    if number is None:
        return []
    return list(
        MergedCase.objects.for_clerk(clerk).named(number).select_related("case").order_by("merged_at")
    )


def applications(rows: QuerySet, text: str) -> QuerySet:
    """Applications a caller could mean: by the case number or a part of it (重訴45), name, address or receipt number."""
    found = case_search.of_typed_number(rows, text, "case__")
    if found is not None:
        return found
    of_number = case_search.has_part_of_number(text, "case__")
    if (number := petition_numbers.parse(text)) is not None:
        of_number |= Q(petition__number=number)
    return rows.filter(of_number | holds(text) | _is_in_address(text, "email"))


def petitions_on_their_way(text: str, clerk) -> list[Petition]:
    """The petition whose number this is, if it is for the clerk's court and its paper has not been recorded."""
    found = Petition.objects.for_clerk(clerk).numbered(text).filter(applications=None)
    return list(found.select_related("court", "role"))


def _is_in_address(text: str, column: str) -> Q:
    """A piece of an address, in the normal form in which addresses are stored."""
    piece = normalise(text)
    return Q(**{f"{column}__contains": piece}) if piece else Q(pk__in=[])


def cases(rows: QuerySet, text: str, clerk) -> QuerySet:
    """Cases by their number or a part of it (重訴45, 115重訴, 45), by division (孝, 孝股), or by a piece of the cause or of an
    applicant's name."""
    found = case_search.of_typed_number(rows, text)
    if found is not None:
        return found
    folded = fold(text)
    if folded.isdecimal() and len(folded) <= 7:
        return case_search.of_number_facts(rows, number=int(folded))
    named = Application.objects.for_clerk(clerk).filter(holds(text)).order_by()
    of_division = Q(division=division_in(text)) if division_in(text) else Q(pk__in=[])
    of_number = Q(word__in=spellings_of_word(text)) | case_search.has_part_of_number(text)
    return rows.filter(of_number | of_division | holds(text) | Q(pk__in=named.values("case")))


def division_in(text: str) -> str:
    """Return the division that a text names, as it is stored: 孝 of 孝股."""
    return fold(text).removesuffix("股").strip()


def mails(rows: QuerySet, text: str) -> QuerySet:
    """Mails by case number or a piece of the address."""
    found = case_search.of_typed_number(rows, text, "access__case__")
    return found if found is not None else rows.filter(_is_in_address(text, "address"))


def activations(rows: QuerySet, text: str, clerk) -> QuerySet:
    """Activations by the name on an application at the clerk's own courts, or a piece of the address.

    An account may have applications at several courts: names that another court recorded are not searched.
    """
    named = Application.objects.for_clerk(clerk).filter(holds(text), account=OuterRef("account"))
    return rows.filter(Exists(named) | _is_in_address(text, "account__email"))


def log_entries(rows: QuerySet, text: str, user) -> QuerySet:
    """Entries of the log on one case: the case itself, all that hangs on its number, and the lists that showed it.

    Any other text is searched in the label, and in the account name and the name of who acted, as it was then.
    """
    if (found := case_search.of_typed_number(Case.objects.for_clerk(user), text)) is None:
        return rows.filter(holds(text))
    cases = list(found)
    itself = Q(
        content_type=ContentType.objects.get_for_model(Case), object_id__in=[str(case.pk) for case in cases]
    )
    shown = [*cases, *Application.objects.filter(case__in=cases)]
    former = MergedCase.objects.filter(case__in=cases, former_key__isnull=False)
    tokens = [row_token(row) for row in shown] + [f"case:{each.former_key}" for each in former]
    listed = reduce(or_, (Q(rows__contains=f" {token} ") for token in tokens), Q(pk=None))
    return rows.filter(itself | listed | holds(str(parse_case_number(text))))
