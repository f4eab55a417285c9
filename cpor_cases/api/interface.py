"""The interface for the courts' own systems: progress entries in, states of imports out."""

import logging
import pathlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import Annotated, Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from ninja import Path, Query, Status
from ninja.errors import ValidationError

from cpor_cases.actions import manifests, submissions, viewing
from cpor_cases.intake.dry_run import simulate
from cpor_cases.intake.reading.formats import IncompleteFile, UnreadableFile, read_blocks
from cpor_cases.models import ImportRun, IncomingFile, Manifest, RejectedRow
from cpor_core.punctuation import listed
from cpor_core.switches import while_on
from cpor_core.translated.fields import text_in

from . import bodies, reference
from .callers import Call, TokenOfCourt
from .docs import GuidePage
from .machine_views import for_machines, nothing_here
from .openapi import Interface
from .problems import Problem, ProblemDetails, answer
from .schemas import (
    DRY_RUN_ROWS,
    EXAMPLE,
    MANIFEST_EXAMPLE,
    MOST_ROWS_A_PAGE,
    Accepted,
    Counts,
    Difference,
    DryRun,
    Import,
    ManifestAnswer,
    ManifestState,
    OpenImport,
    OpenImports,
    Rejected,
    State,
    TokenInfo,
    Warned,
)

logger = logging.getLogger(__name__)

ROWS_A_PAGE = 100
LARGEST = 2**31 - 1


api = Interface(
    title="Progress of cases",
    version="1",
    description="For the courts' own systems. /api/v1/docs is the guide, in Chinese and English.",
    urls_namespace="api",
    docs=GuidePage(),
    auth=TokenOfCourt(),
)


BODY_HEADERS = [
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
]


def problems(*statuses: int) -> dict:
    """Return the refusals of an operation by their statuses, with those that any call may meet."""
    return dict.fromkeys((*statuses, 500, 503), ProblemDetails)


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
    """Raise Problem if the call has a parameter that is not known: mistyped, it would be silently ignored."""
    if unknown := request.GET.keys() - set(known):
        raise _wrong_parameters(name[:40] for name in unknown)


@api.get(
    "/token",
    response={200: TokenInfo, **problems(401, 422, 429)},
    summary="Whether the token is valid, and until when",
    operation_id="check_token",
    url_name="token",
)
def check_token(request: Call):
    """Tells of which court the token is and when it expires; stores nothing."""
    _require_known_parameters(request)
    token = request.auth
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


RowCount = Annotated[
    int | None,
    Query(
        ge=0,
        le=LARGEST,
        description="How many rows the body holds; with another number it is refused with 400.",
    ),
]


def _body_of_rows(schema: str, example: dict[str, Any], description: str) -> dict[str, Any]:
    """Describe a call whose body holds rows of that schema, in any of the formats that are read."""
    rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}, "minItems": 1}
    return {
        "parameters": BODY_HEADERS,
        "requestBody": {
            "required": True,
            "description": description,
            "content": {
                "application/json": {"schema": rows, "example": [example]},
                "application/x-ndjson": {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            },
        },
    }


@api.post(
    "/progress",
    response={200: DryRun, 202: Accepted, **problems(400, 401, 409, 411, 413, 415, 422, 429)},
    summary="Send progress entries",
    operation_id="send_progress",
    url_name="progress",
    openapi_extra=_body_of_rows(
        "ProgressRow",
        EXAMPLE,
        "As it is, or gzipped with Content-Encoding: gzip; not chunked: Content-Length is demanded.",
    ),
)
def progress(
    request: Call,
    response: HttpResponse,
    row_count: RowCount = None,
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


def _try(request: Call, row_count: int | None) -> DryRun:
    with bodies.spooled(request) as file:
        bodies.require_digest(request, file)
        if bodies.require_whole(file, row_count) > DRY_RUN_ROWS:
            raise Problem(
                "body-too-large", _("A dry run takes at most %(most)d rows.") % {"most": DRY_RUN_ROWS}
            )
        found = simulate(
            partial(read_blocks, pathlib.Path(file.name)),
            court=request.auth.court,
            most_shown=MOST_ROWS_A_PAGE,
        )
    return DryRun(
        dry_run=True,
        counts=Counts(**{name: found.counts[name] for name in _COUNTED}),
        rejected_rows=[
            Rejected.of(RejectedRow.of(None, line, reason, row)) for line, reason, row in found.rejections
        ],
        warnings=list(map(Warned.of, found.warnings)),
    )


def _take(request: Call, file: IncomingFile, row_count: int | None) -> ImportRun:
    with bodies.spooled(request) as body:
        bodies.require_digest(request, body)
        counted = None if file.run else bodies.require_whole(body, row_count)
        try:
            return submissions.accept(file, body, rows=counted)
        except submissions.OtherBody:
            raise Problem("key-reused", _("This key was used with another body. Use a new one.")) from None


@api.get(
    "/imports",
    response={200: OpenImports, **problems(401, 422, 429)},
    summary="Which of them still miss something",
    operation_id="list_open_imports",
    url_name="open_imports",
)
def list_open_imports(request: Call, page: int = Query(1, ge=1, le=LARGEST)):
    """The imports of which rows that were rejected, or what was left off, has neither come in since nor been answered for."""
    _require_known_parameters(request, "page")
    own = ImportRun.objects.filter(court=request.auth.court, source=ImportRun.Source.API).to_repair()
    runs = own.prefetch_related("rejection_groups").order_by("started_at", "pk")
    pages = Paginator(runs, ROWS_A_PAGE)
    found = pages.page(page) if page <= pages.num_pages else []
    return {
        "imports": [OpenImport.of(run, reverse("api:import", args=[run.pk])) for run in found],
        "page": page,
        "pages": pages.num_pages,
    }


@api.get(
    "/imports/{key:run_id}",
    response={200: Import, **problems(401, 404, 422, 429)},
    summary="What became of them",
    operation_id="see_import",
    url_name="import",
)
def see_import(
    request: Call,
    run_id: int = Path(..., ge=0, le=LARGEST),
    page: int = Query(1, ge=1, le=LARGEST),
    rows: int = Query(ROWS_A_PAGE, ge=1, le=MOST_ROWS_A_PAGE, description="Rejected rows a page."),
):
    """State, counts and the rejected rows, page by page. Another court's import is not there."""
    _require_known_parameters(request, "page", "rows")
    token = request.auth
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
        "to_repair": run.is_to_repair,
        "counts": {name: getattr(run, f"rows_{name}") for name in _COUNTED},
        "rejected_rows": [Rejected.of(row) for row in pages.page(page)] if page <= pages.num_pages else [],
        "warnings": [Warned.of(warning) for warning in run.warnings.order_by("line")[:MOST_ROWS_A_PAGE]],
        "page": page,
        "pages": pages.num_pages,
    }


@api.post(
    "/manifest",
    response={202: ManifestAnswer, **problems(400, 401, 411, 413, 415, 422, 429)},
    summary="Say how many entries the court holds, with digests",
    operation_id="send_manifest",
    url_name="manifest",
    openapi_extra=_body_of_rows(
        "ManifestRow",
        MANIFEST_EXAMPLE,
        "A case or a day each; or single entries, to find which differ. As it is, or gzipped.",
    ),
)
def manifest(
    request: Call,
    response: HttpResponse,
    row_count: RowCount = None,
    complete: bool = Query(
        False,
        description="1: the manifest names every case of the court, or every day from its first to its last.",
    ),
):
    """Compared by the worker with the record as it is once all is stored that was sent before. Taken whole or not at all."""
    _require_known_parameters(request, "row_count", "complete")
    bodies.require_known_kind(request)
    key = bodies.key_of(request)
    with bodies.spooled(request) as body:
        bodies.require_digest(request, body)
        kept = _take_manifest(request, pathlib.Path(body.name), key, row_count, complete)
    logger.info("manifest %s was received", kept.pk)
    response.headers["Location"] = reverse("api:see_manifest", args=[kept.pk])
    return Status(202, _answer(kept, page=1, rows=ROWS_A_PAGE))


def _take_manifest(
    request: Call, path: pathlib.Path, key: str, row_count: int | None, complete: bool
) -> Manifest:
    token = request.auth
    try:
        return manifests.accept(
            path, court=token.court, token=token, key=key, is_complete=complete, row_count=row_count
        )
    except IncompleteFile as error:
        raise Problem("body-incomplete", str(error)) from error
    except UnreadableFile as error:
        raise Problem("rows-unreadable", str(error)) from error
    except manifests.NoRows:
        raise Problem("no-rows", _("There is no row in the body. Nothing was imported.")) from None
    except manifests.OtherBody:
        raise Problem("key-reused", _("This key was used with another body. Use a new one.")) from None


@api.get(
    "/manifests/{key:manifest_id}",
    response={200: ManifestAnswer, **problems(401, 404, 422, 429)},
    summary="Where the court's record and the service's differ",
    operation_id="see_manifest",
    url_name="see_manifest",
)
def see_manifest(
    request: Call,
    manifest_id: int = Path(..., ge=0, le=LARGEST),
    page: int = Query(1, ge=1, le=LARGEST),
    rows: int = Query(ROWS_A_PAGE, ge=1, le=MOST_ROWS_A_PAGE, description="Differences a page."),
):
    """State, counts and the differences, page by page. Another court's manifest is not there."""
    _require_known_parameters(request, "page", "rows")
    kept = Manifest.objects.filter(court=request.auth.court, pk=manifest_id).first()
    if kept is None:
        raise Http404
    return _answer(kept, page=page, rows=rows)


def _answer(kept: Manifest, *, page: int, rows: int) -> dict:
    differences = kept.differences.order_by("group")
    pages = Paginator(differences, rows)
    shown = pages.page(page) if page <= pages.num_pages else []
    is_waiting = kept.state == Manifest.State.WAITING
    return {
        "id": kept.pk,
        "state": ManifestState(kept.state),
        "url": reverse("api:see_manifest", args=[kept.pk]),
        "waits_for_imports": manifests.waits_for(kept).count() if is_waiting else 0,
        "received_at": kept.received_at,
        "compared_at": kept.compared_at,
        "counts": {
            "stated": kept.stated,
            "equal": kept.equal,
            "different": pages.count,
            "left_out": kept.left_out,
        },
        "differences": [] if is_waiting else [Difference.of(each) for each in shown],
        "page": page,
        "pages": pages.num_pages,
    }


_COUNTED = ("read", "created", "changed", "unchanged", "withdrawn", "rejected", "superseded")


def url_patterns() -> tuple:
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        pattern.callback = for_machines(while_on("HAS_API", cast(Callable, pattern.callback)))
    return [*patterns, path("<path:rest>", nothing_here)], app_name, namespace
