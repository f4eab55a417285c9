"""書狀下載: the page with all forms."""

from django.utils.translation import gettext_lazy as _

from cpor_core.models import Category

from .base import SitePage
from .court_forms import CourtForm, CourtFormQuerySet
from .role_groups import RoleGroup


class FormsPage(SitePage):
    """書狀下載: all forms, to be narrowed down by category, by what one wants to do and by who one is."""

    template = "cpor_pages/forms_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("forms page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        roles = [(group.slug, group.name) for group in RoleGroup.objects.all()]
        choices = {"category": Category.choices, "purpose": CourtForm.Purpose.choices, "who": roles}
        chosen = {name: _one_of(options, request.GET.get(name, "")) for name, options in choices.items()}
        forms = list(self._chosen(**chosen))
        groups = [(each, [form for form in forms if form.purpose == each]) for each in CourtForm.Purpose]
        return context | {
            "groups": [(group, found) for group, found in groups if found],
            "count": len(forms),
            "choices": choices,
            "chosen": chosen,
        }

    def _chosen(self, *, category: str, purpose: str, who: str) -> CourtFormQuerySet:
        forms = CourtForm.objects.offered()
        if category:
            forms = forms.in_category(category)
        if purpose:
            forms = forms.filter(purpose=purpose)
        return forms.used_by_group(who, category=category) if who else forms


def _one_of(options: list[tuple[str, str]], wanted: str) -> str:
    """Return what was chosen; an address with anything else shows all."""
    return wanted if wanted in dict(options) else ""
