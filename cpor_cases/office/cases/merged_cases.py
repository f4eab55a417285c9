"""Links to a case that was merged lead to the case that stays."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cpor_cases.models import MergedCase
from cpor_core.office.views import HorizonMixin


class MergedLeadsOnMixin(HorizonMixin):
    """Redirects the URLs of a merged case to the case that stays, with a message.

    A form sent to the merged case changes nothing: the clerk opens the right case first.
    """

    merged: MergedCase | None = None

    def setup(self, request, *args, **kwargs):
        try:
            super().setup(request, *args, **kwargs)
        except Http404:
            self.merged = self.find_merged(kwargs["pk"])
            if self.merged is None:
                raise

    def find_merged(self, key: int) -> MergedCase | None:
        found = MergedCase.objects.filter(former_key=key, case__in=self.get_rows())
        return found.select_related("case").first()

    def dispatch(self, request, *args, **kwargs):
        if self.merged is None:
            return super().dispatch(request, *args, **kwargs)
        sentence = _("Case %(number)s was merged into this one.") % {"number": self.merged.full_number}
        if request.method == "POST":
            unrecorded = _("Nothing you sent was recorded.")
            messages.warning(request, f"{sentence} {unrecorded}")
        else:
            messages.info(request, sentence)
        return redirect("office_cases:inspect", self.merged.case_id)
