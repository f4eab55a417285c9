"""How many rows a list of the admin has, in words.

Wagtail puts the figure before the plural (「3 使用者」). Chinese counts with a measure word, which depends on what is counted:
「共 3 位」. The one class of lists gets a paginator that says so; a test notices if Wagtail moves it.
"""

from django.contrib.auth import get_user_model
from django.utils.functional import cached_property
from django.utils.translation import pgettext
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import BaseListingView

from cpor_core.models import CaseWord, ClerkPost, Court, PartyRole, ProgressKind


def install() -> None:
    """Put the paginator in place."""
    BaseListingView.paginator_class = CountingPaginator


class CountingPaginator(WagtailPaginator):
    """Wagtail's, with the number of rows as each language counts: “3 courts”, 「共 3 個」."""

    @cached_property
    def items_count_label(self) -> str:
        name = self.verbose_name if self.count == 1 else self.verbose_name_plural
        return self._pattern() % {"count": f"{self.count:,}", "name": name}

    def _pattern(self) -> str:
        if self.model in {ClerkPost, get_user_model()}:
            return pgettext("how many people a list has", "%(count)s %(name)s")
        if self.model in {CaseWord, Court, PartyRole, ProgressKind}:
            return pgettext("how many things a list has", "%(count)s %(name)s")
        return pgettext("how many rows a list has", "%(count)s %(name)s")
