"""Where the public site meets Wagtail's admin. Registration only."""

from wagtail.snippets.models import register_snippet

from .viewsets import CourtFormViewSet, ReferenceDataGroup

register_snippet(CourtFormViewSet)
register_snippet(ReferenceDataGroup)
