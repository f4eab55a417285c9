"""Whether the data of courts comes in time: its manager and the operator see it, set its times, and mark closed days."""

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cpor_cases.actions import rhythms
from cpor_cases.models import CourtClosure, CourtDelay
from cpor_cases.models.last_data import with_last_data
from cpor_cases.office.views import ActionView, ObjectFormView
from cpor_cases.permission_policies import ClosurePolicy, RhythmPolicy
from cpor_cases.rhythm.shares import shares_on_time
from cpor_core.models import Court
from cpor_core.office.views import HorizonMixin
from cpor_core.roc_dates import month_in_both_calendars

from .forms import ClosureForm, RhythmForm
from .wording import sentences_of, typed

MONTHS_SHOWN = 6
CLOSURES_SHOWN = 20


class RhythmListView(HorizonMixin, WagtailAdminTemplateMixin, TemplateView):
    """The courts whose data the reader sees to, the late ones first; of one alone its own page."""

    model = Court
    permission_policy = RhythmPolicy(Court)
    permission_required = "manage"
    template_name = "cpor_cases/office/rhythms/index.html"
    page_title = gettext_lazy("Data of the courts")
    header_icon = "time"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request, *args, **kwargs):
        courts = list(with_last_data(self.get_rows()).select_related("rhythm"))
        if len(courts) == 1:
            return redirect("office_rhythms:edit", courts[0].pk)
        late = {delay.court_id: delay for delay in CourtDelay.objects.going_on()}
        rows = [
            {
                "court": court,
                "delay": late.get(court.pk),
                "times": sentences_of(court.rhythm) if hasattr(court, "rhythm") else [],
            }
            for court in courts
        ]
        rows.sort(key=lambda row: row["delay"] is None)
        return self.render_to_response(self.get_context_data(rows=rows))


class OfCourtView(ObjectFormView):
    """A form about the data of one court."""

    model = Court
    permission_policy = RhythmPolicy(Court)
    permission_required = "manage"
    index_url_name = "office_rhythms:index"
    inspect_url_name = "office_rhythms:edit"

    def get_list_label(self) -> str:
        return _("Data of the courts")


class RhythmEditView(OfCourtView):
    form_class = RhythmForm
    template_name = "cpor_cases/office/rhythms/form.html"
    button = pgettext_lazy("button", "Save")

    def get_page_title(self) -> str:
        return _("Data of %(court)s") % {"court": self.object}

    def get_back_url(self) -> str:
        return reverse("wagtailadmin_home")

    @cached_property
    def rhythm(self):
        return rhythms.rhythm_of(self.object)

    def get_initial(self):
        facts = {name: getattr(self.rhythm, name) for name in rhythms.CHOSEN}
        return facts | {"set_times": typed(self.rhythm.set_times)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            court=with_last_data(Court.objects.filter(pk=self.object.pk)).get(),
            rhythm=self.rhythm,
            times=sentences_of(self.rhythm),
            delay=CourtDelay.objects.going_on().filter(court=self.object).first(),
            months=self._months(),
            closures=self.object.closures.select_related("marked_by")[:CLOSURES_SHOWN],
            **kwargs,
        )

    def _months(self) -> list[dict]:
        present = timezone.localdate().replace(day=1)
        shares = shares_on_time(present - relativedelta(months=MONTHS_SHOWN - 1), present)
        own = [share for share in shares if share.court == self.object.pk]
        return [{"name": month_in_both_calendars(share.month), "share": share} for share in reversed(own)]

    def form_valid(self, form):
        if rhythms.choose(court=self.object, by=self.request.user, **form.cleaned_data):
            messages.success(self.request, _("Saved. What was due before is not asked for any more."))
        else:
            messages.info(self.request, _("Nothing was changed."))
        return redirect("office_rhythms:edit", self.object.pk)


class CloseView(OfCourtView):
    """Marks days on which the court is closed."""

    form_class = ClosureForm
    template_name = "cpor_core/office/form.html"
    page_title = gettext_lazy("Mark closed days")
    button = gettext_lazy("Mark closed days")

    def form_valid(self, form):
        rhythms.close(court=self.object, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Marked: on these days no data is expected."))
        return redirect("office_rhythms:edit", self.object.pk)


class ReopenView(ActionView):
    """Takes back that the court is closed on some days."""

    model = CourtClosure
    permission_policy = ClosurePolicy(CourtClosure)
    permission_required = "manage"
    related = ("court",)
    index_url_name = "office_rhythms:index"
    inspect_url_name = "office_rhythms:edit"
    question = gettext_lazy("Take back these closed days?")
    explanation = gettext_lazy(
        "Data is expected on these days again: what is late already is told within the next working hour."
    )
    button = gettext_lazy("Take back")

    def get_base_object_queryset(self) -> QuerySet:
        return self.get_rows().select_related("court")

    def get_list_label(self) -> str:
        return _("Data of the courts")

    def get_back_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.court_id])

    def show_people(self, context: dict) -> None:
        """Nobody's data is shown."""

    def post(self, request, *args, **kwargs):
        url = self.get_back_url()
        rhythms.take_back_closure(self.object, by=request.user)
        messages.success(request, _("Taken back."))
        return redirect(url)
