"""The interface for the courts' own systems: progress entries in, states of imports out."""

import logging
import pathlib
from collections.abc import Iterable
from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import path, reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Path, Query, Status
from ninja.errors import ValidationError

from cpor_cases.actions import submissions, viewing
from cpor_cases.intake.dry_run import simulate
from cpor_cases.intake.reading.formats import read_blocks
from cpor_cases.models import ApiToken, ImportRun, IncomingFile, RejectedRow
from cpor_core import request_ids
from cpor_core.punctuation import listed
from cpor_core.translated.fields import text_in

from . import bodies, reference
from .callers import TokenOfCourt
from .docs import GuidePage
from .problems import PROBLEM_JSON, Problem, ProblemDetails, answer
from .schemas import (
    DRY_RUN_ROWS,
    EXAMPLE,
    MOST_ROWS_A_PAGE,
    ROW_SCHEMA,
    Accepted,
    DryRun,
    Import,
    Rejected,
    State,
    TokenInfo,
)

logger = logging.getLogger(__name__)

ROWS_A_PAGE = 100
LARGEST = 2**31 - 1


REQUEST_ID = {
    "name": request_ids.HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": request_ids.PATTERN},
    "description": "What the call is called in the service's log. Without one the service makes one up.",
}
HEADERS = {
    202: {"Location": "Where the import is found."},
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
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation.setdefault("parameters", []).append(REQUEST_ID)
                for status, response in operation["responses"].items():
                    response["headers"] = _headers_of(int(status))
                    if int(status) >= 400:
                        response["content"] = {PROBLEM_JSON: response["content"]["application/json"]}
        return schema


api = Interface(
    title="Progress of cases",
    version="1",
    description="For the courts' own systems. /api/v1/docs is the guide, in Chinese and English.",
    urls_namespace="api",
    docs=GuidePage(),
    auth=TokenOfCourt(),
)


def problems(*statuses: int) -> dict:
    return dict.fromkeys(statuses, ProblemDetails)


@api.exception_handler(Problem)
def _refuse(request, problem):
    return answer(problem)


@api.exception_handler(Http404)
def _not_found(request, error):
    return answer(Problem("not-found", _("There is no such import of this court.")))


@api.exception_handler(ValidationError)
def _not_valid(request, error):
    return answer(_wrong_parameters(str(item["loc"][-1]) for item in error.errors))


def _wrong_parameters(names: Iterable[str]) -> Problem:
    sentence = _("These parameters are not known, cannot be read or are out of range: %(names)s.")
    return Problem("parameter-invalid", sentence % {"names": listed(sorted(set(names)))})


def _require_known_parameters(request: HttpRequest, *known: str) -> None:
    """Raise Problem if the call has a parameter that nobody looks at: mistyped, it would be passed over without a word."""
    if unknown := request.GET.keys() - set(known):
        raise _wrong_parameters(name[:40] for name in unknown)


@api.get(
    "/token",
    response={200: TokenInfo, **problems(401, 422, 429)},
    summary="Whether the token is valid, and until when",
    operation_id="check_token",
    url_name="token",
)
def check_token(request: HttpRequest):
    """Tells of which court the token is and when it expires; stores nothing."""
    _require_known_parameters(request)
    token: ApiToken = request.auth
    return {
        "court": token.court.code,
        "court_name_zh": text_in(token.court, "name", "zh-hant"),
        "court_name_en": text_in(token.court, "name", "en"),
        "label": token.label,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
    }


@api.get(
    "/reference",
    response={200: reference.Reference, 304: None, **problems(401, 422, 429)},
    summary="Courts, categories, words, kinds and columns",
    operation_id="read_reference",
    url_name="reference",
    openapi_extra={
        "parameters": [
            {
                "name": "If-None-Match",
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "description": "The ETag of an earlier answer: 304 and no content as long as nothing has changed.",
            }
        ]
    },
)
def read_reference(request: HttpRequest, response: HttpResponse):
    """Tells what may stand in a row: codes and names in both languages, with a version that changes when they do."""
    _require_known_parameters(request)
    content = reference.read()
    etag = quote_etag(content["version"])
    response.headers["ETag"], response.headers["Cache-Control"] = etag, "private, no-cache"
    conditional = get_conditional_response(request, etag=etag, response=response)
    return content if conditional is response else conditional


@api.post(
    "/progress",
    response={200: DryRun, 202: Accepted, **problems(400, 401, 409, 411, 413, 415, 422, 429)},
    summary="Send progress entries",
    operation_id="send_progress",
    url_name="progress",
    openapi_extra={
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "pattern": bodies.KEY_PATTERN},
                "description": "The same key with the same body has the same answer; with another body 422.",
            },
            {
                "name": "Content-Digest",
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "example": "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
                "description": "RFC 9530: the SHA-256 or SHA-512 of the body as it is sent, gzipped if it is gzipped. "
                "Another body is refused with 400.",
            },
        ],
        "requestBody": {
            "required": True,
            "description": "As it is, or gzipped with Content-Encoding: gzip; not chunked: Content-Length is demanded.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/ProgressRow"},
                        "minItems": 1,
                    },
                    "example": [EXAMPLE],
                },
                "application/x-ndjson": {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            },
        },
    },
)
def progress(
    request: HttpRequest,
    response: HttpResponse,
    row_count: int | None = Query(
        None,
        ge=0,
        le=LARGEST,
        description="How many rows the body holds; with another number it is refused with 400.",
    ),
    dry_run: bool = Query(
        False,
        description="1: say with 200 what sending these rows would do, and store nothing. The key is not used up. "
        f"Up to {DRY_RUN_ROWS:,} rows.",
    ),
):
    """Takes a JSON list, NDJSON or CSV, gzipped or not; the worker reads it, and the state tells what became of it.

    A body that did not arrive whole is refused with 400, nothing of it is stored, and its key may be used again.
    """
    _require_known_parameters(request, "row_count", "dry_run")
    bodies.require_known_kind(request)
    key = bodies.key_of(request)
    if dry_run:
        return Status(200, _try(request, row_count))
    try:
        file = submissions.reserve(request.auth, key)
    except submissions.StillBeingReceived:
        detail = _("A call with this key has not been answered yet.")
        raise Problem("key-in-use", detail, Retry_After="5") from None
    try:
        run = _take(request, file, row_count)
    finally:
        submissions.release(file)
    logger.info("import %s was received", run.pk)
    response.headers["Location"] = url = reverse("api:import", args=[run.pk])
    return Status(202, Accepted(id=run.pk, state=State.of(run), url=url))


def _try(request: HttpRequest, row_count: int | None) -> DryRun:
    with bodies.spooled(request) as file:
        bodies.require_digest(request, file)
        if bodies.require_whole(file, row_count) > DRY_RUN_ROWS:
            raise Problem(
                "body-too-large", _("A dry run takes at most %(most)d rows.") % {"most": DRY_RUN_ROWS}
            )
        found = simulate(
            partial(read_blocks, pathlib.Path(file.name)),
            court=request.auth.court,
            most_rejections=MOST_ROWS_A_PAGE,
        )
    return DryRun(
        counts={name: found.counts[name] for name in _COUNTED},
        rejected_rows=[
            Rejected.of(RejectedRow.of(None, line, reason, row)) for line, reason, row in found.rejections
        ],
    )


def _take(request: HttpRequest, file: IncomingFile, row_count: int | None) -> ImportRun:
    with bodies.spooled(request) as body:
        bodies.require_digest(request, body)
        if file.run is None:
            bodies.require_whole(body, row_count)
        try:
            return submissions.accept(file, body)
        except submissions.OtherBody:
            raise Problem("key-reused", _("This key was used with another body. Use a new one.")) from None


@api.get(
    "/imports/{key:run_id}",
    response={200: Import, **problems(401, 404, 422, 429)},
    summary="What became of them",
    operation_id="see_import",
    url_name="import",
)
def see_import(
    request: HttpRequest,
    run_id: int = Path(..., ge=0, le=LARGEST),
    page: int = Query(1, ge=1, le=LARGEST),
    rows: int = Query(ROWS_A_PAGE, ge=1, le=MOST_ROWS_A_PAGE, description="Rejected rows a page."),
):
    """State, counts and the rejected rows, page by page. Another court's import is not there."""
    _require_known_parameters(request, "page", "rows")
    token: ApiToken = request.auth
    run = ImportRun.objects.filter(court=token.court, source=ImportRun.Source.API, pk=run_id).first()
    if run is None:
        raise Http404
    pages = Paginator(run.rejected_rows.order_by("line", "pk"), rows)
    if run.rows_rejected:
        viewing.show(request, run)
    return {
        "id": run.pk,
        "state": State.of(run),
        "court": token.court.code,
        "received_at": run.started_at,
        "ended_at": run.ended_at,
        "failure": run.failure,
        "counts": {name: getattr(run, f"rows_{name}") for name in _COUNTED},
        "rejected_rows": [Rejected.of(row) for row in pages.page(page)] if page <= pages.num_pages else [],
        "page": page,
        "pages": pages.num_pages,
    }


_COUNTED = ("read", "created", "changed", "unchanged", "withdrawn", "rejected")


def for_machines(view):
    """Answer in the language of Accept-Language, without cookies, and always in JSON: a machine's address has no page."""

    @csrf_exempt
    def answered(request, *args, **kwargs):
        request.COOKIES = {}
        with translation.override(translation.get_language_from_request(request)):
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                return nothing_at_this_address()
            if isinstance(response, HttpResponseNotAllowed):
                allowed = response["Allow"]
                return answer(
                    Problem(
                        "method-not-allowed",
                        _("Allowed here: %(methods)s.") % {"methods": allowed},
                        Allow=allowed,
                    )
                )
            patch_vary_headers(response, ["Accept-Language"])
            return response

    return answered


def nothing_at_this_address():
    return answer(Problem("not-found", _("There is nothing at this address.")))


@for_machines
def nothing_here(request, **_rest):
    return nothing_at_this_address()


@for_machines
def refuse_plain_http(request):
    """Answer a call that came over plain HTTP (see cpor_cases.api.plain_http.RequireTLSMiddleware)."""
    detail = _(
        "Nothing was taken: calls are answered over https:// only. Change the address. A token that was sent over "
        "http:// may have been read on the way; have it revoked and use a new one."
    )
    return answer(Problem("insecure-connection", detail))


@for_machines
def unavailable(request, retry_seconds: int):
    """Answer a call that failed because the database is away or a disk is full."""
    detail = _(
        "The service cannot do this at the moment: its database or its disk is not available. Send the same again later; "
        "with an Idempotency-Key it is taken once."
    )
    return answer(Problem("unavailable", detail, Retry_After=str(retry_seconds)))


def url_patterns() -> tuple:
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        pattern.callback = for_machines(pattern.callback)
    return [*patterns, path("<path:rest>", nothing_here)], app_name, namespace
