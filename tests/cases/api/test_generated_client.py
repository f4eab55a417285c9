"""A client that openapi-python-client generates from the interface's description, run against the application.

What it does not generate is calls with CSV or NDJSON: it knows no content type of rows but JSON.
"""

import importlib
import json
import sys
from typing import NamedTuple

import httpx
import openapi_python_client
import pytest
from django.core.handlers.wsgi import WSGIHandler
from openapi_python_client.config import Config, ConfigFile, MetaType

from cpor_cases.api.interface import api
from cpor_cases.models import ProgressEntry
from tests.factories import row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keep_connection")]


class Generated(NamedTuple):
    calls: dict
    models: object
    client: object


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generated")
    description = folder / "openapi.json"
    description.write_text(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    config = Config.from_sources(
        ConfigFile(post_hooks=[]),
        MetaType.NONE,
        document_source=description,
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder / "court_client",
    )
    said = openapi_python_client.generate(config=config)
    assert {error.detail for error in said} <= {
        "Unsupported content type application/x-ndjson",
        "Unsupported content type text/csv",
    }
    sys.path.insert(0, str(folder))
    yield "court_client"
    sys.path.remove(str(folder))


@pytest.fixture
def generated(package, secret):
    names = ("check_token", "read_reference", "send_progress", "see_import")
    calls = {name: importlib.import_module(f"{package}.api.default.{name}").sync_detailed for name in names}
    client = importlib.import_module(f"{package}.client").AuthenticatedClient(
        base_url="http://localhost",
        token=secret,
        headers={"Accept-Language": "en"},
        httpx_args={"transport": httpx.WSGITransport(app=WSGIHandler())},
    )
    return Generated(calls, importlib.import_module(f"{package}.models"), client)


def test_it_makes_every_call(case, generated, worker):
    call, models, client = generated
    rows = [models.ProgressRow.from_dict(row(case, kind=kind)) for kind in ("judgment", "?")]

    token = call["check_token"](client=client).parsed
    assert (token.court, token.expires_at.tzinfo is not None) == (case.court.code, True)
    reference = call["read_reference"](client=client)
    assert [each.code for each in reference.parsed.kinds] == ["judgment"]
    again = call["read_reference"](client=client, if_none_match=reference.headers["ETag"])
    assert again.status_code == 304

    tried = call["send_progress"](client=client, body=rows, dry_run=True)
    assert isinstance(tried.parsed, models.DryRun)
    assert not ProgressEntry.objects.exists()
    sent = worker(
        lambda: call["send_progress"](client=client, body=rows, row_count=2, idempotency_key="generated-1")
    )
    assert isinstance(sent.parsed, models.Accepted)
    done = call["see_import"](client=client, run_id=sent.parsed.id).parsed

    assert done.state is models.State.DONE
    assert (done.counts.created, done.counts.rejected) == (1, 1)
    (rejected,) = done.rejected_rows
    assert (rejected.line, rejected.column, rejected.code, rejected.value) == (
        2,
        models.Column.KIND,
        models.ReasonCode.UNKNOWN_KIND,
        "?",
    )


def test_it_reads_refusals(case, generated):
    call, models, client = generated

    refused = call["send_progress"](client=client, body=[], idempotency_key="generated-2")

    assert refused.status_code == 422
    assert isinstance(refused.parsed, models.ProblemDetails)
    assert refused.parsed.type_.endswith("#no-rows")
    assert refused.parsed.request_id == refused.headers["X-Request-ID"]
