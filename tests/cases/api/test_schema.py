"""Calls nobody thought of: made from the interface's own description, none may end in a 500 or against the schema."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, seed, settings

from cpor_cases.api.interface import api
from tests.factories import make_case, make_court, make_run, make_token, make_word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keep_connection")]


@pytest.fixture
def schema(db, settings):
    settings.CPOR = settings.CPOR | {"API_CALLS_A_MINUTE": 1_000_000}
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())


@pytest.mark.parametrize(
    "method_and_path",
    [
        ("POST", "/api/v1/progress"),
        ("GET", "/api/v1/imports/{run_id}"),
        ("GET", "/api/v1/imports"),
        ("GET", "/api/v1/reference"),
    ],
)
@pytest.mark.parametrize("has_token", [True, False])
def test_no_call_fails(schema, method_and_path, has_token):
    method, path = method_and_path
    make_word("訴")
    court = make_court("TPD")
    make_case(court)
    if method == "GET":
        make_run(court=court, source="api", pk=1)  # which PostgreSQL would number the next import, too
    headers = {"Authorization": f"Bearer {make_token(court)[1]}"} if has_token else {}
    tried = []

    @seed(115)
    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method].as_strategy())
    def calls(case):
        answer = case.call(headers=headers)
        tried.append(answer.status_code)
        case.validate_response(
            answer,
            checks=[
                schemathesis.checks.not_a_server_error,
                schemathesis.specs.openapi.checks.status_code_conformance,
                schemathesis.specs.openapi.checks.content_type_conformance,
                schemathesis.specs.openapi.checks.response_schema_conformance,
            ],
        )

    calls()

    assert len(tried) >= 10
    if has_token:
        assert set(tried) - {401}
    else:
        assert 401 in tried
        assert set(tried) <= {401, 404}  # 404: a path that is no address, such as one with a line break


def test_every_address_is_described():
    assert set(api.get_openapi_schema(path_prefix="/api/v1/")["paths"]) == {
        "/api/v1/reference",
        "/api/v1/token",
        "/api/v1/progress",
        "/api/v1/imports/{run_id}",
        "/api/v1/imports",
        "/api/v1/manifest",
        "/api/v1/manifests/{manifest_id}",
    }
