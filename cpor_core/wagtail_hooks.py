"""Where the project meets Wagtail's admin. Registration only."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks


@hooks.register("insert_global_admin_js")
def office_widgets_script():
    return format_html('<script src="{}"></script>', static("js/office-widgets.js"))
