"""How to apply, and who may."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cpor_core.models import Category, PartyRole

from .base import BodyPage


class ApplyPage(BodyPage):
    """How to apply, and who may: the roles come from the reference data the clerks go by."""

    template = "cpor_pages/apply_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("how to apply")

    @cached_property
    def roles_by_category(self) -> list[tuple[str, list[PartyRole]]]:
        entitled = list(PartyRole.objects.filter(is_entitled=True))
        return [
            (str(category.label), [role for role in entitled if role.category == category])
            for category in Category
        ]
