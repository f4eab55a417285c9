"""How every form of the site is drawn."""

from django.forms.renderers import TemplatesSetting


class AccessibleFormRenderer(TemplatesSetting):
    """Fields as label, help, error and control, in that order; see templates/cpor_core/components/field.html."""

    form_template_name = "cpor_core/components/form.html"
    field_template_name = "cpor_core/components/field.html"
