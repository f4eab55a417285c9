"""The description of the interface for programs (OpenAPI): what django-ninja derives, completed."""

from ninja import NinjaAPI

from cpor_core import request_ids

from .problems import PROBLEM_JSON
from .schemas import MANIFEST_ROW_SCHEMA, ROW_SCHEMA

REQUEST_ID = {
    "name": request_ids.HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": request_ids.PATTERN},
    "description": "What the call is called in the service's log. Without one the service makes one up.",
}
HEADERS = {
    202: {"Location": "Where its state is found."},
    401: {"WWW-Authenticate": "How to prove who calls (RFC 6750)."},
    **dict.fromkeys((409, 429, 503), {"Retry-After": "After how many seconds to try again."}),
}


def _headers_of(status: int) -> dict:
    """Describe the headers of an answer."""
    described = {request_ids.HEADER: "The id of the call.", **HEADERS.get(status, {})}
    return {
        name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in described.items()
    }


class Interface(NinjaAPI):
    def get_openapi_schema(self, **kwargs):
        """The schema, with the content type that refusals really have."""
        schema = super().get_openapi_schema(**kwargs)
        schema["components"]["schemas"]["ProgressRow"] = ROW_SCHEMA
        schema["components"]["schemas"]["ManifestRow"] = MANIFEST_ROW_SCHEMA
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation.setdefault("parameters", []).append(REQUEST_ID)
                for status, response in operation["responses"].items():
                    response["headers"] = _headers_of(int(status))
                    if int(status) >= 400:
                        response["content"] = {PROBLEM_JSON: response["content"]["application/json"]}
        return schema
