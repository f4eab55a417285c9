"""Groups of party roles, by which visitors filter the forms."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from cpor_core.models import PartyRole
from cpor_core.translated.fields import TranslatedField


class RolesField(forms.ModelMultipleChoiceField):
    """The roles with their category: a defendant is one in more than one."""

    def label_from_instance(self, role: PartyRole) -> str:
        return f"{role.get_category_display()} – {role}"


class RoleGroupForm(WagtailAdminModelForm):
    roles = RolesField(PartyRole.objects.all(), widget=forms.CheckboxSelectMultiple, label=_("roles"))


class RoleGroup(models.Model):
    """Roles that visitors see as one: plaintiff and defendant are both parties, in every category."""

    slug = models.SlugField(_("short name in addresses"), max_length=40)
    name = TranslatedField(pgettext_lazy("group of roles", "name"), max_length=100)
    roles = models.ManyToManyField(
        PartyRole,
        related_name="role_groups",
        verbose_name=_("roles"),
        help_text=_(
            "They also say in which categories the group exists: no civil case has a defense counsel."
        ),
    )
    sort_order = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    base_form_class = RoleGroupForm
    panels = [
        FieldPanel("name"),
        FieldRowPanel(
            [
                FieldPanel(
                    "slug", help_text=_("Small letters and hyphens, as in /forms/?who=defense-counsel.")
                ),
                FieldPanel("sort_order", help_text=_("Smaller numbers stand first.")),
            ]
        ),
        FieldPanel("roles"),
    ]

    class Meta:
        verbose_name = _("group of roles")
        verbose_name_plural = _("groups of roles")
        ordering = ["sort_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["slug"], name="unique_role_group_slug")]

    def __str__(self) -> str:
        return self.name
