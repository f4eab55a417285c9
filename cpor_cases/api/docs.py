"""The page about the interface, made from its schema: plain HTML that loads nothing."""

import json

from django.shortcuts import render
from ninja.openapi.docs import DocsBase

from cpor_cases.intake.rows import HEADINGS, REQUIRED

from .problems import TYPES
from .schemas import EXAMPLE


class PlainPage(DocsBase):
    def render_page(self, request, api, **kwargs):
        schema = api.get_openapi_schema()
        operations = [
            {"method": method.upper(), "path": path} | operation
            for path, methods in schema["paths"].items()
            for method, operation in methods.items()
        ]
        context = {
            "operations": operations,
            "columns": [(key, heading, key in REQUIRED) for key, heading in HEADINGS.items()],
            "types": TYPES.items(),
            "example": json.dumps([EXAMPLE], ensure_ascii=False, indent=2),
            "schema_url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "cpor_cases/api/docs.html", context)
