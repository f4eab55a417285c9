"""What the last self-check found wrong, on the first page of operators."""

from typing import Any

from wagtail.admin.ui.components import Component

from cpor_cases.models import SelfCheck
from cpor_cases.self_check.run import known


class SelfCheckPanel(Component):
    name = "self_check"
    order = 5
    template_name = "cpor_cases/office/home/self_check.html"

    def __init__(self, last: SelfCheck):
        self.last = last

    def get_context_data(self, parent_context) -> dict[str, Any]:
        faults = [
            {"code": code, "count": count, "check": known(code)} for code, count in self.last.counts.items()
        ]
        return {"faults": faults, "ended_at": self.last.ended_at}


def lay_out(request, panels: list) -> None:
    """Add the panel for superusers, who run the service, while something is wrong."""
    if not request.user.is_superuser:
        return
    last = SelfCheck.last()
    if last and last.counts:
        panels.append(SelfCheckPanel(last))
