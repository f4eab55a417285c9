"""Errors of the interface as problem details (RFC 9457, application/problem+json)."""

from typing import NamedTuple

from django.http import JsonResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from ninja import Field, Schema

from cpor_core import request_ids
from cpor_core.links import absolute

PROBLEM_JSON = "application/problem+json"


class ProblemType(NamedTuple):
    """A kind of refusal. Its name is a part of the interface: programs compare it, and the page about it has an anchor."""

    status: int
    title: str | Promise
    remedy: str | Promise
    """What its sender does about it."""


TYPES = {
    "body-incomplete": ProblemType(
        400,
        gettext_lazy("The body is incomplete"),
        gettext_lazy("Nothing was stored, and the key is free. Send it again."),
    ),
    "digest-unreadable": ProblemType(
        400,
        gettext_lazy("Content-Digest cannot be read"),
        gettext_lazy("Write it as Want-Content-Digest says."),
    ),
    "idempotency-key-unreadable": ProblemType(
        400,
        gettext_lazy("Idempotency-Key cannot be read"),
        gettext_lazy("Use a UUID, for example."),
    ),
    "token-missing": ProblemType(
        401, gettext_lazy("No token"), gettext_lazy("Send the header Authorization: Bearer …")
    ),
    "token-invalid": ProblemType(
        401,
        gettext_lazy("No valid token"),
        gettext_lazy("Ask the court's manager for a new token."),
    ),
    "insecure-connection": ProblemType(
        403,
        gettext_lazy("Not over this connection"),
        gettext_lazy("Use https:// and a new token."),
    ),
    "not-found": ProblemType(
        404,
        gettext_lazy("Not found"),
        gettext_lazy(
            "Imports and manifests of another court, and imports that did not come through this interface, are not found."
        ),
    ),
    "method-not-allowed": ProblemType(
        405, gettext_lazy("Method not allowed"), gettext_lazy("Allow says which methods there are.")
    ),
    "key-in-use": ProblemType(
        409,
        gettext_lazy("Still being received"),
        gettext_lazy("A call with the same key has not been answered yet. Wait as Retry-After says."),
    ),
    "length-required": ProblemType(
        411,
        gettext_lazy("Length missing"),
        gettext_lazy("Send Content-Length, and the body not in chunks."),
    ),
    "body-too-large": ProblemType(
        413, gettext_lazy("Too large"), gettext_lazy("Send it in parts, or gzipped.")
    ),
    "content-unsupported": ProblemType(
        415,
        pgettext_lazy("court system", "Unknown content type"),
        gettext_lazy("Accept-Post says which types there are, Accept-Encoding how they may be packed."),
    ),
    "rows-unreadable": ProblemType(
        422,
        gettext_lazy("The content cannot be accepted"),
        gettext_lazy("The detail says what is wrong with the file as a whole. Correct the export."),
    ),
    "no-rows": ProblemType(
        422,
        gettext_lazy("There is no row in it"),
        gettext_lazy("If there is no news, send nothing."),
    ),
    "key-reused": ProblemType(
        422,
        gettext_lazy("The key was used with another body"),
        gettext_lazy("Use a new key for a new body."),
    ),
    "parameter-invalid": ProblemType(
        422,
        gettext_lazy("A parameter is not known or out of range"),
        gettext_lazy("Correct the address."),
    ),
    "too-many-calls": ProblemType(
        429, gettext_lazy("Too many calls"), gettext_lazy("Wait as Retry-After says.")
    ),
    "internal-error": ProblemType(
        500,
        gettext_lazy("The service failed"),
        gettext_lazy(
            "Send the same again, with the same key. If it fails again, tell the service's operator the request_id."
        ),
    ),
    "unavailable": ProblemType(
        503,
        gettext_lazy("Not available at the moment"),
        gettext_lazy("Wait as Retry-After says, and send the same again, with the same key."),
    ),
}


class ProblemDetails(Schema):
    """RFC 9457."""

    type: str = Field(
        description="The address at which this kind of refusal is explained. It does not change, and ends in # and one of: "
        f"{', '.join(TYPES)}.",
        json_schema_extra={"format": "uri"},
    )
    title: str
    status: int
    detail: str = Field(description="A sentence for whoever reads the sender's log, by Accept-Language.")
    request_id: str = Field(description="As in the header X-Request-ID, and in the log of the service.")


class Problem(Exception):
    """A call that is refused, with its kind and a sentence for the person who reads the sender's log."""

    def __init__(self, kind: str, detail: str, **headers: str):
        super().__init__(detail)
        self.kind, self.detail = kind, detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    @property
    def status(self) -> int:
        return TYPES[self.kind].status


def address_of(kind: str) -> str:
    """Return the URI of a kind of refusal."""
    return absolute(f"{reverse('api:openapi-view')}#{kind}")


def answer(problem: Problem) -> JsonResponse:
    details = ProblemDetails(
        type=address_of(problem.kind),
        title=str(TYPES[problem.kind].title),
        status=problem.status,
        detail=str(problem.detail),
        request_id=request_ids.current(),
    )
    return JsonResponse(
        details.model_dump(),
        status=problem.status,
        content_type=PROBLEM_JSON,
        headers=problem.headers,
        json_dumps_params={"ensure_ascii": False},
    )


def no_valid_token(given: bool) -> Problem:
    """RFC 6750: who sends no token is only told how; who sends a wrong one is told that too."""
    if not given:
        detail = _("Send the court's token: Authorization: Bearer …")
        return Problem("token-missing", detail, WWW_Authenticate='Bearer realm="progress"')
    detail = _("The token is not known, has been revoked or has expired.")
    return Problem("token-invalid", detail, WWW_Authenticate='Bearer realm="progress", error="invalid_token"')
