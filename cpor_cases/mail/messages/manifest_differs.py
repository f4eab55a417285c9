"""The mail to the managers of a court whose system holds other entries than the service."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links
from cpor_cases.models import Manifest, ManifestDifference
from cpor_cases.permissions import managers_of

from .base import Context
from .to_the_office import OfficeMessage


class ManifestDiffersMail(OfficeMessage):
    """Goes to the managers of the court. Not sent any more once a later manifest agrees. It names no case."""

    kind = "manifest_differs"
    label = _("the court's system holds other entries")
    subject = _("Your court's system holds other entries than this service")
    is_of_the_moment = True

    def get_context(self) -> Context | None:
        manifest = Manifest.objects.select_related("court").filter(pk=self.mail.about["manifest"]).first()
        if manifest is None or not managers_of(manifest.court).filter(pk=self.reader.pk).exists():
            return None
        kinds = ManifestDifference.Kind
        found = ManifestDifference.objects.open().filter(court=manifest.court_id)
        counts = {kind: found.filter(kind=kind).count() for kind in kinds}
        if not any(counts.values()):
            return None
        return {
            "court": str(manifest.court),
            "missing": counts[kinds.MISSING],
            "different": counts[kinds.DIFFERENT],
            "extra": counts[kinds.EXTRA],
            "url": links.to_office(reverse("office_manifests:index")),
        }
